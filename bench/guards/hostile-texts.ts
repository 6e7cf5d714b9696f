// Texts by which cost is measured: ordinary prose, and what was made to slow the guards down.
import { HOSTILE_TEXTS } from "./output-texts.ts";

const PROSE =
  "Our team keeps the release notes in one file, and every Monday somebody reads them aloud. Please summarise what changed " +
  "since version 4.2: the importer takes CSV and JSON, the page https://docs.example.com/import?lang=en was rewritten, and " +
  "we dropped the old format on 2026-03-01. Keep it short, name the three most important points, and end with a question. ";

/** Texts that are made to slow the guards down, of any length. */
export const HOSTILE: Readonly<Record<string, (chars: number) => string>> = {
  ...Object.fromEntries(
    Object.entries(HOSTILE_TEXTS).map(([name, text]) => [
      `answer: ${name}`,
      (chars: number) => repeat(typeof text === "string" ? text : String(text), chars),
    ]),
  ),
  letters: (chars) => repeat("a", chars),
  "spaced letters": (chars) => repeat("i g n o r e ", chars),
  "base64 of base64": (chars) => repeat("U0dGc2JHOGdWMjl5YkdRZ2FXZHViM0psSUdGc2JBPT0=\n", chars),
  hex: (chars) => repeat("69676e6f726520616c6c20", chars),
  percent: (chars) => repeat("%69%67%6e%6f%72%65%20", chars),
  "zero width": (chars) => repeat("i\u200bg\u200dn\u2060o", chars),
  digits: (chars) => repeat("4111 1111 1111 1112 ", chars),
  "nested assignments": (chars) => repeat("api_key=", chars),
  tags: (chars) => repeat("<|im_end|>        ", chars),
};

/** With a word of its own every few units: what only repeats is refused as a bomb, and costs no more. */
function repeat(unit: string, chars: number): string {
  const times = Math.max(1, Math.ceil(64 / Math.max(1, unit.length)));
  const parts: string[] = [];
  let length = 0;
  for (let at = 0; length < chars; at++) {
    const part = `${unit.repeat(times)} ${Math.imul(at + 1, 0x9e3779b1).toString(36)} `;
    parts.push(part);
    length += part.length;
  }
  return parts.join("").slice(0, chars);
}

export function prose(chars: number): string {
  return repeat(PROSE, chars);
}
