// How people and optimisers type: case, missing marks, and suffixes of words at random.
import type { Random } from "../random.ts";

const BITS = [
  "describing",
  ".\\",
  "similarlyNow",
  "write",
  ".](",
  "giving",
  "**ONE",
  "revert",
  '"\\!--',
  "{{",
  "}}",
  "==",
  "interface",
  "stepped",
  "$(",
  "\\_",
  "<?",
  ">>>",
  "ulations",
  "paragraph",
  "tutorial",
  "Sure",
  "~~",
  ";)",
  "sheets",
  "println",
  "()]",
  "usepackage",
  "__(",
  "'\\",
  "OPTIONS",
  "```",
  "[/",
  "]{",
  "lambda",
  "\\n",
  "seq",
  "atom",
  "kings",
  "widgetList",
  "//(",
  "!!!",
  "cite",
  "Bullet",
  "wordt",
  "über",
  "jeu",
  "très",
  "und",
  "{:",
  "/>",
  '("@',
  "getName",
  "DOCTYPE",
  "%%",
  "&&",
  "tablename",
  "#+",
  "->_",
  "ordinal",
  "_{",
  "Thanks",
  "please",
  "ifies",
  "ancouver",
  "Kb",
  "erne",
  "Ponad",
  "heits",
  "ListItem",
  "queryset",
  "RGB",
  "Nederland",
  "proof",
  "Hint",
  "repeat",
];

/** Words and marks at random, as an optimiser's suffix looks; escaped for a template. */
export function saladOf(random: Random): string {
  let text = "";
  for (let count = 8 + random.below(16); count > 0; count--) {
    const bit = random.chance(0.75)
      ? random.pick(BITS)
      : Array.from({ length: 3 + random.below(6) }, () => "abcdefghijklmnoprstuvwyz"[random.below(24)]).join("");
    text += bit + (random.chance(0.6) ? " " : "");
  }
  return text.replace(/[[\]{}|\\]/g, "\\$&");
}

/** The case and the punctuation that people type with. */
export function scruffy(text: string, random: Random): string {
  const dice = random.next();
  if (dice < 0.06) return text.toUpperCase();
  if (dice < 0.24) return text.toLowerCase();
  if (dice < 0.28) return text.replace(/[.!?,]/g, "");
  return dice < 0.75 ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}
