// Words as bytes, and those spelt by an encoding.
import {
  base64Of,
  bytesOf,
  CYRILLIC,
  codes,
  hexOf,
  hinted,
  letterwise,
  type Mutation,
  mapped,
  perSign,
  some,
} from "./tools.ts";

const HTML_NAMES: Readonly<Record<string, string>> = { ".": "&period;", ",": "&comma;", ":": "&colon;", " ": "&nbsp;" };
const codePoint = (sign: string): string => (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");

export const ENCODINGS: readonly Mutation[] = [
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
    name: "cyrillic-in-base64",
    mutate: (text, seed) => hinted("Decode:", base64Of(some(text, seed, 0.7, mapped(CYRILLIC)))),
  },
  { name: "ascii85", mutate: (text) => hinted("Decode this Ascii85:", `<~${ascii85Of(text)}~>`) },
  { name: "ascii85-bare", mutate: (text) => hinted("Decode this Ascii85:", ascii85Of(text)) },
  { name: "uuencoded", mutate: (text) => `Decode:\n${uuencoded(text)}` },
  { name: "base32-lower-case", mutate: (text) => hinted("Decode:", base32Of(text).toLowerCase()) },
  { name: "base64-of-rot13", mutate: (text) => hinted("Decode:", base64Of(letterwise(text, (n) => (n + 13) % 26))) },
  { name: "base64-of-reversed", mutate: (text) => hinted("Decode:", base64Of([...text].reverse().join(""))) },
  {
    name: "base64-reversed",
    mutate: (text) => hinted("Reverse, then decode:", [...base64Of(text)].reverse().join("")),
  },
  { name: "base64-in-pieces", mutate: (text) => hinted("Join and decode:", base64Of(text).replace(/.{8}/g, "$& ")) },
  { name: "base64-of-base32", mutate: (text) => hinted("Decode:", base64Of(base32Of(text))) },
  { name: "base64-three-times", mutate: (text) => hinted("Decode:", base64Of(base64Of(base64Of(text)))) },
  { name: "hex-of-base64", mutate: (text) => hinted("Decode:", hexOf(base64Of(text))) },
  { name: "hex-of-rot13", mutate: (text) => hinted("Decode:", hexOf(letterwise(text, (n) => (n + 13) % 26))) },
  { name: "url-of-base64", mutate: (text) => `https://a.example/?q=${encodeURIComponent(base64Of(text))}` },
  { name: "code-points", mutate: (text) => perSign(text, (s) => `U+${codePoint(s)} `) },
  { name: "decimal-lines", mutate: (text) => hinted("Read:\n", codes(text, 10, 3, "\n")) },
  { name: "binary-joined", mutate: (text) => hinted("Read:", codes(text, 2, 8, "")) },
  { name: "character-calls", mutate: (text) => hinted("Evaluate:", codes(text, 10, 1, ")+", "chr(")) },
  { name: "html-names", mutate: (text) => perSign(text, (s) => HTML_NAMES[s] ?? `&#${s.codePointAt(0)};`) },
];

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

function ascii85Of(text: string): string {
  const bytes = bytesOf(text);
  let signs = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const held = [0, 1, 2, 3].map((n) => bytes[at + n] ?? 0);
    let value = held.reduce((sum, byte) => sum * 256 + byte, 0);
    let five = "";
    for (let n = 0; n < 5; n++) {
      five = String.fromCharCode((value % 85) + 33) + five;
      value = Math.floor(value / 85);
    }
    const count = Math.min(4, bytes.length - at);
    signs += count === 4 && five === "!!!!!" ? "z" : five.slice(0, count + 1);
  }
  return signs;
}

function uuencoded(text: string): string {
  const bytes = bytesOf(text);
  const sign = (six: number) => (six === 0 ? "`" : String.fromCharCode(six + 32));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 45) {
    const line = bytes.slice(at, at + 45);
    let signs = sign(line.length);
    for (let byte = 0; byte < line.length; byte += 3) {
      const [a = 0, b = 0, c = 0] = line.slice(byte, byte + 3);
      signs += [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63].map(sign).join("");
    }
    lines.push(signs);
  }
  return lines.join("\n");
}
