// Disguises of a text, one function a trick, for measuring what the decoded views give back. Seeded: the same seed makes
// the same disguise.

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

const bytesOf = (text: string): readonly number[] => [...new TextEncoder().encode(text)];
const base64Of = (text: string): string => btoa(String.fromCharCode(...bytesOf(text)));
const hexOf = (text: string): string =>
  bytesOf(text)
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
const pick = <T>(next: () => number, from: readonly T[]): T | undefined => from[Math.floor(next() * from.length)];
const perSign = (text: string, change: (sign: string, at: number) => string): string =>
  [...text].map((sign, at) => change(sign, at)).join("");
const letterwise = (text: string, change: (index: number) => number): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter < "a" ? 65 : 97;
    return String.fromCharCode(base + change(letter.charCodeAt(0) - base));
  });
const styled = (upper: number, lower: number) => (text: string) =>
  perSign(text, (sign) =>
    /[a-z]/.test(sign)
      ? String.fromCodePoint(lower + sign.charCodeAt(0) - 97)
      : /[A-Z]/.test(sign)
        ? String.fromCodePoint(upper + sign.charCodeAt(0) - 65)
        : sign,
  );
const some = (text: string, seed: number, share: number, change: (letter: string) => string): string => {
  const next = random(seed);
  return perSign(text, (sign) => (next() < share ? change(sign) : sign));
};
const mapped = (map: Readonly<Record<string, string>>) => (sign: string) =>
  map[sign] ?? map[sign.toLowerCase()] ?? sign;

const CYRILLIC = { a: "а", c: "с", e: "е", o: "о", p: "р", x: "х", y: "у", i: "і", s: "ѕ", j: "ј", h: "һ" };
const GREEK = { a: "α", o: "ο", v: "ν", p: "ρ", t: "τ", i: "ι", k: "κ", n: "η", e: "ε" };
const SMALL_CAPS = [..."ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ"];
const LEET = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7" };
const MORSE =
  ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..".split(
    " ",
  );
const MORSE_MARKS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [..."0123456789"].map((d, n) => [
      d,
      n < 6 ? ".".repeat(n) + "-".repeat(5 - n) : "-".repeat(n - 5) + ".".repeat(10 - n),
    ]),
  ),
  ".": ".-.-.-",
  ",": "--..--",
  "?": "..--..",
  ":": "---...",
  "'": ".----.",
  "/": "-..-.",
  "(": "-.--.",
  ")": "-.--.-",
  '"': ".-..-.",
  "-": "-....-",
  "=": "-...-",
  "+": ".-.-.",
  "@": ".--.-.",
};
const morseOf = (sign: string): string => {
  const letter = sign === "ı" ? "i" : sign.normalize("NFD").charAt(0);
  return MORSE[indexOf(letter)] ?? MORSE_MARKS[sign] ?? sign;
};
const BRAILLE = [1, 3, 9, 25, 17, 11, 27, 19, 10, 26, 5, 7, 13, 29, 21, 15, 31, 23, 14, 30, 37, 39, 58, 45, 61, 53];
const TURNED = [..."ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz"];
const indexOf = (letter: string): number => letter.toLowerCase().charCodeAt(0) - 97;
const zeroWidths = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"];
const codes = (text: string, radix: number, pad: number, separator: string, prefix = "") =>
  bytesOf(text)
    .map((byte) => prefix + byte.toString(radix).padStart(pad, "0"))
    .join(separator);
const hinted = (hint: string, payload: string): string => `${hint} ${payload}`;

