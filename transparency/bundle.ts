// Entry bundles: C2SP tlog-tiles, "Log entries": big-endian uint16 lengths, each followed by that many bytes.
import type { Bytes } from "./hash.ts";
import { TILE_WIDTH } from "./tile.ts";

/** The longest entry that the format can hold. */
export const MAX_ENTRY_BYTES = 65_535;

/** @throws RangeError on an entry that is too long, or on more entries than a bundle has */
export function encodeBundle(entries: readonly Uint8Array[]): Bytes {
  if (entries.length > TILE_WIDTH) throw new RangeError("too many entries");
  const bundle = new Uint8Array(entries.reduce((length, entry) => length + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError("entry too long");
    bundle[at] = entry.length >> 8;
    bundle[at + 1] = entry.length & 0xff;
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** The entries, in order; null where a length runs past the end. */
export function parseBundle(bundle: Bytes): Bytes[] | null {
  const entries: Bytes[] = [];
  let at = 0;
  while (at < bundle.length) {
    const [high, low] = [bundle[at], bundle[at + 1]];
    if (high === undefined || low === undefined) return null;
    const end = at + 2 + high * 256 + low;
    if (end > bundle.length) return null;
    entries.push(bundle.slice(at + 2, end));
    at = end;
  }
  return entries;
}
