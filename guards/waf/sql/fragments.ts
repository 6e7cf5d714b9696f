// Short values that are a piece of a query: its beginning or its end is missing because the application's own text stands
// there, or because an attacker splits a query over parameters. The tokenizer judges whole clauses; these are too short
// for it. Every pattern is bounded, and only values of at most `MAX` characters are looked at. What is anchored stands
// apart from what is not, so that it is tried once and not at every character.
import type { EmitSpan } from "../emit.ts";

const MAX = 256;

/** Where a piece may begin: the value itself, or a value inside it (`a=b` in one parameter). */
const AT = "(?:[\\w.[\\]@-]{1,48}=)?\\s{0,8}";
const OPERAND = "(?:[\\w.$]{1,40}|'[^']{0,40}'|\"[^\"]{0,40}\"|`[^`]{0,40}`)";
const JOIN = "(?:x?or|and|\\|\\||&&)";
const VERB =
  "(?:union|select|alter|insert|update|delete|drop|having|exec(?:ute)?|merge|truncate|create|replace|waitfor)";
const QUOTE = "['\"`]";

/** What a value begins with, or one inside it. */
const BEGINS: readonly string[] = [
  // joins without a left side
  `${JOIN}[\\s!(]{1,6}${OPERAND}\\s{0,8}(?:[!=]==?|<>|[<>]=?|=(?!>)|\\?[|&]|@>|\\s(?:not\\s{1,4})?(?:(?:like|regexp|rlike)\\s{0,4}['"%(]|in\\s{0,4}\\(|between\\s{1,4}['"\\d]))`,
  `(?:\\|\\||&&)\\(?${OPERAND}\\s{0,4}[!=]{1,3}`,
  "x?or\\s{1,8}\\d{1,12}\\s{0,4}[-<>=!]?\\s{0,4}$",
  // statements and clauses
  `${QUOTE}?\\s{0,4}union\\s{1,8}(?:all\\s{1,8}|distinct\\s{1,8})?select[\\s/*]{0,4}$`,
  // `'Delete' button is gone` quotes a word; a quote that nothing closes breaks out
  `(?:'\\s{0,4}${VERB}\\b(?=[^']{0,256}$)|\`\\s{0,4}${VERB}\\b(?=[^\`]{0,256}$)|"\\s{1,4}${VERB}\\b(?=[^"]{0,256}$)|${QUOTE}?\\s{0,4};\\s{0,4}${VERB}\\b)`,
  "values\\s{0,4}\\(\\s{0,4}(?:['\"]|\\d{1,9}\\s{0,4},)",
  "from\\s{1,4}[`[]?[\\w.`\\]]{1,64}\\s{1,4}where\\s{1,4}\\S{1,32}\\s{0,4}(?:[=<>]|(?:like|in)\\s{0,4}['\"(])",
  "from\\s{1,4}(?:[`[]|\\w{1,32}[_.])[\\w.`\\]]{1,64}\\s{1,4}(?:group\\s{1,4}by\\b|order\\s{1,4}by\\b|limit\\b)",
  "having\\s{1,4}\\d{1,9}\\s{0,4}[=<>]",
  "in\\s{0,4}(?:/\\*.{0,24}?\\*/)?\\s{0,4}\\((?:\\s{0,4}$|\\s{0,4}-?\\d{1,12}\\s{0,4},)",
  "(?:not\\s{1,4})?like\\s{1,4}null\\b",
  "case\\s{1,4}when\\s{1,4}\\S{1,40}\\s{1,4}then\\s",
  "if\\s{0,2}\\(\\s{0,2}\\d{1,9}\\s{0,2}=\\s{0,4}$",
  "(?:drop|truncate)\\s{1,4}[\\w.]{1,40}\\s{0,4};\\s{0,4}--",
];

