// What the structure of a text says, whatever its words: fake turns, hidden characters, bombs.
import type { PromptText } from "../../../protocol/openai/text-of.ts";
import type { Finding } from "../../finding.ts";
import type { View } from "../../text/view.ts";
import { MIN_CHARS, novelty } from "./repetition.ts";
import { MEASURE_RULES, PATTERN_RULES, type StructureRule, TURN_PATTERN } from "./rules.ts";
import { countSigns } from "./signs.ts";

type Role = PromptText["role"];

const PATTERNS = new RegExp(PATTERN_RULES.map((rule) => `(${rule.pattern})`).join("|"), "gimu");
const TURNS = new RegExp(TURN_PATTERN, "gimu");
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
  PATTERNS.lastIndex = 0;
  for (let count = 0; count < MAX_MATCHES; count++) {
    const match = PATTERNS.exec(text);
    if (match === null) return;
    const rule = PATTERN_RULES[match.slice(1).findIndex((group) => group !== undefined)];
    if (rule !== undefined) add(rule, match.index, match.index + match[0].length);
  }
}

function turns(text: string, add: Add): void {
  TURNS.lastIndex = 0;
  let count = 0;
  let first = 0;
  for (let match = TURNS.exec(text); match !== null && count < MANY_TURNS; match = TURNS.exec(text)) {
    if (count === 0) first = match.index;
    count++;
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
