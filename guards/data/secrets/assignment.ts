// Secrets without a form of their own, found by the name that they are given to: `api_key = "…"`, `"password": "…"`,
// `--token …`, `Authorization: Bearer …`, `<secret>…</secret>`, "the password is …". Each occurrence of a keyword is
// looked at once, forward only and within bounds, so the time is linear; a value cut off by the end of the text is open.
import { isAlphanumeric } from "../scan/boundary.ts";
import type { Hit } from "../scan/hit.ts";
import { endOfRun, endOfValue, LONGEST_VALUE, NO_VALUE } from "./assignment-span.ts";
import { judgeValue, type Value } from "./assignment-value.ts";
import { classOfName, type NameClass } from "./name.ts";

const LONGEST_NAME = 48;
const KEYWORD = /pass|pwd|secret|token|key|auth|cred|bearer|webhook/gi;
const SCHEME = /(?:bearer|basic|token|digest|api-?token|api-?key|ssws|apikey|key)[ \t]{1,4}/iy;
const OPERATOR =
  /[\])'"`\\]{0,4}[ \t]{0,24}(?::=|={1,3}>?|!==?|=>|->|:{1,2}|-{2,6}|>|,)[ \t]{0,24}(?:\\?\r?\n[ \t]{0,24}(?=["'`]))?/y;
const SPOKEN = /['"`]?(?: for [^\n]{1,40}?)? (?:is|was|are)(?: now| currently| set to)?:? {1,2}/y;
const FLAG = /[ \t]{1,4}/y;
const QUOTE = /@?(?:\\?["'`]|&quot;)/y;

interface Found {
  readonly start: number;
  /** undefined where the text ends first */
  readonly end: number | undefined;
  readonly accepted: boolean;
}

export function findAssignments(text: string, from: number): readonly Hit[] {
  const hits: Hit[] = [];
  for (const found of assignments(text, from)) {
    if (!found.accepted || found.start < from) continue;
    const rule = "secret.assigned";
    hits.push({
      start: found.start,
      end: found.end ?? text.length,
      rule,
      category: "secret",
      kind: "secret",
      weight: 4,
    });
  }
  return hits;
}

export function openAssignment(text: string, from: number): number {
  for (const found of assignments(text, from))
    if (found.end === undefined && found.start >= from && text.length - found.start < LONGEST_VALUE) return found.start;
  return text.length;
}

/** Characters to the left of a value in which its name is looked for. */
export const ASSIGNMENT_CONTEXT = 160;

function* assignments(text: string, from: number): Generator<Found> {
  KEYWORD.lastIndex = Math.max(0, from - ASSIGNMENT_CONTEXT);
  let done = 0;
  for (let hit = KEYWORD.exec(text); hit !== null; hit = KEYWORD.exec(text)) {
    const resume = KEYWORD.lastIndex;
    if (hit.index < done) continue;
    const name = nameAround(text, hit.index, resume);
    done = name.end;
    const nameClass = classOfName(text.slice(name.start, name.end));
    if (nameClass === undefined) continue;
    const found = valueAfter(text, name, nameClass);
    if (found === undefined) continue;
    if (found.accepted && found.end !== undefined) done = found.end;
    yield found;
    KEYWORD.lastIndex = Math.max(resume, done);
  }
}

interface Name {
  readonly start: number;
  readonly end: number;
}

function nameAround(text: string, keyword: number, keywordEnd: number): Name {
  let start = keyword;
  while (start > 0 && keyword - start < LONGEST_NAME && isNamePart(text.charCodeAt(start - 1))) start--;
  let end = keywordEnd;
  while (end < text.length && end - keyword < LONGEST_NAME && isNamePart(text.charCodeAt(end))) end++;
  // `token--` or `secret.`: a sentence or a comment ends there
  while (end > keywordEnd && !isAlphanumeric(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

function isNamePart(code: number): boolean {
  return isAlphanumeric(code) || code === 95 || code === 45 || code === 46;
}

function matchAt(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}

function valueAfter(text: string, name: Name, nameClass: NameClass): Found | undefined {
  const operator = operatorAfter(text, name, nameClass);
  if (operator === undefined) return undefined;
  let at = operator.end;
  const quoteEnd = matchAt(QUOTE, text, at);
  const quote = quoteEnd === undefined ? "" : text.slice(at, quoteEnd);
  at = quoteEnd ?? at;
  const scheme = matchAt(SCHEME, text, at);
  at = scheme ?? at;
  if (at >= text.length) return undefined;
  const value: Value = {
    name: text.slice(name.start, name.end),
    nameClass: scheme === undefined ? nameClass : "token",
    header: scheme !== undefined,
    quoted: quote !== "",
    style: operator.style,
    tight: operator.end - name.end <= 1,
    before: text.slice(Math.max(0, name.start - 90), name.start),
  };
  const end = endOfValue(text, at, quote.replace("@", ""), value.style);
  if (end === NO_VALUE) return undefined;
  const datum = text.slice(at, Math.min(end, at + LONGEST_VALUE));
  const cut = end === text.length && end - at < LONGEST_VALUE;
  const long = end - at >= LONGEST_VALUE;
  const accepted = judgeValue(datum, value, cut || long ? "" : text.charAt(end));
  if (cut) return { start: at, end: undefined, accepted };
  // only what is accepted is followed to its end, and skipped then: a run of rejected ones stays linear
  return { start: at, end: long && accepted ? endOfRun(text, end, quote, value.style) : end, accepted };
}

type Operator = { readonly end: number; readonly style: Value["style"] };

function operatorAfter(text: string, name: Name, nameClass: NameClass): Operator | undefined {
  const sign = matchAt(OPERATOR, text, name.end);
  if (sign !== undefined) {
    const last = text.slice(name.end, sign).trimEnd().at(-1) ?? "";
    if (last === "," && !/["'`]/.test(text.charAt(name.end))) return undefined;
    if (
      last === ">" &&
      text.charAt(name.end) === ">" &&
      !/<[\w:.-]{0,24}$/.test(text.slice(Math.max(0, name.start - 26), name.start))
    )
      return undefined;
    const tag = last === ">" && text.charAt(name.end) === ">";
    return { end: sign, style: tag ? "tag" : last === "," ? "argument" : "sign" };
  }
  const value = valueAttribute(text, name.end);
  if (value !== undefined) return { end: value, style: "sign" };
  const spoken = matchAt(SPOKEN, text, name.end);
  if (spoken !== undefined) return { end: spoken, style: "spoken" };
  const before = text.slice(Math.max(0, name.start - 60), name.start);
  if (!/(?:^|[\s"'`([])-{0,2}$/.test(before.slice(-3)) || nameClass === undefined) return undefined;
  const isFlag =
    text.startsWith("-", name.start) || before.endsWith("-") || /\blogin\s{1,8}\S{1,48}\s{1,8}$/.test(before);
  const flag = isFlag ? matchAt(FLAG, text, name.end) : undefined;
  return flag === undefined ? undefined : { end: flag, style: "flag" };
}

/** .NET's `<add key="NAME" value="…">`, and the like. */
const ATTRIBUTE = /["'] {1,4}value ?= ?/iy;
function valueAttribute(text: string, at: number): number | undefined {
  return matchAt(ATTRIBUTE, text, at);
}
