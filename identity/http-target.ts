// The target of an HTTP request as a signed statement names it, and whether two spellings name the same: syntax-based
// and scheme-based normalisation (RFC 3986, sections 6.2.2 and 6.2.3), no further. Query and fragment are left out.

const ABSOLUTE = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i;
const MAX_LENGTH = 2048;

/** Scheme, authority and path in their one spelling, or null for what is no plain http(s) URL. */
export function normalTarget(text: string): string | null {
  // a backslash is a slash to one parser and a character to the next; user information names nobody here
  if (text.length > MAX_LENGTH || !ABSOLUTE.test(text) || !URL.canParse(text)) return null;
  const { protocol, host, pathname, username, password } = new URL(text);
  if (username !== "" || password !== "") return null;
  return `${protocol}//${host}${normalEscapes(pathname)}`;
}

/** `%7e` is `~`, and `%2f` is `%2F`: unreserved characters stand plain, the others' escapes in upper case. */
function normalEscapes(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escaped.toUpperCase();
  });
}
