// What the structure of a text says, whatever its words: fake turns, hidden characters, bombs.
import type { PromptText } from "../../../protocol/openai/text-of.ts";
import type { Finding } from "../../finding.ts";
import { nextMatch } from "../../text/next-match.ts";
import type { View } from "../../text/view.ts";
import { MIN_CHARS, novelty } from "./repetition.ts";
import { MEASURE_RULES, PATTERN_RULES, type StructureRule, TURN_PATTERN } from "./rules.ts";
import { countSigns } from "./signs.ts";

type Role = PromptText["role"];

const PATTERNS = new RegExp(PATTERN_RULES.map((rule) => `(${rule.pattern})`).join("|"), "imuy");
const TURNS = new RegExp(TURN_PATTERN, "imuy");
/** What every pattern begins with, unless it begins with a line: the places at which they are tried. */
const LEAD = /[\n\r\u2028\u2029[{<"'=*#_~>-]/g;
const LINE_END = /[\n\r\u2028\u2029]/g;
/** Matches of patterns in one text that are told apart; past these it is known what the text is about. */
const MAX_MATCHES = 64;
const MANY_TURNS = 24;
const DIALOGUE_TURNS = 3;
/** Repetition: of a text that long, and with that share of new shingles. */
const BOMB_CHARS = 32_768;
const BOMB_NOVELTY = 0.01;
const REPEATED_NOVELTY = 0.05;
const OVERSIZE = 400_000;

/**
 * Findings of one text or view, at most one a rule: the first place of each. Linear in the text.
 * @param text the original; read when no view is given
 * @param role who is said to speak: users and assistants are trusted more than tools
 * @param view a decoded view of the original: its text is read, offsets are the original's, findings carry its name.
 *   Measures (hidden characters, bombs, sizes) are taken of the original only: call it once without a view, and for
 *   each view that differs.
 */
export function structureFindings(text: string, role: Role, view?: View): readonly Finding[] {
  const read = view?.text ?? text;
  const found = new Map<string, Finding>();
  const add = ({ id, score, untrusted }: StructureRule, start: number, end: number): void => {
    if (found.has(id)) return;
    const span = view === undefined ? { start, end } : view.spanOf(start, end);
    const shown = view === undefined || view.name === "plain" ? {} : { view: view.name };
    found.set(id, { rule: id, category: "structure", score: isTrusted(role) ? score : untrusted, ...span, ...shown });
  };
  patterns(read, add);
  turns(read, add);
  if (read === text) measures(text, add);
  return [...found.values()];
}

/** The finding for a text whose views the limits cut off (what `views` returned was false). */
export function cutOffFinding(text: string, role: Role): Finding {
  const { id, score, untrusted } = MEASURE_RULES.cutOff;
  return { rule: id, category: "structure", score: isTrusted(role) ? score : untrusted, start: 0, end: text.length };
}

type Add = (rule: StructureRule, start: number, end: number) => void;

function isTrusted(role: Role): boolean {
  return role !== "tool" && role !== "function";
}

function patterns(text: string, add: Add): void {
  let count = 0;
  for (const match of tried(PATTERNS, LEAD, text)) {
    const rule = PATTERN_RULES[match.slice(1).findIndex((group) => group !== undefined)];
    if (rule !== undefined) add(rule, match.index, match.index + match[0].length);
    if (++count >= MAX_MATCHES) return;
  }
}

/**
 * Matches in order, none overlapping another, of an expression that begins with a line or with one of `lead`: most of a
 * text is passed over by the engine's search for these.
 */
function* tried(sticky: RegExp, lead: RegExp, text: string): Generator<RegExpExecArray> {
  for (let sign = -1, place = 0, done = 0; sign < text.length; ) {
    sticky.lastIndex = place;
    const match = place < done ? null : sticky.exec(text);
    if (match !== null) {
      yield match;
      done = place + Math.max(1, match[0].length);
    }
    sign = nextMatch(lead, text, Math.max(sign + 1, done - 1));
    // a line begins behind its end
    place = isLineEnd(text.charCodeAt(sign)) ? sign + 1 : sign;
  }
}

function isLineEnd(unit: number): boolean {
  return unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029;
}

function turns(text: string, add: Add): void {
  let count = 0;
  let first = 0;
  for (const match of tried(TURNS, LINE_END, text)) {
    if (count === 0) first = match.index;
    if (++count >= MANY_TURNS) break;
  }
  if (count >= MANY_TURNS) add(MEASURE_RULES.manyShot, first, text.length);
  else if (count >= DIALOGUE_TURNS) add(MEASURE_RULES.dialogue, first, text.length);
}

function measures(text: string, add: Add): void {
  const whole = (rule: StructureRule) => add(rule, 0, text.length);
  const { tags, selectors, invisible, overrides, marks, unprintable, oneCharacterRun } = countSigns(text);
  if (tags >= 8) whole(MEASURE_RULES.hiddenTags);
  if (selectors >= 8) whole(MEASURE_RULES.hiddenSelectors);
  if (invisible >= 12 && invisible * 50 > text.length) whole(MEASURE_RULES.invisible);
  if (overrides > 0) whole(MEASURE_RULES.override);
  if (marks >= 24) whole(MEASURE_RULES.marks);
  if (unprintable >= 32 && unprintable * 10 > text.length) whole(MEASURE_RULES.unprintable);
  if (oneCharacterRun > 0) whole(MEASURE_RULES.stuffing);
  if (text.length > OVERSIZE) whole(MEASURE_RULES.oversize);
  if (text.length < MIN_CHARS) return;
  const fresh = novelty(text);
  if (fresh < BOMB_NOVELTY && text.length >= BOMB_CHARS) whole(MEASURE_RULES.bomb);
  else if (fresh < REPEATED_NOVELTY) whole(MEASURE_RULES.repetition);
}
