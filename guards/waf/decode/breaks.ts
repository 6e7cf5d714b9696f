// `\r\n` spelt as four characters, which loggers and shells' echo turn into a line break. A reading of its own, because the
// same two characters begin half of all folder names on Windows.
import { MappedText, type View } from "./view.ts";

export function breakView(source: View): View | null {
  const { text } = source;
  if (!/\\[rn]/.test(text)) return null;
  const out = new MappedText(source);
  for (let at = 0; at < text.length; at++) {
    const next = text.charCodeAt(at + 1);
    const isBreak = text.charCodeAt(at) === 92 && (next === 110 || next === 114);
    out.push(isBreak ? (next === 110 ? 10 : 13) : text.charCodeAt(at), at);
    if (isBreak) at++;
  }
  return out.done(source.name === "" ? "break" : `${source.name}+break`);
}
