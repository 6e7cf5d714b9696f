// Letters turned upside down, read from the end of the line: `sʇdɯoɹd sᴉɥʇ ǝɹouƃᴉ`.
import type { Decoder } from "../decoder.ts";
import { unitsText } from "../units-text.ts";

const PAIRS =
  "ɐa qb ɔc pd ǝe ɟf ɓg ƃg ɥh ᴉi ıi ɾj ɿj ʞk lꞁ ɯm uɴ dp bq ɹr ʇt nu ʌv ʍw ʎy ˙. ,' ¿? ¡! ∀A Ɔɔ ƎE Ⅎf פG ſJ ˥L Ԁp ∩U Λv ⅄Y";
/** What only turned text has; `q` and `p` turn into letters too, but stand in every text. */
const TURNED = "\u0250\u01dd\u025f\u0183\u0253\u0265\u1d09\u027e\u027f\u029e\u026f\u0279\u0287\u028c\u028d\u028e\u0254";
const MIN_TURNED = 4;
const MAX_LINE = 4096;

const UPRIGHT = new Uint16Array(0x10000);
for (const [turned = "", upright = ""] of [
  ...PAIRS.split(" ").map((pair) => [...pair]),
  ...["nu", "un", "bq", "qb", "dp", "pd", "ll"].map((pair) => [...pair]),
])
  UPRIGHT[turned.charCodeAt(0)] = upright.charCodeAt(0);
const IS_TURNED = new Uint8Array(0x10000);
for (const sign of TURNED) IS_TURNED[sign.charCodeAt(0)] = 1;

export const upsideDown: Decoder = {
  name: "upside_down",
  traits: -1,
  run(out, text) {
    if (!/[\u01dd\u0250\u0279\u0287]/.test(text)) return;
    for (let start = 0; start < text.length && !out.full; ) {
      const feed = text.indexOf("\n", start);
      const end = Math.min(feed < 0 ? text.length : feed, start + MAX_LINE);
      if (isTurned(text, start, end)) out.replace(start, end, upright(text, start, end).toWellFormed());
      start = end === feed ? end + 1 : end;
    }
  },
};

function isTurned(text: string, start: number, end: number): boolean {
  let turned = 0;
  for (let at = start; at < end; at++) turned += IS_TURNED[text.charCodeAt(at)] as number;
  return turned >= MIN_TURNED;
}

/** From the end; pairs of surrogates keep their order. */
function upright(text: string, start: number, end: number): string {
  const units = new Uint16Array(end - start);
  for (let at = end - 1, to = 0; at >= start; at--, to++) {
    const unit = text.charCodeAt(at);
    const before = at > start ? text.charCodeAt(at - 1) : 0;
    if (unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff) {
      units[to++] = before;
      units[to] = unit;
      at--;
    } else units[to] = (UPRIGHT[unit] as number) || unit;
  }
  return unitsText(units);
}
