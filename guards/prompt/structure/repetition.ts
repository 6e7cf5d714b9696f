// How much of a long text is new: distinct eight-character shingles over all of them, counted in a table of bits. A cheap
// stand-in for compression. Linear, 8 KiB of memory whatever the text.

/** Texts below this hold nothing worth a bomb. */
export const MIN_CHARS = 8192;
const SHINGLE = 8;
const FACTOR = 0x01000193;
/** What the oldest unit of a shingle was multiplied by since: the factor to the eighth. */
const OLDEST = Array.from({ length: SHINGLE }).reduce((power: number) => Math.imul(power, FACTOR), 1);
const TABLE_BITS = 16;
/** Characters that are looked at: a text beyond is read in as many places, spread over all of it. */
const STEP_AT = 262_144;

/** 0 (one shingle over and over) to 1 (each new). */
export function novelty(text: string): number {
  const table = new Uint8Array(1 << (TABLE_BITS - 3));
  const blocks = Math.max(1, Math.ceil(text.length / STEP_AT));
  let seen = 0;
  let distinct = 0;
  // of a text of several blocks, one stretch of each
  const stretch = Math.floor(Math.min(text.length, 32_768) / blocks);
  const stride = Math.floor(text.length / blocks);
  for (let block = 0; block < blocks; block++) {
    const start = block * stride;
    const end = Math.min(text.length, start + stretch);
    let rolling = 0;
    for (let at = start; at < end; at++) {
      // of the last so many units: the new one in, the oldest out
      rolling = Math.imul(rolling, FACTOR) + text.charCodeAt(at) + 1;
      if (at - start >= SHINGLE) rolling -= Math.imul(text.charCodeAt(at - SHINGLE) + 1, OLDEST);
      rolling |= 0;
      if (at - start < SHINGLE - 1) continue;
      const hash = Math.imul(rolling ^ (rolling >>> 15), 0x2c1b3c6d);
      const cell = (hash ^ (hash >>> TABLE_BITS)) & ((1 << TABLE_BITS) - 1);
      const bit = 1 << (cell & 7);
      const byte = table[cell >> 3] as number;
      seen++;
      if ((byte & bit) !== 0) continue;
      table[cell >> 3] = byte | bit;
      distinct++;
    }
  }
  return seen === 0 ? 1 : distinct / seen;
}
