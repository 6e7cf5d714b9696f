// A small template language: `[a|b|]` picks one (nested as deep as wanted), `{name}` picks from a list of that name.
import type { Random } from "../random.ts";

export type Lists = Readonly<Record<string, readonly string[]>>;

const MAX_DEPTH = 12;
/** any other brace is a brace */
const SLOT = /^\{[a-z]\w*\}/;

/** A random text of `template`. Throws where a list is missing: a typo must not become training data. */
export function expand(template: string, lists: Lists, random: Random, depth = 0): string {
  if (depth > MAX_DEPTH) throw new Error(`template too deep: ${template.slice(0, 80)}`);
  let out = "";
  for (let at = 0; at < template.length; at++) {
    const letter = template[at];
    if (letter === "[") {
      const end = closing(template, at);
      out += expand(random.pick(choices(template.slice(at + 1, end))), lists, random, depth + 1);
      at = end;
    } else if (letter === "{" && SLOT.test(template.slice(at, at + 24))) {
      const end = template.indexOf("}", at);
      const name = template.slice(at + 1, end);
      const list = lists[name];
      if (list === undefined) throw new Error(`no list {${name}} in ${template.slice(0, 80)}`);
      out += expand(random.pick(list), lists, random, depth + 1);
      at = end;
    } else if (letter === "\\" && at + 1 < template.length) out += template[++at];
    else out += letter;
  }
  return out;
}

function closing(template: string, open: number): number {
  let depth = 0;
  for (let at = open; at < template.length; at++) {
    if (template[at] === "\\") at++;
    else if (template[at] === "[") depth++;
    else if (template[at] === "]" && --depth === 0) return at;
  }
  throw new Error(`unclosed [ in ${template.slice(0, 80)}`);
}

function choices(inner: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === "\\") at++;
    else if (inner[at] === "[") depth++;
    else if (inner[at] === "]") depth--;
    else if (inner[at] === "|" && depth === 0) {
      parts.push(inner.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(inner.slice(from));
  return parts;
}

/** Tidies what empty choices leave behind: doubled blanks, a blank before a comma; keeps line ends. */
export function tidy(text: string): string {
  return text
    .replace(/[ \t]{2,}/g, " ")
    .replace(/ ([,.;:!?])(?=\s|$)/g, "$1")
    .replace(/^ +| +$/gm, "")
    .trim();
}
