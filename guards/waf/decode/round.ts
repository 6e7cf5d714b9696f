// One round of decoding, in one pass: URL, HTML references, backslash escapes, full-width forms, NUL bytes. Rounds are
// repeated by `views.ts` until nothing changes, since servers decode in layers and attackers count on one more.
import { backslashEscape } from "./escapes.ts";
import { htmlReference } from "./html.ts";
import { urlEscape } from "./url.ts";
import { MappedText, type View } from "./view.ts";

/** What a round met; the names are those of views and of protocol rules. */
export interface RoundSeen {
  url: boolean;
  html: boolean;
  escape: boolean;
  fold: boolean;
  nul: boolean;
  overlong: boolean;
}

/** A character that starts an escape or is folded; everything else is copied. */
const STARTS = /[%&\\\0\u02bc\u2024\u2044\u2215\u2216\u29f8\uefc8\uf025\ufe68\uff01-\uff5e]/;

/** Look-alikes that path and SQL layers turn into ASCII (best-fit mappings), and NFKC's full-width forms. */
function folded(code: number): number {
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  if (code === 0x2215 || code === 0x2044 || code === 0x29f8 || code === 0xf025 || code === 0xefc8) return 47;
  if (code === 0x2216 || code === 0xfe68) return 92;
  if (code === 0x2024) return 46;
  if (code === 0x02bc) return 39;
  return code;
}

/** The next view, or null where the text holds nothing to decode. `plus`: a plus sign is a space (first round of forms). */
export function decodeRound(source: View, plus: boolean, seen: RoundSeen): View | null {
  const { text } = source;
  if (!STARTS.test(text) && !(plus && text.includes("+"))) return null;
  const out = new MappedText(source);
  const now: RoundSeen = { url: false, html: false, escape: false, fold: false, nul: false, overlong: false };
  let at = 0;
  let changed = false;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const step = decodeAt(text, at, code, plus, now);
    if (step === null) {
      out.push(code, at);
      at++;
      continue;
    }
    changed = true;
    if (step.point === 0) now.nul = true;
    else if (step.point > 0) out.pushCodePoint(folded(step.point), at);
    at = step.next;
  }
  if (!changed) return null;
  for (const key of ["url", "html", "escape", "fold", "nul", "overlong"] as const) seen[key] ||= now[key];
  return out.done(named(source.name, now));
}

function decodeAt(
  text: string,
  at: number,
  code: number,
  plus: boolean,
  now: RoundSeen,
): { point: number; next: number } | null {
  if (code === 37) {
    const found = urlEscape(text, at);
    if (found !== null) now.url = true;
    if (found?.overlong === true && found.point < 0x80) now.overlong = true;
    return found;
  }
  if (code === 38) {
    const reference = htmlReference(text, at);
    if (reference !== null) now.html = true;
    return reference;
  }
  if (code === 92) {
    const found = backslashEscape(text, at);
    if (found !== null) now.escape = true;
    return found;
  }
  if (code === 0) return { point: 0, next: at + 1 };
  if (code === 43 && plus) return { point: 32, next: at + 1 };
  const fold = code < 128 ? code : folded(code);
  if (fold === code) return null;
  now.fold = true;
  return { point: fold, next: at + 1 };
}

function named(before: string, now: RoundSeen): string {
  const parts = before === "" ? [] : [before];
  if (now.url) parts.push("url");
  if (now.html) parts.push("html");
  if (now.escape) parts.push("escape");
  if (now.fold) parts.push("width");
  if (now.nul) parts.push("nul");
  return parts.length === 0 ? "plus" : parts.join("+");
}
