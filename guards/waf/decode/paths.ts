// Dots and slashes as path scanners misspell them: `0x2e0x2e0x2f`, `..2f`, `%bg%qf`. Only read so where dots lead up to it,
// since the same digits are numbers everywhere else.
import { MappedText, type View } from "./view.ts";

const MISSPELT = /0x2e|0x2f|0x5c|%bg%qf|%%qf|(?<=\.\.)(?:2f|5c)/gi;
const LEADS = /(?:\.|0x2e|\?)(?:\.|0x2e)(?:0x2f|0x5c|2f|5c|%bg|%%)/i;

export function pathView(source: View): View | null {
  const { text } = source;
  if (!LEADS.test(text)) return null;
  const out = new MappedText(source);
  let at = 0;
  for (const match of text.matchAll(MISSPELT)) {
    for (; at < match.index; at++) out.push(text.charCodeAt(at), at);
    out.push(meant(match[0].toLowerCase()), at);
    at = match.index + match[0].length;
  }
  for (; at < text.length; at++) out.push(text.charCodeAt(at), at);
  return out.done(source.name === "" ? "path" : `${source.name}+path`);
}

function meant(spelling: string): number {
  if (spelling.endsWith("2e")) return 46;
  return spelling.endsWith("5c") ? 92 : 47;
}
