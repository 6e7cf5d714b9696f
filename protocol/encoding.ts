// Bytes and text, one way each. base64url is RFC 4648, section 5, without padding; decoding accepts the canonical
// form only, because two spellings of one value are two keys in a replay cache.

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  // a fresh buffer of its own, whatever the platform's types say
  return encoder.encode(text) as Uint8Array<ArrayBuffer>;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Compares in a time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // fromCharCode takes its arguments on the stack: whole slices, but bounded ones
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws SyntaxError unless the text is canonical, padded base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new SyntaxError("not base64");
  return decoded(text, toBase64);
}

/** @throws SyntaxError on padding, white space, a stray character, or bits that canonical encoding leaves zero */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new SyntaxError("not base64url");
  return decoded(text, toBase64Url, text.replaceAll("-", "+").replaceAll("_", "/"));
}

function decoded(text: string, encode: (bytes: Uint8Array) => string, standard = text): Uint8Array<ArrayBuffer> {
  const binary = atob(standard);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  if (encode(bytes.subarray(-3 - (bytes.length % 3))) !== text.slice(encodedStart(bytes.length)))
    throw new SyntaxError("not canonical");
  return bytes;
}

/** Where the encoding of the last `3 + length % 3` bytes starts: only the last group can be spelt in two ways. */
function encodedStart(length: number): number {
  return (Math.max(0, length - 3 - (length % 3)) / 3) * 4;
}

export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return hex;
}

/** @throws SyntaxError unless the text is an even number of lower-case hex digits */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new SyntaxError("not hex");
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
