// Words in other signs: invisible ones between, look-alikes, styled letters, other alphabets.
import { bytesOf, CYRILLIC, indexOf, LEET, type Mutation, mapped, perSign, pick, random, some } from "./tools.ts";

const styled = (upper: number, lower: number) => (text: string) =>
  perSign(text, (sign) =>
    /[a-z]/.test(sign)
      ? String.fromCodePoint(lower + sign.charCodeAt(0) - 97)
      : /[A-Z]/.test(sign)
        ? String.fromCodePoint(upper + sign.charCodeAt(0) - 65)
        : sign,
  );
const GREEK = { a: "α", o: "ο", v: "ν", p: "ρ", t: "τ", i: "ι", k: "κ", n: "η", e: "ε" };
const SMALL_CAPS = [..."ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ"];
const BRAILLE = [1, 3, 9, 25, 17, 11, 27, 19, 10, 26, 5, 7, 13, 29, 21, 15, 31, 23, 14, 30, 37, 39, 58, 45, 61, 53];
const TURNED = [..."ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz"];
const zeroWidths = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"];
const SUPERSCRIPT = [..."ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖ"];

export const SIGNS: readonly Mutation[] = [
  { name: "zero-width", mutate: (text, seed) => withBetween(text, seed, zeroWidths) },
  {
    name: "tag-characters",
    mutate: (text) => `Hello!${perSign(text, (s) => String.fromCodePoint(0xe0000 + (s.codePointAt(0) ?? 0)))}`,
  },
  {
    name: "variation-selectors",
    mutate: (text) =>
      `Nice 😊${bytesOf(text)
        .map((b) => String.fromCodePoint(b < 16 ? 0xfe00 + b : 0xe0100 + b - 16))
        .join("")}`,
  },
  {
    name: "zero-width-bits",
    mutate: (text) =>
      `Hi${bytesOf(text)
        .map((b) => b.toString(2).padStart(8, "0"))
        .join("")
        .replaceAll("0", "\u200b")
        .replaceAll("1", "\u200c")} there`,
  },
  { name: "bidi-override", mutate: (text) => `\u202e${[...text].reverse().join("")}\u202c` },
  { name: "bidi-marks", mutate: (text, seed) => withBetween(text, seed, ["\u200e", "\u200f", "\u2066", "\u2069"]) },
  { name: "cyrillic", mutate: (text, seed) => some(text, seed, 0.7, mapped(CYRILLIC)) },
  { name: "greek", mutate: (text, seed) => some(text, seed, 0.7, mapped(GREEK)) },
  {
    name: "full-width",
    mutate: (text) => perSign(text, (s) => (s > " " && s <= "~" ? String.fromCharCode(s.charCodeAt(0) + 0xfee0) : s)),
  },
  { name: "mathematical-bold", mutate: styled(0x1d400, 0x1d41a) },
  { name: "mathematical-sans", mutate: styled(0x1d5a0, 0x1d5ba) },
  { name: "circled", mutate: styled(0x24b6, 0x24d0) },
  { name: "negative-squared", mutate: (text) => styled(0x1f170, 0x1f170)(text) },
  {
    name: "regional-indicators",
    mutate: (text) =>
      perSign(text, (s) => (/[a-z]/i.test(s) ? `${String.fromCodePoint(0x1f1e6 + indexOf(s))} ` : `${s}  `)),
  },
  {
    name: "small-caps",
    mutate: (text) => perSign(text, (s) => (/[a-z]/i.test(s) ? (SMALL_CAPS[indexOf(s)] ?? s) : s)),
  },
  { name: "zalgo", mutate: (text, seed) => zalgo(text, seed) },
  {
    name: "accents",
    mutate: (text, seed) => some(text, seed, 0.8, (s) => (/[aeiounscyz]/i.test(s) ? `${s}\u0301`.normalize("NFC") : s)),
  },
  { name: "leetspeak", mutate: (text, seed) => some(text, seed, 0.8, mapped(LEET)) },
  {
    name: "braille",
    mutate: (text) =>
      perSign(text, (s) => (/[a-z]/i.test(s) ? String.fromCharCode(0x2800 + (BRAILLE[indexOf(s)] ?? 0)) : s)),
  },
  {
    name: "upside-down",
    mutate: (text) =>
      [...perSign(text.toLowerCase(), (s) => (/[a-z]/.test(s) ? (TURNED[indexOf(s)] ?? s) : s))].reverse().join(""),
  },
  { name: "superscript", mutate: (text) => perSign(text, (s) => SUPERSCRIPT[indexOf(s)] ?? s) },
  { name: "struck-through", mutate: (text) => perSign(text, (s) => (s === " " ? s : `${s}\u0336`)) },
  { name: "random-case", mutate: (text, seed) => some(text.toLowerCase(), seed, 0.5, (s) => s.toUpperCase()) },
  { name: "emphasis-in-words", mutate: (text, seed) => withBetween(text, seed, ["**", "__", "~~"]) },
];

function withBetween(text: string, seed: number, signs: readonly string[]): string {
  const next = random(seed);
  return perSign(text, (sign) => (next() < 0.7 ? sign + (pick(next, signs) ?? "") : sign));
}

function zalgo(text: string, seed: number): string {
  const next = random(seed);
  return perSign(text, (sign) => {
    let marks = "";
    for (let count = Math.floor(next() * 5); count > 0; count--)
      marks += String.fromCharCode(0x300 + Math.floor(next() * 0x60));
    return sign === " " ? sign : sign + marks;
  });
}
