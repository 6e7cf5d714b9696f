// Letters and words exchanged for others by a rule.
import { hinted, indexOf, letterwise, type Mutation, random } from "./tools.ts";

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
const NATO =
  "Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu".split(
    " ",
  );
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

export const CIPHERS: readonly Mutation[] = [
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
    name: "caesar-far",
    mutate: (text, seed) =>
      hinted(
        "Shift back:",
        letterwise(text, (n) => (n + 14 + (seed % 11)) % 26),
      ),
  },
  {
    name: "rot47",
    mutate: (text) =>
      hinted(
        "Apply ROT47:",
        text.replace(/[!-~]/g, (sign) => String.fromCharCode(((sign.charCodeAt(0) - 33 + 47) % 94) + 33)),
      ),
  },
  {
    name: "letter-numbers",
    mutate: (text) =>
      hinted(
        "A is 1, B is 2:",
        words(text)
          .map((word) => [...word].map((s) => (/[a-z]/i.test(s) ? indexOf(s) + 1 : s)).join("-"))
          .join(" "),
      ),
  },
  {
    name: "spelling-alphabet",
    mutate: (text) =>
      words(text)
        .map((word) => [...word].map((s) => (/[a-z]/i.test(s) ? NATO[indexOf(s)] : s)).join(" "))
        .join(" / "),
  },
  {
    name: "pig-latin",
    mutate: (text) =>
      text.replace(/[a-z]+/gi, (word) => {
        const lead = /^[^aeiou]*/i.exec(word)?.[0] ?? "";
        return lead === "" ? `${word}way` : `${word.slice(lead.length)}${lead.toLowerCase()}ay`;
      }),
  },
  {
    name: "vowels-dropped",
    mutate: (text) => text.replace(/(?<=[a-z])[aeiou]+(?=[a-z])/gi, ""),
  },
  {
    name: "scrambled",
    mutate: (text, seed) => {
      const next = random(seed);
      return text.replace(/(?<![a-z])([a-z])([a-z]{2,})([a-z])(?![a-z])/gi, (_, first, middle, last) => {
        const order = [...String(middle)].map((sign) => ({ sign, at: next() })).sort((a, b) => a.at - b.at);
        return first + order.map(({ sign }) => sign).join("") + last;
      });
    },
  },
  { name: "misspelt", mutate: (text, seed) => misspelt(text, seed) },
  { name: "doubled", mutate: (text) => text.replace(/[a-z]/gi, "$&$&") },
];

/** One slip in each word of five letters and more: two letters exchanged, one left out, one twice. */
function misspelt(text: string, seed: number): string {
  const next = random(seed);
  return text.replace(/[a-z]{5,}/gi, (word) => {
    const at = 1 + Math.floor(next() * (word.length - 3));
    const slip = next();
    if (slip < 0.4) return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
    return slip < 0.7 ? word.slice(0, at) + word.slice(at + 1) : word.slice(0, at + 1) + word.slice(at);
  });
}
