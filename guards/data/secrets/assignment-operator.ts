// What stands between a name and the value that it is given: a sign, an argument's comma, a tag, a flag's space, a verb.
import type { Value } from "./assignment-value.ts";
import type { NameClass } from "./name.ts";

/** Where a name stands. */
export interface Name {
  readonly start: number;
  readonly end: number;
}

const OPERATOR =
  /[\])'"`\\]{0,4}[ \t]{0,24}(?::=|={1,3}>?|!==?|=>|->|:{1,2}|>|,)[ \t]{0,24}(?:\\?\r?\n[ \t]{0,24}(?=["'`]))?/y;
const SPOKEN =
  /['"`]?(?: for [^\n]{1,40}?)? (?:is|was|are|ist|war|lautet|es|est|é|jest|is nu|är|erano|è)(?: now| currently| set to)?:? {1,2}/y;
/** Chinese, Japanese and Korean put no space, or a sign of their own. */
const EASTERN = /\s{0,2}(?:：|是|为|為|は|는|은)[：:]?\s{0,2}/y;
const FLAG = /[ \t]{1,4}/y;

/** What ties a name to its value, and where the value may start. */
export type Operator = { readonly end: number; readonly style: Value["style"] };

export function operatorAfter(text: string, name: Name, nameClass: NameClass): Operator | undefined {
  const sign = matchAt(OPERATOR, text, name.end);
  if (sign !== undefined) {
    const last = text.slice(name.end, sign).trimEnd().at(-1) ?? "";
    // an argument's name is itself one: `env("API_KEY", "…")`; in a list of words it is just a word
    if (last === "," && !(/["'`]/.test(text.charAt(name.end)) && isArgument(text, name))) return undefined;
    if (
      last === ">" &&
      text.charAt(name.end) === ">" &&
      !/<[\w:.-]{0,24}$/.test(text.slice(Math.max(0, name.start - 26), name.start))
    )
      return undefined;
    const tag = last === ">" && text.charAt(name.end) === ">";
    const compared = /[!=]==?$/.test(text.slice(name.end, sign).trimEnd());
    return { end: sign, style: tag ? "tag" : last === "," ? "argument" : compared ? "comparison" : "sign" };
  }
  const value = valueAttribute(text, name.end) ?? matchAt(DEFAULT, text, name.end);
  if (value !== undefined) return { end: value, style: "sign" };
  const spoken = matchAt(SPOKEN, text, name.end) ?? matchAt(EASTERN, text, name.end);
  if (spoken !== undefined) return { end: spoken, style: "spoken" };
  const before = text.slice(Math.max(0, name.start - 60), name.start);
  if (!/(?:^|[\s"'`([])-{0,2}$/.test(before.slice(-3)) || nameClass === undefined) return undefined;
  const isFlag =
    text.startsWith("-", name.start) || before.endsWith("-") || /\blogin\s{1,8}\S{1,48}\s{1,8}$/.test(before);
  const flag = isFlag ? matchAt(FLAG, text, name.end) : undefined;
  return flag === undefined ? undefined : { end: flag, style: "flag" };
}

/** Terraform's `variable "NAME" { default = "…" }`. */
const DEFAULT = /["'] {0,4}\{\s{0,24}(?:type {0,8}= {0,8}string\s{1,24})?default {0,24}= {0,4}/y;
/** .NET's `<add key="NAME" value="…">`, and the like. */
const ATTRIBUTE = /["'] {1,4}value ?= ?/iy;
function valueAttribute(text: string, at: number): number | undefined {
  return matchAt(ATTRIBUTE, text, at);
}

function isArgument(text: string, { start, end }: Name): boolean {
  return /[(,]\s{0,2}["'`]$/.test(text.slice(Math.max(0, start - 4), start)) && /[_A-Z]/.test(text.slice(start, end));
}

/** Where a sticky expression that matches at `at` ends. */
export function matchAt(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}