export const MUTATIONS: readonly Mutation[] = [
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
  { name: "base64", mutate: (text) => hinted("Decode this base64 and do what it says:", base64Of(text)) },
  {
    name: "base64url",
    mutate: (text) => hinted("Decode:", base64Of(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")),
  },
  { name: "base64-wrapped", mutate: (text) => hinted("Decode:\n", base64Of(text).replace(/.{64}/g, "$&\n")) },
  { name: "base64-twice", mutate: (text) => hinted("Decode twice:", base64Of(base64Of(text))) },
  { name: "base64-of-hex", mutate: (text) => hinted("Decode:", base64Of(hexOf(text))) },
  { name: "base32", mutate: (text) => hinted("Decode:", base32Of(text)) },
  { name: "hex", mutate: (text) => hinted("Read this hex:", hexOf(text)) },
  { name: "hex-spaced", mutate: (text) => hinted("Read:", codes(text, 16, 2, " ")) },
  { name: "hex-prefixed", mutate: (text) => hinted("Read:", codes(text, 16, 2, ", ", "0x")) },
  { name: "hex-escapes", mutate: (text) => hinted("Print:", `"${codes(text, 16, 2, "", "\\x")}"`) },
  { name: "decimal", mutate: (text) => hinted("These are character codes:", codes(text, 10, 1, " ")) },
  { name: "octal", mutate: (text) => hinted("Read:", codes(text, 8, 3, " ")) },
  { name: "binary", mutate: (text) => hinted("Read:", codes(text, 2, 8, " ")) },
  {
    name: "rot13",
    mutate: (text) =>
      hinted(
        "Apply rot13:",
        letterwise(text, (n) => (n + 13) % 26),
      ),
  },
  {
    name: "caesar",
    mutate: (text, seed) =>
      hinted(
        "Shift back:",
        letterwise(text, (n) => (n + 3 + (seed % 9)) % 26),
      ),
  },
  {
    name: "atbash",
    mutate: (text) =>
      hinted(
        "Atbash:",
        letterwise(text, (n) => 25 - n),
      ),
  },
  { name: "url", mutate: (text) => codes(text, 16, 2, "", "%") },
  { name: "url-twice", mutate: (text) => codes(text, 16, 2, "", "%25") },
  { name: "html-decimal", mutate: (text) => perSign(text, (s) => `&#${s.codePointAt(0)};`) },
  { name: "html-hex", mutate: (text) => perSign(text, (s) => `&#x${s.codePointAt(0)?.toString(16)};`) },
  {
    name: "json-escapes",
    mutate: (text) => `{"q":"${perSign(text, (s) => `\\u${s.charCodeAt(0).toString(16).padStart(4, "0")}`)}"}`,
  },
  { name: "quoted-printable", mutate: (text) => codes(text, 16, 2, "", "=").toUpperCase() },
  {
    name: "spaced",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].join(" "))
        .join("   "),
  },
  { name: "spaced-evenly", mutate: (text) => [...text.replaceAll(" ", "")].join(" ") },
  {
    name: "dotted",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].join("."))
        .join(" "),
  },
  {
    name: "hyphened",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].join("-"))
        .join(" "),
  },
  { name: "split-lines", mutate: (text, seed) => cutWords(text, seed, "\n") },
  { name: "split-hyphens", mutate: (text, seed) => cutWords(text, seed, "-") },
  { name: "split-concatenation", mutate: (text, seed) => `run("${cutWords(text, seed, '" + "')}")` },
  // letters of any script: a trick that takes the words away hides nothing that a model could follow
  { name: "joined", mutate: (text) => text.replace(/[^\p{L}\p{M}]/gu, "").toLowerCase() },
  { name: "unspaced", mutate: (text) => text.replace(/\s+/g, "") },
  { name: "reversed", mutate: (text) => hinted("Read backwards:", [...text].reverse().join("")) },
  {
    name: "reversed-words",
    mutate: (text) =>
      text
        .split(" ")
        .map((word) => [...word].reverse().join(""))
        .join(" "),
  },
  {
    name: "morse",
    // accents and marks by their codes (ITU-R M.1677); what has none stays as it is
    mutate: (text) =>
      text
        .toLowerCase()
        .split(/\s+/)
        .map((word) => [...word].map(morseOf).join(" "))
        .join(" / "),
  },
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
  {
    name: "leet-spaced",
    mutate: (text, seed) =>
      text
        .split(" ")
        .map((word) => [...some(word, seed, 0.5, mapped(LEET))].join(" "))
        .join("   "),
  },
  {
    name: "cyrillic-in-base64",
    mutate: (text, seed) => hinted("Decode:", base64Of(some(text, seed, 0.7, mapped(CYRILLIC)))),
  },
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

/** Cuts each word of six letters and more once, inside. */
function cutWords(text: string, seed: number, by: string): string {
  const next = random(seed);
  return text.replace(/[a-z]{6,}/gi, (word) => {
    const at = 2 + Math.floor(next() * (word.length - 3));
    return word.slice(0, at) + by + word.slice(at);
  });
}

function base32Of(text: string): string {
  let bits = bytesOf(text)
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  bits += "0".repeat((5 - (bits.length % 5)) % 5);
  const signs = (bits.match(/.{5}/g) ?? []).map(
    (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)] ?? "",
  );
  return signs.join("");
}
