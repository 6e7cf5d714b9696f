// What a file part says: the text in its data: URL (RFC 2397), whatever type it claims, since a backend goes by the bytes.
// Read as leniently as the most lenient backend: stray characters in base64 are skipped, a missing padding is no fault.

export interface FileText {
  readonly text: string;
  /** the file is no text: only what can be read among its bytes, as a PDF's uncompressed strings */
  readonly partial: boolean;
}

/** Characters of a binary file's strings that are kept: what lies beyond is not read. */
const MAX_STRINGS = 65_536;
/** Bytes in a row that make a string in a binary file. */
const MIN_STRING = 8;
/** Bytes by which text is told from binary. */
const SAMPLE = 4096;
const COMMA = 0x2c;

/**
 * The readings of a file: by its bytes, and where it declares an encoding in which they say something else, by that.
 * @param url `data:[type][;parameters][;base64],data`, as the request reader let it pass; none where it has no data
 */
export function fileTexts(url: string): FileText[] {
  const comma = url.indexOf(",");
  if (comma < 0) return [];
  const head = url.slice(0, comma).toLowerCase();
  const bytes = head.includes(";base64") ? base64Bytes(percentDecoded(url, comma + 1)) : percentBytes(url, comma + 1);
  if (bytes.length === 0) return [];
  const encoding = encodingOf(bytes, head);
  const partial = encoding === null;
  const text = partial ? stringsIn(bytes) : new TextDecoder(encoding).decode(bytes);
  const declared = decoderOf(charsetOf(head));
  const other = declared === null || declared.encoding === encoding ? text : declared.decode(bytes);
  return [{ text, partial }, ...(other === text ? [] : [{ text: other, partial: true }])];
}

/** Whether the file declares an encoding that no guard can read (UTF-7, UTF-32, EBCDIC): a backend might. */
export function isUnreadable(url: string): boolean {
  const charset = charsetOf(url.slice(0, Math.max(0, url.indexOf(","))).toLowerCase());
  return charset !== null && decoderOf(charset) === null;
}

/** @param head a data: URL up to its comma, in lower case */
function charsetOf(head: string): string | null {
  const at = head.indexOf("charset");
  if (at < 0) return null;
  return /^charset\s*=\s*"?([^";,\s]*)/.exec(head.slice(at, at + 128))?.[1] ?? "";
}

function decoderOf(charset: string | null): TextDecoder | null {
  if (charset === null) return null;
  try {
    return new TextDecoder(charset);
  } catch {
    return null;
  }
}

function percentDecoded(url: string, from: number): string {
  const data = url.slice(from);
  return data.includes("%")
    ? data.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : data;
}

function percentBytes(url: string, from: number): Uint8Array {
  const plain = new TextEncoder().encode(url.slice(from));
  let length = 0;
  for (let at = 0; at < plain.length; at++) {
    const value = plain[at] === 0x25 ? hexPair(plain[at + 1], plain[at + 2]) : -1;
    plain[length++] = value < 0 ? (plain[at] as number) : value;
    if (value >= 0) at += 2;
  }
  return plain.subarray(0, length);
}

function hexPair(high: number | undefined, low: number | undefined): number {
  const pair = String.fromCharCode(high ?? COMMA, low ?? COMMA);
  return /^[0-9a-f]{2}$/i.test(pair) ? Number.parseInt(pair, 16) : -1;
}

/** As leniently as the most lenient backend: what is no sign of base64 or base64url is skipped. */
export function base64Bytes(data: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((data.length * 3) / 4));
  let length = 0;
  let held = 0;
  let bits = 0;
  for (let at = 0; at < data.length; at++) {
    const value = signValue(data.charCodeAt(at));
    if (value < 0) continue;
    held = ((held << 6) | value) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 255;
  }
  return bytes.subarray(0, length);
}

function signValue(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61 + 26;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30 + 52;
  if (unit === 0x2b || unit === 0x2d) return 62;
  return unit === 0x2f || unit === 0x5f ? 63 : -1;
}

/** The encoding that makes a text of the bytes; null for binary. */
function encodingOf(bytes: Uint8Array, head: string): "utf-8" | "utf-16le" | "utf-16be" | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, SAMPLE);
  let controls = 0;
  let evenZeros = 0;
  let oddZeros = 0;
  for (const [at, byte] of sample.entries()) {
    if (byte === 0 && at % 2 === 0) evenZeros++;
    else if (byte === 0) oddZeros++;
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) controls++;
  }
  if (oddZeros * 3 > sample.length || head.includes("utf-16le")) return "utf-16le";
  if (evenZeros * 3 > sample.length || head.includes("utf-16")) return "utf-16be";
  if (bytesStart(bytes, "%PDF") || bytesStart(bytes, "PK\u0003\u0004")) return null;
  const broken = new TextDecoder().decode(sample).match(/\ufffd/g)?.length ?? 0;
  return controls * 20 > sample.length || broken * 10 > sample.length ? null : "utf-8";
}

function bytesStart(bytes: Uint8Array, magic: string): boolean {
  for (let at = 0; at < magic.length; at++) if (bytes[at] !== magic.charCodeAt(at)) return false;
  return true;
}

/** Runs of printable ASCII, a line each. */
function stringsIn(bytes: Uint8Array): string {
  const lines: string[] = [];
  let kept = 0;
  let start = 0;
  for (let at = 0; at <= bytes.length && kept < MAX_STRINGS; at++) {
    const byte = at < bytes.length ? (bytes[at] as number) : 0;
    if (byte >= 32 && byte < 127) continue;
    if (at - start >= MIN_STRING) {
      const end = Math.min(at, start + MAX_STRINGS - kept);
      lines.push(new TextDecoder().decode(bytes.subarray(start, end)));
      kept += end - start;
    }
    start = at + 1;
  }
  return lines.join("\n");
}
