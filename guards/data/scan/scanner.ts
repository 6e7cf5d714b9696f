// Runs the rules' automaton over a text. A run starts wherever a word may start and ends where no rule can go on, so the
// time is linear: a rule with an open repetition names what it repeats in `notAfter`, and can thus not start inside its
// own run. What is alive at the end of a text is held back by a stream; an open repetition counts as a match at LONGEST.
import type { DataMatch, Growth } from "../detector.ts";
import { type Certainty, CONTEXT, type DataRule } from "../rule.ts";
import { automatonOf } from "./automata.ts";
import { type Automaton, DEAD } from "./automaton.ts";
import { continuesWord, isWithinWord, mayEscape, symbolBefore, WORD } from "./boundary.ts";
import type { Hit } from "./hit.ts";
import { type SymbolSet, symbolOf, symbolSet } from "./pattern.ts";
import { Run } from "./run.ts";

/** Characters at which a match that still grows counts as one. */
export const LONGEST = 4096;
/** Characters to the right in which a word of context counts, in a text that is whole. */
const AFTER = 32;
/** Costly judgements in one text; what has the form beyond that is taken for a match. */
const COSTLY_JUDGEMENTS = 1000;

export class Scanner {
  readonly #rules: readonly DataRule[];
  readonly #notBefore: readonly SymbolSet[];
  readonly #alone: boolean;
  #made: Automaton | undefined;

  /** `alone`: a weak match that is the whole text counts, as when a person answers a question for their number */
  constructor(rules: readonly DataRule[], alone: boolean) {
    this.#rules = rules;
    this.#alone = alone;
    this.#notBefore = rules.map((rule) => symbolSet(rule.notBefore ?? "\\x"));
  }

