// What disguises are made with.

export interface Mutation {
  readonly name: string;
  /** Does it hide the words from a reader who cannot undo it, or only from a matcher? Where a model needs a hint, it is in. */
  mutate(text: string, seed: number): string;
}

/** mulberry32: small, and the same on every platform. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const bytesOf = (text: string): readonly number[] => [...new TextEncoder().encode(text)];
export const base64Of = (text: string): string => btoa(String.fromCharCode(...bytesOf(text)));
export const hexOf = (text: string): string =>
  bytesOf(text)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
export const pick = <T>(next: () => number, from: readonly T[]): T | undefined =>
  from[Math.floor(next() * from.length)];
export const perSign = (text: string, change: (sign: string, at: number) => string): string =>
  [...text].map((sign, at) => change(sign, at)).join("");
export const letterwise = (text: string, change: (index: number) => number): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter < "a" ? 65 : 97;
    return String.fromCharCode(base + change(letter.charCodeAt(0) - base));
  });
export const some = (text: string, seed: number, share: number, change: (letter: string) => string): string => {
  const next = random(seed);
  return perSign(text, (sign) => (next() < share ? change(sign) : sign));
};
export const mapped = (map: Readonly<Record<string, string>>) => (sign: string) =>
  map[sign] ?? map[sign.toLowerCase()] ?? sign;
export const codes = (text: string, radix: number, pad: number, separator: string, prefix = "") =>
  bytesOf(text)
    .map((byte) => prefix + byte.toString(radix).padStart(pad, "0"))
    .join(separator);
export const hinted = (hint: string, payload: string): string => `${hint} ${payload}`;
export const LEET = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };
export const CYRILLIC = { a: "а", c: "с", e: "е", o: "о", p: "р", x: "х", y: "у", i: "і", s: "ѕ", j: "ј", h: "һ" };
export const indexOf = (letter: string): number => letter.toLowerCase().charCodeAt(0) - 97;
