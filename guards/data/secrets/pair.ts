// User and password in base64, as the Basic scheme has them (RFC 7617).

const MADE_UP_USER = /^(?:user(?:_?name)?|login|your.*)$/i;
const MADE_UP_PASSWORD = /^(?:pass(?:word|wd)?|pwd|secret|your.*|x+|\*+|\.+)$/i;

/** What the text decodes to; undefined where that is no pair. */
export function pairIn(base64: string): { readonly user: string; readonly password: string } | undefined {
  if (base64.length % 4 === 1) return undefined;
  try {
    const text = atob(base64);
    const colon = text.indexOf(":");
    if (colon < 0) return undefined;
    const printable = /^[\x20-\x7e]{1,80}:[\x20-\x7e]{0,80}/.test(text);
    return printable || base64.length >= 40
      ? { user: text.slice(0, colon), password: text.slice(colon + 1) }
      : undefined;
  } catch {
    return undefined;
  }
}

/** As documentation has it: `username:password`. */
export function isMadeUpPair(base64: string): boolean {
  const pair = pairIn(base64);
  return pair !== undefined && MADE_UP_USER.test(pair.user) && MADE_UP_PASSWORD.test(pair.password);
}
