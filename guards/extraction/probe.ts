// What a prompt looks like to the search for systematic probing: a few numbers, no text. Prompts made from one template
// with little in its slots share bands; prompts that carry much of their own do not, whatever stands around it, so that an
// application that sends whole documents under one instruction is not taken for a probe.
//
// Method: the least hashes of the text's three-word shingles (MinHash: Broder, "On the resemblance and containment of
// documents", 1997), numbers masked, two to a band: two texts share a band with the square of their resemblance.
// Weak on purpose: who paraphrases each prompt, or pads it with text of its own, shares no band. Volume is the rates' to limit.

export interface Probe {
  /** 32-bit numbers; empty for a text too short to say anything */
  readonly bands: readonly number[];
  /** of the text whole, numbers included: tells repeats from variations */
  readonly whole: number;
  /** 1; more where the request asks for what extraction is after (`logprobs`, several choices) */
  readonly weight: number;
}

const BANDS = 4;
const SHINGLE = 3;
/** Words that are looked at. Protects the CPU: a template shows itself in the first ones. */
const MAX_WORDS = 512;
const MIN_WORDS = 5;

/** @param weight see `Probe.weight` */
export function probeOf(text: string, weight = 1): Probe {
  const words = wordsOf(text);
  if (words.length < MIN_WORDS) return { bands: [], whole: hashOf(words, 0, words.length, false), weight };
  const least = new Uint32Array(BANDS * 2).fill(0xffffffff);
  for (let at = 0; at + SHINGLE <= words.length; at++) {
    const shingle = hashOf(words, at, at + SHINGLE, true);
    for (let k = 0; k < least.length; k++) {
      const hash = mix(shingle ^ Math.imul(k + 1, 0x9e3779b1));
      if (hash < (least[k] ?? 0)) least[k] = hash;
    }
  }
  const bands = Array.from({ length: BANDS }, (_, band) =>
    mix((least[band * 2] ?? 0) ^ Math.imul(least[band * 2 + 1] ?? 0, 0x85ebca6b)),
  );
  return { bands, whole: hashOf(words, 0, words.length, false), weight };
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  // bounded: one pass over the part that holds the words looked at
  for (const [word] of text
    .slice(0, MAX_WORDS * 16)
    .toLowerCase()
    .matchAll(/[\p{L}\p{N}]{1,32}/gu)) {
    words.push(word);
    if (words.length === MAX_WORDS) break;
  }
  return words;
}

/** FNV-1a over the words' code units. @param masked every number reads alike */
function hashOf(words: readonly string[], from: number, to: number, masked: boolean): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) {
    const word = words[at] ?? "";
    const read = masked && /\d/.test(word) ? "0" : word;
    for (let i = 0; i < read.length; i++) hash = Math.imul(hash ^ read.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ 0x20, 0x01000193);
  }
  return mix(hash);
}

/** Spreads every bit over all others; the constants are those of MurmurHash3's finaliser. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
