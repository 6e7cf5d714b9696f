// Network ranges of credentials and policy. Parsing and arithmetic are ipaddr.js's; this file decides which spellings
// count: dotted quads in decimal without leading zeros, and IPv6 without a zone. The short, octal and hexadecimal forms
// of IPv4 (`10.1`, `010.0.0.1`, `0x0a000001`) mean different hosts to different software, so they are refused.
// An IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4 address it carries, in addresses and in ranges.
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [base: Address, bits: number];

/** A credential's list is judged at each request and parsed at the first. Lists are never changed in place. */
const parsedLists = new WeakMap<readonly string[], readonly Range[]>();

/** Whether `text` is a range: an address, `/`, a prefix length. A bare address is none. */
export function isCidr(text: string): boolean {
  return parseRange(text) !== null;
}

/** Whether `text` is an address in a spelling that counts. */
export function isAddress(text: string | null | undefined): text is string {
  return typeof text === "string" && parseAddress(text) !== null;
}

/**
 * Whether the address lies in any of the ranges. An address that is missing or cannot be parsed lies in none, and a
 * range that cannot be parsed holds none.
 */
export function addressIn(address: string | null | undefined, cidrs: readonly string[]): boolean {
  const parsed = address ? parseAddress(address) : null;
  if (parsed === null) return false;
  return rangesOf(cidrs).some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
}

function rangesOf(cidrs: readonly string[]): readonly Range[] {
  const known = parsedLists.get(cidrs);
  if (known !== undefined) return known;
  const ranges = cidrs.map(parseRange).filter((range) => range !== null);
  parsedLists.set(cidrs, ranges);
  return ranges;
}

function parseAddress(text: string): Address | null {
  const raw = parseRaw(text);
  return raw instanceof ipaddr.IPv6 && raw.isIPv4MappedAddress() ? raw.toIPv4Address() : raw;
}

function parseRaw(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return null;
  const tail = text.slice(text.lastIndexOf(":") + 1);
  if (tail.includes(".") && !ipaddr.IPv4.isValidFourPartDecimal(tail)) return null;
  return ipaddr.IPv6.parse(text);
}

function parseRange(text: string): Range | null {
  const slash = text.indexOf("/");
  const digits = slash < 0 ? "" : text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(digits)) return null;
  const base = parseRaw(text.slice(0, slash));
  const bits = Number(digits);
  if (base === null || bits > (base.kind() === "ipv4" ? 32 : 128)) return null;
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8; a shorter prefix is a range of IPv6 proper and holds no IPv4 address
  if (base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() && bits >= 96) return [base.toIPv4Address(), bits - 96];
  return [base, bits];
}
