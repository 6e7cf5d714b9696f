// Does a link carry data out? A link's parts are names and numbers; what a model was told to smuggle is a sentence, an
// encoding, an address, or long.
import { fromBase64Url, fromHex } from "../../protocol/encoding.ts";

/** Where in a link data was found. */
export type DataPlace = "userinfo" | "query" | "path" | "fragment" | "host";

const MAX_PIECE = 64;
const MAX_QUERY = 256;
const MAX_LABEL = 32;
const MAX_SUBDOMAINS = 48;
const MAX_WORDS = 12;
const PRINTABLE = /^[\t\n\r\x20-\x7e]+$/;
const MIN_DECODED = 8;

/** @param loaded the client fetches it by itself, so that no one looks at it first */
export function dataPlace(url: URL, loaded: boolean): DataPlace | null {
  if (url.username !== "" || url.password !== "") return "userinfo";
  if (loaded ? url.search !== "" : queryCarries(url)) return "query";
  const segments = url.pathname.split("/").slice(1);
  if (segments.some((segment) => carries(segment, loaded))) return "path";
  if (carries(url.hash.slice(1), loaded)) return "fragment";
  return hostCarries(url.hostname) ? "host" : null;
}

function queryCarries({ search }: URL): boolean {
  if (search.length > MAX_QUERY) return true;
  return search
    .slice(1)
    .split(/[&;=]/)
    .some((piece) => carries(piece, false));
}

function carries(piece: string, loaded: boolean): boolean {
  if (piece.length < MIN_DECODED) return false;
  const text = decoded(piece);
  if (text.length > MAX_PIECE * 4) return true;
  if (/[^\s@]@[^\s@]+\.[a-z]{2}/i.test(text)) return true;
  const words = text.split(/[\s+_.,-]+/);
  // a title in a path is words; words joined by spaces are a sentence
  if (text.split(/[\s+]+/).length > (loaded ? 3 : MAX_WORDS)) return true;
  if (words.some((word) => word.length > MAX_PIECE)) return true;
  return words.some(isEncodedText) || isEncodedText(text);
}

function hostCarries(hostname: string): boolean {
  const labels = hostname.split(".").slice(0, -2);
  const length = labels.reduce((sum, label) => sum + label.length, 0);
  if (length > MAX_SUBDOMAINS || labels.some((label) => label.length > MAX_LABEL)) return true;
  return isEncodedText(labels.join("")) || labels.some(isEncodedText);
}

/** Base64, base64url, base32 or hex of text. By chance eight bytes are text once in three thousand times. */
function isEncodedText(word: string): boolean {
  const bare = word.replace(/=+$/, "");
  return [hexBytes, base64Bytes, base32Bytes].some((read) => {
    const bytes = read(bare);
    return bytes !== null && bytes.length >= MIN_DECODED && PRINTABLE.test(String.fromCharCode(...bytes));
  });
}

function hexBytes(word: string): Uint8Array | null {
  return /^(?:[0-9a-f]{2}){8,512}$/i.test(word) ? fromHex(word.toLowerCase()) : null;
}

function base64Bytes(word: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/_-]{11,1024}$/.test(word)) return null;
  // whole groups: the bits that are left over may be anything
  const whole = word.slice(0, word.length - (word.length % 4));
  return fromBase64Url(whole.replaceAll("+", "-").replaceAll("/", "_"));
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

function base32Bytes(word: string): Uint8Array | null {
  // a word of letters alone is a word
  if (!/^[a-z2-7]{13,1024}$/i.test(word) || !/[2-7]/.test(word)) return null;
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const char of word.toLowerCase()) {
    bits = ((bits << 5) | BASE32.indexOf(char)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