  /** Made for the first text: a policy may look for what no request holds. */
  get #automaton(): Automaton {
    this.#made ??= automatonOf(this.#rules);
    return this.#made;
  }

  /** States of the automaton that texts have reached. */
  get size(): number {
    return this.#automaton.size;
  }

  find(text: string, from: number): readonly Hit[] {
    this.#automaton.trim();
    const hits: Hit[] = [];
    const budget = { left: COSTLY_JUDGEMENTS };
    const escaped = mayEscape(text);
    for (let start = from; start < text.length; start++) {
      if (!escaped && isWithinWord(text, start)) continue;
      const before = symbolBefore(text, start);
      if (before === WORD) continue;
      const first = this.#automaton.start(before);
      const short = Math.min(text.length, start + LONGEST);
      const ends: End[] = [];
      let at = this.#collect(first, text, start, short, ends);
      let state = this.#automaton.stopped;
      if (at === start + LONGEST && state !== DEAD) {
        for (const rule of this.#automaton.alive(state)) ends.push({ rule, end: at, long: true });
        at = this.#collect(state, text, at, text.length, ends);
        state = this.#automaton.stopped;
      }
      if (ends.length === 0) continue;
      const grows = at === text.length && at - start >= LONGEST && state !== DEAD;
      const growth = grows ? new Run(this.#automaton, this.#automaton.positionsOf(state)) : undefined;
      const growing = grows ? this.#automaton.alive(state) : NONE;
      this.#judge(text, start, { end: at, growth, growing }, ends, budget, hits);
    }
    return hits;
  }

  /** Goes on from `state` until no rule can, or to `to`, and notes where rules may end. */
  #collect(state: number, text: string, from: number, to: number, ends: End[]): number {
    const automaton = this.#automaton;
    let at = automaton.run(state, text, from, to);
    for (;;) {
      const reached = automaton.stopped;
      if (reached === DEAD || at === from) return at;
      for (const rule of automaton.ends(reached) ?? NONE) if (this.#mayEnd(rule, text, at)) this.#note(ends, rule, at);
      if (at === to) return at;
      at = automaton.run(reached, text, at, to);
    }
  }

  #note(ends: End[], rule: number, end: number): void {
    const last = ends.at(-1);
    if (this.#rules[rule]?.longest === true && last?.rule === rule && last.long !== true) last.end = end;
    else ends.push({ rule, end });
  }

  openFrom(text: string, from: number): number {
    this.#automaton.trim();
    for (let start = Math.max(from, text.length - LONGEST); start < text.length; start++) {
      const before = symbolBefore(text, start);
      if (before === WORD) continue;
      if (this.#isOpen(text, start, this.#automaton.start(before))) return start;
    }
    return text.length;
  }

  #isOpen(text: string, start: number, first: number): boolean {
    const automaton = this.#automaton;
    let state = first;
    for (let at = start; at < text.length; state = automaton.stopped) {
      const ended = at;
      at = automaton.run(state, text, at, text.length);
      if (automaton.stopped !== DEAD) continue;
      // a number ended right before a last `.`, `-` or `/`: a digit behind it would make it another number
      const last = ended === at && at === text.length - 1 && automaton.ends(state) !== undefined;
      return last && ".-/".includes(text.charAt(at));
    }
    return text.length - start < LONGEST;
  }

  #mayEnd(rule: number, text: string, at: number): boolean {
    if (at === text.length) return true;
    const symbol = symbolOf(text.charCodeAt(at));
    if (this.#notBefore[rule]?.[symbol] === 1) return false;
    if (this.#rules[rule]?.number !== true) return !continuesWord(text, at);
    const next = text.charCodeAt(at + 1);
    return !((symbol === 45 || symbol === 46 || symbol === 47) && next >= 48 && next <= 57) && !continuesWord(text, at);
  }

  /** The longest end of each rule that its judgement accepts. */
  #judge(text: string, start: number, run: RunEnd, ends: readonly End[], budget: Budget, hits: Hit[]): void {
    const done = new Set<number>();
    for (let index = ends.length - 1; index >= 0; index--) {
      const { rule: number, end, long } = ends[index] ?? { rule: -1, end: start };
      const rule = this.#rules[number];
      if (rule === undefined || done.has(number)) continue;
      if (rule.longest === true) done.add(number);
      const hit = this.#accepted(rule, text, start, end, budget);
      if (hit === undefined) continue;
      done.add(number);
      const goesOn = run.growing.includes(number);
      const reached = long === true || goesOn ? run.end : hit.end;
      const growth = goesOn ? run.growth : undefined;
      hits.push({ ...hit, end: reached, ...(growth === undefined ? {} : { growth }) });
    }
  }

  #accepted(rule: DataRule, text: string, start: number, end: number, budget: Budget): Hit | undefined {
    // what follows is known where a text is whole: `… is my passport number`
    const called = () =>
      rule.context !== undefined &&
      (rule.context.test(text.slice(Math.max(0, start - CONTEXT), start)) ||
        (this.#alone && rule.category === "personal_data" && rule.context.test(text.slice(end, end + AFTER))));
    const alone = this.#alone && rule.alone === true && start === 0 && end === text.length;
    if (rule.contextOnly === true && !alone && !called()) return undefined;
    const match = text.slice(start, end);
    const within = rule.datum === undefined ? ([0, match.length] as const) : rule.datum(match);
    if (within === null) return undefined;
    const certainty = judged(rule, match.slice(within[0], within[1]), match, budget);
    if (certainty === "no") return undefined;
    const named = called();
    if (certainty === "weak" && !named && !alone) return undefined;
    const found: DataMatch = {
      start: start + within[0],
      end: start + within[1],
      rule: rule.id,
      category: rule.category,
      kind: rule.kind,
    };
    return { ...found, weight: (rule.priority ?? 2) * 4 + (named ? 2 : 0) + (certainty === "sure" ? 1 : 0) };
  }
}

const NONE: readonly number[] = [];

/** Where no rule can go on, or the text ends and one may. */
interface RunEnd {
  readonly end: number;
  readonly growth: Growth | undefined;
  /** the rules that may */
  readonly growing: readonly number[];
}

interface End {
  readonly rule: number;
  end: number;
  /** still growing at LONGEST */
  readonly long?: boolean;
}

interface Budget {
  left: number;
}

function judged(rule: DataRule, datum: string, match: string, budget: Budget): Certainty {
  if (rule.judge === undefined) return "sure";
  if (rule.costly === true && budget.left-- <= 0) return "sure";
  return rule.judge(datum, match);
}
