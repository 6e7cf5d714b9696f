// Percent-decoding as lenient servers do it: bad escapes stay, `%uXXXX` counts, and UTF-8 sequences that are longer than
// they need be still yield their character, since that is what attackers bet on (RFC 3629, section 10, forbids them).

/** The value of a hexadecimal digit's char code, or -1. */
export function hex(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  return -1;
}

/** The byte of `%XX` at `at`, or of the doubled form `%X%Y` that some scanners send; -1 where there is none. */
function escapedByte(text: string, at: number): { byte: number; next: number } | null {
  if (text.charCodeAt(at) !== 37) return null;
  const high = hex(text.charCodeAt(at + 1));
  if (high < 0) return null;
  const low = hex(text.charCodeAt(at + 2));
  if (low >= 0) return { byte: high * 16 + low, next: at + 3 };
  // %2%f: what is left of %%32%%66 after one decoding
  if (text.charCodeAt(at + 2) !== 37 || hex(text.charCodeAt(at + 4)) >= 0) return null;
  const split = hex(text.charCodeAt(at + 3));
  return split < 0 ? null : { byte: high * 16 + split, next: at + 4 };
}

export interface Decoded {
  readonly point: number;
  readonly next: number;
  /** the sequence was longer than needed, or cut */
  readonly overlong: boolean;
}

/** `./\<>'"` and space: what an ill-formed pair such as `%c0%2e` is meant to become. */
const WANTED = new Set([0x20, 0x22, 0x27, 0x2e, 0x2f, 0x3c, 0x3e, 0x5c]);

/** The character that an escape at `at` stands for, or null where no escape starts. */
export function urlEscape(text: string, at: number): Decoded | null {
  const next = text.charCodeAt(at + 1);
  if (next === 117 || next === 85) return percentU(text, at);
  const first = escapedByte(text, at);
  if (first === null) return null;
  if (first.byte < 0xc0 || first.byte > 0xfd)
    return { point: first.byte, next: first.next, overlong: first.byte >= 0x80 };
  return sequence(text, first.byte, first.next);
}

function percentU(text: string, at: number): Decoded | null {
  let point = 0;
  for (let i = 2; i < 6; i++) {
    const digit = hex(text.charCodeAt(at + i));
    if (digit < 0) return null;
    point = point * 16 + digit;
  }
  return { point, next: at + 6, overlong: false };
}

function sequence(text: string, lead: number, from: number): Decoded {
  const length = lead >= 0xfc ? 5 : lead >= 0xf8 ? 4 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  let point = lead & (0x3f >> length);
  let at = from;
  for (let i = 0; i < length; i++) {
    const piece = escapedByte(text, at);
    if (piece === null) return { point: i === 0 ? -1 : point, next: at, overlong: true };
    if ((piece.byte & 0xc0) !== 0x80) return illFormed(lead, piece.byte, i, at, piece.next);
    point = (point << 6) | (piece.byte & 0x3f);
    at = piece.next;
  }
  const least = [0, 0x80, 0x800, 0x10000, 0x200000, 0x4000000][length] ?? 0;
  return { point, next: at, overlong: point < least };
}

/** A lead byte followed by no continuation: some decoders mask the second byte, others drop the first. */
function illFormed(lead: number, second: number, index: number, at: number, next: number): Decoded {
  const masked = ((lead & 0x1f) << 6) | (second & 0x3f);
  if (index === 0 && lead <= 0xc1 && WANTED.has(masked)) return { point: masked, next, overlong: true };
  return { point: -1, next: at, overlong: true };
}
