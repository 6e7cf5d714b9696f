// Letters by their place in the alphabet: `9-7-14-15-18-5 1-12-12`.
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { segment } from "../segment.ts";

/** Numbers from 1 to 26 in a row with short gaps, six and more. */
const ROW = /(?<![\d.,-])(?:(?:[1-9]|1\d|2[0-6])(?!\d)[^\dA-Za-z]{1,5}){5,}(?:[1-9]|1\d|2[0-6])(?!\d)/g;
const MAX_ROW = 16_384;

export const letterNumbers: Decoder = {
  name: "letter_numbers",
  traits: TRAIT.codes,
  run(out, text) {
    for (const { 0: row, index } of text.matchAll(ROW)) {
      if (out.full) return;
      if (row.length > MAX_ROW) continue;
      const words = spelt(row);
      if (words !== null) out.replace(index, index + row.length, words);
    }
  },
};

/** A list of numbers makes no words: letters, known words of two and more among them, and half bits a letter. */
const MIN_LETTERS = 8;
const MIN_WORD = 3;
const FLUENT = 7;

function spelt(row: string): string | null {
  const gaps = row.match(/\D+/g) ?? [];
  const usual = gaps[0] ?? "";
  const inner = gaps.filter((gap) => gap === usual).length * 2 >= gaps.length ? usual : (gaps[1] ?? "");
  let letters = "";
  let words = "";
  let known = 0;
  let cost = 0;
  const close = () => {
    const found = segment(letters);
    words += letters.length > 0 && (gaps.every((gap) => gap === inner) || letters.length > 24) ? found.text : letters;
    known += found.known;
    cost += found.cost;
    letters = "";
  };
  let total = 0;
  for (const [, number = "", gap = ""] of row.matchAll(/(\d+)(\D*)/g)) {
    letters += String.fromCharCode(0x60 + Number(number));
    total++;
    if (gap === inner || gap === "") continue;
    close();
    words += " ";
  }
  close();
  const parts = words.trim().split(/\s+/).length;
  if (total < MIN_LETTERS || total < parts * MIN_WORD) return null;
  return known * 10 >= total * 7 && cost <= total * FLUENT ? words : null;
}
