// Morse code (ITU-R M.1677): `.. --. -. --- .-. .` with `/`, `|` or a wider gap between words.
import type { ViewBuilder } from "../builder.ts";
import type { Decoder } from "../decoder.ts";
import { TRAIT } from "../scan.ts";
import { segment } from "../segment.ts";

const CODES =
  ".-a -...b -.-.c -..d .e ..-.f --.g ....h ..i .---j -.-k .-..l --m -.n ---o .--.p --.-q .-.r ...s -t ..-u ...-v .--w -..-x -.--y --..z -----0 .----1 ..---2 ...--3 ....-4 .....5 -....6 --...7 ---..8 ----.9 " +
  ".-.-.-. --..--, ..--..? ---...: .----.' -..-./ -.--.( -.--.-) .-..-.\" -....-- -...-= .-.-.+ .--.-.@";
const LETTERS: ReadonlyMap<string, string> = new Map(
  CODES.split(/ +/).map((code) => [code.slice(0, -1), code.slice(-1)]),
);
const MIN_LETTERS = 5;
/** Rules drawn with dashes and rows of dots spell few different letters. */
const MIN_KINDS = 4;
const MAX_ROW = 65_536;

export const morse: Decoder = {
  name: "morse",
  traits: TRAIT.morse,
  run(out, text) {
    for (let at = 0; at < text.length && !out.full; at++) {
      if (!isSignal(text.charCodeAt(at))) continue;
      let end = at;
      while (end < text.length && end - at < MAX_ROW && (isSignal(text.charCodeAt(end)) || isGap(text.charCodeAt(end))))
        end++;
      decode(out, text, at, end);
      at = end;
    }
  },
};

function isSignal(unit: number): boolean {
  return unit === 0x2e || unit === 0x2d;
}

function isGap(unit: number): boolean {
  return unit === 0x20 || unit === 0x2f || unit === 0x7c || unit === 0x0a;
}

function decode(out: ViewBuilder, text: string, start: number, rowEnd: number): void {
  let end = rowEnd;
  while (end > start && isGap(text.charCodeAt(end - 1))) end--;
  let letters = "";
  let wide = false;
  for (const [part] of text.slice(start, end).matchAll(/[.-]{1,8}|[ /|\n]{1,8}/g)) {
    if (isGap(part.charCodeAt(0))) {
      if (part === " ") continue;
      letters += " ";
      wide = true;
      continue;
    }
    const letter = LETTERS.get(part);
    if (letter === undefined) return;
    letters += letter;
  }
  if (letters.replaceAll(" ", "").length < MIN_LETTERS || new Set(letters).size < MIN_KINDS) return;
  out.replace(start, end, wide ? letters : segment(letters).text);
}
