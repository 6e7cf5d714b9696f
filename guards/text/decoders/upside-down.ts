// Letters turned upside down, read from the end of the line: `sʇdɯoɹd sᴉɥʇ ǝɹouƃᴉ`.
import type { Decoder } from "../decoder.ts";

const PAIRS =
  "ɐa qb ɔc pd ǝe ɟf ɓg ƃg ɥh ᴉi ıi ɾj ɿj ʞk lꞁ ɯm uɴ dp bq ɹr ʇt nu ʌv ʍw ʎy ˙. ,' ¿? ¡! ∀A Ɔɔ ƎE Ⅎf פG ſJ ˥L Ԁp ∩U Λv ⅄Y";
/** What only turned text has; `q` and `p` turn into letters too, but stand in every text. */
const TURNED =
  /[\u0250\u01dd\u025f\u0183\u0253\u0265\u1d09\u027e\u027f\u029e\u026f\u0279\u0287\u028c\u028d\u028e\u0254]/gu;
const MIN_TURNED = 4;
const MAX_LINE = 4096;

const UPRIGHT: ReadonlyMap<string, string> = new Map([
  ...PAIRS.split(" ").map((pair): [string, string] => [pair.charAt(0), pair.slice(1)]),
  ["n", "u"],
  ["u", "n"],
  ["b", "q"],
  ["q", "b"],
  ["d", "p"],
  ["p", "d"],
  ["l", "l"],
]);

export const upsideDown: Decoder = {
  name: "upside_down",
  traits: -1,
  run(out, text) {
    if (!/[\u01dd\u0250\u0279\u0287]/.test(text)) return;
    for (let start = 0; start < text.length && !out.full; ) {
      const feed = text.indexOf("\n", start);
      const end = Math.min(feed < 0 ? text.length : feed, start + MAX_LINE);
      const line = text.slice(start, end);
      if ((line.match(TURNED)?.length ?? 0) >= MIN_TURNED) {
        const upright = [...line].reverse().map((sign) => UPRIGHT.get(sign) ?? sign);
        out.replace(start, end, upright.join("").toWellFormed());
      }
      start = end === feed ? end + 1 : end;
    }
  },
};
