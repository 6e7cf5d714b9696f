// Checksums of wallet addresses: base58check (Bitcoin's legacy addresses and its kin), bech32 and bech32m (BIP 173, 350).
import { equalBytes } from "../../../protocol/encoding.ts";
import { sha256 } from "./sha256.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32M = 0x2bc830a3;

/** 21 bytes and the first four of their doubled SHA-256. */
export function isBase58Check(text: string): boolean {
  const bytes = fromBase58(text, 25);
  if (bytes === undefined) return false;
  return equalBytes(sha256(sha256(bytes.subarray(0, 21))).subarray(0, 4), bytes.subarray(21));
}

/** For examples: the address of 21 bytes. */
export function toBase58Check(payload: Uint8Array): string {
  let value = 0n;
  for (const byte of [...payload, ...sha256(sha256(payload)).subarray(0, 4)]) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (; value > 0n; value /= 58n) text = BASE58.charAt(Number(value % 58n)) + text;
  for (const byte of payload) {
    if (byte !== 0) break;
    text = `1${text}`;
  }
  return text;
}

function fromBase58(text: string, length: number): Uint8Array | undefined {
  let value = 0n;
  for (const char of text) {
    const digit = BASE58.indexOf(char);
    if (digit < 0) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const bytes = new Uint8Array(length);
  for (let at = length - 1; at >= 0; at--, value >>= 8n) bytes[at] = Number(value & 0xffn);
  return value === 0n ? bytes : undefined;
}

/** Lower or upper case throughout, checksum of either variant. */
export function isBech32(text: string): boolean {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false;
  const [prefix, data] = parts(text.toLowerCase());
  if (data.length < 6 || data.includes(-1)) return false;
  const checksum = polymod([...expanded(prefix), ...data]);
  return checksum === 1 || checksum === BECH32M;
}

/** For examples: prefix and five-bit groups with their checksum. */
export function toBech32(prefix: string, data: readonly number[]): string {
  const checksum = polymod([...expanded(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const tail = [0, 1, 2, 3, 4, 5].map((at) => (checksum >> (5 * (5 - at))) & 31);
  return `${prefix}1${[...data, ...tail].map((group) => BECH32.charAt(group)).join("")}`;
}

function parts(text: string): [string, number[]] {
  const at = text.lastIndexOf("1");
  return [text.slice(0, at), [...text.slice(at + 1)].map((char) => BECH32.indexOf(char))];
}

function expanded(prefix: string): number[] {
  const codes = [...prefix].map((char) => char.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATORS.entries()) if (((top >> bit) & 1) === 1) check ^= generator;
  }
  return check;
}
