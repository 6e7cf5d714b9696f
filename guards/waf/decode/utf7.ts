// UTF-7 (RFC 2152): `+ADw-script+AD4-`. Old browsers and XML parsers take it, so attackers still send it.
import { MappedText, type View } from "./view.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** a shifted run of ASCII punctuation starts with `+A`; anything else is a plus sign in prose */
const SHIFT = /\+A[A-Za-z0-9+/]{2,64}/g;

export function utf7View(source: View): View | null {
  const { text } = source;
  if (!text.includes("+A")) return null;
  const out = new MappedText(source);
  let at = 0;
  let changed = false;
  for (const match of text.matchAll(SHIFT)) {
    const points = shifted(match[0]);
    if (points === null) continue;
    for (; at < match.index; at++) out.push(text.charCodeAt(at), at);
    for (const point of points) out.push(point, match.index);
    at = match.index + match[0].length;
    if (text.charCodeAt(at) === 45) at++;
    changed = true;
  }
  if (!changed) return null;
  for (; at < text.length; at++) out.push(text.charCodeAt(at), at);
  return out.done(source.name === "" ? "utf7" : `${source.name}+utf7`);
}

function shifted(run: string): number[] | null {
  const units: number[] = [];
  let bits = 0;
  let held = 0;
  for (let i = 1; i < run.length; i++) {
    bits = ((bits << 6) | ALPHABET.indexOf(run.charAt(i))) & 0x3fffff;
    held += 6;
    if (held < 16) continue;
    held -= 16;
    const unit = (bits >> held) & 0xffff;
    if (unit < 9 || unit > 126) return null;
    units.push(unit);
  }
  return units.length === 0 ? null : units;
}
