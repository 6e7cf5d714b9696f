// C-style comments taken out: PHP, JavaScript, Java and CSS skip them between any two tokens, so attackers put them there.
import { MappedText, type View } from "./view.ts";

export function commentView(source: View): View | null {
  const { text } = source;
  let open = text.indexOf("/*");
  if (open < 0 || text.indexOf("*/", open + 2) < 0) return null;
  const out = new MappedText(source);
  let at = 0;
  while (open >= 0) {
    const close = text.indexOf("*/", open + 2);
    if (close < 0) break;
    for (; at < open; at++) out.push(text.charCodeAt(at), at);
    at = close + 2;
    open = text.indexOf("/*", at);
  }
  for (; at < text.length; at++) out.push(text.charCodeAt(at), at);
  return out.done(source.name === "" ? "comment" : `${source.name}+comment`);
}
