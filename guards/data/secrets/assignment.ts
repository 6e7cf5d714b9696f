// Secrets without a form of their own, found by the name that they are given to: `api_key = "…"`, `"password": "…"`,
// `--token …`, `Authorization: Bearer …`, `<secret>…</secret>`, "the password is …". Each occurrence of a keyword is
// looked at once, forward only and within bounds, so the time is linear; a value cut off by the end of the text is open.
import type { Growth } from "../detector.ts";
import { isAlphanumeric } from "../scan/boundary.ts";
import { GENERIC, type Hit } from "../scan/hit.ts";
import { matchAt, type Name, operatorAfter } from "./assignment-operator.ts";
import { endOfRun, endOfValue, growthOf, LONGEST_VALUE, NO_VALUE } from "./assignment-span.ts";
import { judgeValue, type Value } from "./assignment-value.ts";
import { classOfName, type NameClass } from "./name.ts";

const LONGEST_NAME = 48;
const KEYWORD =
  /pass|pwd|secret|token|key|auth|cred|bearer|webhook|contrase(?:ñ|n)a|kennwort|mot de passe|senha|has(?:ł|l)o|wachtwoord|l(?:ö|o)senord|(?:ş|s)ifre|пароль|密码|密碼|口令|パスワード|비밀번호/gi;
/** Words for a password that are a name by themselves, in whatever letters. */
const FOREIGN =
  /^(?:contrase.a|kennwort|mot de passe|senha|has.o|wachtwoord|l.senord|.ifre|пароль|密码|密碼|口令|パスワード|비밀번호)$/i;
const SCHEME = /(?:bearer|basic|token|digest|api-?token|api-?key|ssws|apikey|key)[ \t]{1,4}/iy;
const QUOTE = /@?(?:\\?["'`]|&quot;)/y;

interface Found {
  readonly start: number;
  /** undefined where the text ends first */
  readonly end: number | undefined;
  readonly accepted: boolean;
  readonly growth?: Growth;
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
      weight: GENERIC,
      ...(found.growth === undefined ? {} : { growth: found.growth }),
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
  const nested: Nested = { until: 0, count: 0 };
  for (let hit = KEYWORD.exec(text); hit !== null; hit = KEYWORD.exec(text)) {
    const resume = KEYWORD.lastIndex;
    if (hit.index < done) continue;
    const foreign = FOREIGN.test(hit[0]);
    const name = foreign ? { start: hit.index, end: resume } : nameAround(text, hit.index, resume);
    done = name.end;
    const nameClass = foreign ? "password" : classOfName(text.slice(name.start, name.end));
    if (nameClass === undefined) continue;
    const found = valueAfter(text, name, nameClass, nested);
    if (found === undefined) continue;
    // a long value may have taken in the name of what follows it, as a stream that let its beginning go would see
    if (found.accepted && found.end !== undefined)
      done = Math.max(done, found.end - (found.end - found.start > LONGEST_VALUE ? LONGEST_NAME : 0));
    yield found;
    KEYWORD.lastIndex = Math.max(resume, done);
  }
}

/** How many values have begun within the one that reaches to `until`. */
interface Nested {
  until: number;
  count: number;
}

/** Values within values that are judged: names strung together without a space would have each judged to the same end. */
const MOST_NESTED = 8;

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

function valueAfter(text: string, name: Name, nameClass: NameClass, nested: Nested): Found | undefined {
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
  const mark = quote.replace("@", "");
  const end = endOfValue(text, at, mark, value.style);
  if (end === NO_VALUE) return undefined;
  if (at >= nested.until) nested.count = 0;
  if (nested.count++ >= MOST_NESTED) return undefined;
  nested.until = Math.max(nested.until, end);
  const datum = text.slice(at, Math.min(end, at + LONGEST_VALUE));
  const cut = end === text.length && end - at < LONGEST_VALUE;
  const long = end - at >= LONGEST_VALUE;
  const accepted = judgeValue(datum, value, cut || long ? "" : text.charAt(end));
  if (cut) return { start: at, end: undefined, accepted };
  // only what is accepted is followed to its end, and skipped then: a run of rejected ones stays linear
  if (!long || !accepted) return { start: at, end, accepted };
  const last = endOfRun(text, end, mark, value.style);
  if (last < text.length) return { start: at, end: last, accepted };
  return { start: at, end: last, accepted, growth: growthOf(text.slice(at), mark, value.style) };
}