/** What nothing may stand before. */
const ALONE: readonly string[] = [
  `[\\w.@-]{0,24}${QUOTE}\\s{0,8}${JOIN}[\\s(]{0,8}${OPERAND}\\s{0,8}[!-]\\s{0,4}$`,
  `${QUOTE}\\s{0,4}x?or\\s{1,4}\\w{2,16}\\s{1,4}\\d{1,6}$`,
  "\\s{0,8}\\)\\s{0,8}(?:not\\s)?(?:x?or|and|like|union|when|between|in|having|order\\s{1,4}by|group\\s{1,4}by|rlike|regexp)\\b",
  "\\w{0,16}'?\\d{1,6}'?\\s?=\\s?'\\d{1,6}'\\s",
  "div\\s{0,2}\\(\\s{0,2}-?[\\d.]{1,12}\\s{0,2},",
  "(?:\\W{1,4}|[\\d\\s]{1,12})\\s?as\\s{0,4}(?:\"[^\"]{0,24}\"|'[^']{0,24}'|[\"'])\\s{1,4}from\\b",
  // a quote and an end of statement
  "[\\w.@+-]{0,64}['`]\\s{0,2}(?:/\\*.{0,40}?\\*/\\s{0,2})?;\\s{0,4}(?:$|print\\b)|[\\w.+-]{1,64}@?[a-z.-]{1,40}\"\\s{0,2};\\s{0,4}$",
  "['\"`(]{0,2}(?:tempdb|msdb|mysql\\.(?:db|user)|msdasql|sqloledb|openrowset)['\"`)]{0,2}$",
  `${QUOTE}\\s?[!=<>|^]{1,2}\\s?${QUOTE}$`,
];

/** What a value holds. */
const HOLDS: readonly string[] = [
  `${QUOTE}\\s{0,8}${JOIN}[\\s(]{0,8}${OPERAND}\\s{0,8}(?:[<>=]{1,2}|!=)\\s{0,4}$`,
  `${QUOTE}\\s{0,8}(?:x?or|and)\\s{0,4}\\(?\\s{0,4}\\w{2,24}\\s{0,4}\\([^()]{0,40}\\)\\s{0,4}\\)?\\s{0,4};`,
  `${QUOTE}\\s{0,4}(?:(?:not\\s{1,4})?r(?:egexp|like)\\b|(?:not|is)null\\s{0,4}--)`,
  `\\\\['"]{1,2}\\s?${JOIN}\\b`,
  "\\b(?:or|and)\\s{0,4}/\\*\\s{0,4}\\+",
  "'\\s?[{[][^']{1,200}[}\\]]'\\s{0,4}(?:[<>=]|\\?[|&]|@>|<@|->|#>)",
  "[\u2018\u2019\u00b4]\\s{0,4}x?or\\s{0,4}[\u2018\u2019\u00b4]?\\d{1,6}[\u2018\u2019\u00b4]?\\s{0,4}=",
  "\\bsleep\\s?\\(\\s?\\d{1,6}\\s?\\.\\s?to_[a-z]\\b",
  "[\\d'\")]\\s{1,4}union\\s{1,8}(?:all\\s{1,8}|distinct\\s{1,8})?select\\s{1,8}(?:concat\\w{0,3}|user|version|database|char|@{1,2}\\w{1,16})\\b",
  "unionselect(?:from|all|null|char|concat|[\\d*])|\\b(?:unionselect|(?:sel)?selectect\\b|uni?union(?:i?on)\\b)",
  "\\(\\s{0,4}select\\s{0,4}$|\\bselect(?:\\*/|\\s{1,4}0x[0-9a-f]{4}|\\s{0,4}\\(\\s{0,4}(?:case\\b|(?:user|version|database|schema)\\s{0,4}\\()|\\s{1,4}(?:(?:pg_sleep|current_user|session_user|@@\\w{2,24})\\s{0,4}$|if\\(\\w))",
  "\\bset\\s{1,4}@[a-z]{2,16}_\\w{2,40}\\s{0,4}(?:=|$)|\\b(?:not\\s{1,4})?like\\s{1,4}['\"]$",
  "\\b(?:alter|create|drop|truncate)\\s{1,4}(?:table|database|view|index)\\s{1,4}(?:if\\s{1,4}(?:not\\s{1,4})?exists\\s{1,4})?[`[]\\w",
];

// sticky: without it each piece would be tried at every character
const BEGINNING = new RegExp(`${AT}(?:${BEGINS.join("|")})|${ALONE.join("|")}`, "y");
const HELD = new RegExp(HOLDS.join("|"));

/** @param lower the text in lower case */
export function judgeFragments(lower: string, emit: EmitSpan): void {
  if (lower.length > MAX || lower.length < 2) return;
  BEGINNING.lastIndex = 0;
  const match = BEGINNING.exec(lower) ?? HELD.exec(lower);
  if (match !== null) emit("sql-fragment", match.index, match.index + match[0].length);
}
