// The spelling alphabet of radio (ICAO, and a few variants): `India Golf November Oscar Romeo Echo`.
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { segment } from "../segment.ts";

const NAMES =
  "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu";
/** One of these stands in nearly every ten letters of a sentence: what a text must hold to be looked through. */
const COMMON = /november|oscar|tango|romeo|sierra/i;
const NAME = `(?:${NAMES.split(" ").sort().join("|")}|x-ray)`;
const ROW = new RegExp(`(?<![A-Za-z])${NAME}(?:[^A-Za-z0-9]{1,4}${NAME}){4,}(?![A-Za-z])`, "gi");
const MAX_ROW = 65_536;

export const spellingAlphabet: Decoder = {
  name: "spelling_alphabet",
  traits: TRAIT.always,
  run(out, text) {
    if (!COMMON.test(text)) return;
    for (const { 0: row, index } of text.matchAll(ROW)) {
      if (out.full) return;
      if (row.length <= MAX_ROW) out.replace(index, index + row.length, spelt(row));
    }
  },
};

/** Where every gap is the same, words have to be found. */
function spelt(row: string): string {
  const parts = row
    .toLowerCase()
    .replaceAll("x-ray", "xray")
    .matchAll(/([a-z]+)([^a-z]*)/g);
  let letters = "";
  let usual: string | null = null;
  let words = "";
  for (const [, name = "", gap = ""] of parts) {
    letters += name.charAt(0);
    usual ??= gap;
    if (gap === "" || gap === usual) continue;
    words += `${letters} `;
    letters = "";
  }
  return words === "" ? segment(letters).text : words + letters;
}
