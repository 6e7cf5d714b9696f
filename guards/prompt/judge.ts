// Everything that is judged of a prompt: all its texts, each in all its views, one at a time.
//
//   size → for each text, for each view of it: forged turns, structure, injection (classifier, then phrases), data
//
// The first finding that policy lets block ends it: what is refused needs no complete list, and an attacker who pays for
// one refusal should not buy the work of a hundred. What only is reported goes on.
import type { Verdict } from "../../protocol/audit.ts";
import type { PromptText } from "../../protocol/openai/text-of.ts";
import type { DataMatch } from "../data/index.ts";
import { type Finding, verdictOf } from "../finding.ts";
import { type View, views } from "../text/index.ts";
import { type Classification, type ClassifierRole, classify, tokensOf } from "./classifier/index.ts";
import { classifierRole, dataMode, type GuardMode, type PromptGuard } from "./config.ts";
import { findPhrases } from "./phrases/index.ts";
import { BLOCK_AT, cutOffFinding, structureFindings, templateFindings } from "./structure/index.ts";
import { suspicionAt } from "./suspicion.ts";

/** A text that may be an injection: a guard model is asked about it. */
export interface Doubt {
  readonly where: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

export type Block =
  | { readonly kind: "too_long"; readonly where: string }
  | { readonly kind: "finding"; readonly where: string; readonly finding: Finding };

export interface PromptJudgement {
  readonly verdicts: readonly Verdict[];
  /** null lets the prompt pass */
  readonly blocked: Block | null;
  /** 0 to 1: the classifier's highest, or that of a certain rule */
  readonly score: number;
  /** UTF-16 units of all texts, second views not counted; up to the limit where that was passed */
  readonly chars: number;
  /** what is to be replaced before the prompt leaves, by place; in order, none overlapping another */
  readonly redactions: ReadonlyMap<string, { readonly text: string; readonly matches: readonly DataMatch[] }>;
  /** the likeliest injection below the threshold, where policy wants a second opinion */
  readonly doubt: Doubt | null;
}

export function judgePrompt(texts: Iterable<PromptText>, guard: PromptGuard): PromptJudgement {
  const judging = new Judging(guard);
  for (const text of texts) {
    judging.text(text);
    if (judging.blocked !== null) break;
  }
  return judging;
}

class Judging implements PromptJudgement {
  readonly #guard: PromptGuard;
  readonly #verdicts: Verdict[] = [];
  /** values that were found where they can be replaced */
  readonly #replaced = new Set<string>();
  readonly redactions = new Map<string, { readonly text: string; readonly matches: readonly DataMatch[] }>();
  chars = 0;
  score = 0;
  blocked: Block | null = null;
  doubt: Doubt | null = null;

  constructor(guard: PromptGuard) {
    this.#guard = guard;
  }

  get verdicts(): readonly Verdict[] {
    return this.#verdicts;
  }

  text(item: PromptText): void {
    const { where, text } = item;
    if (item.view !== true) this.chars += text.length;
    if (this.chars > this.#guard.maxPromptChars) {
      this.#verdicts.push({ rule: "prompt.length", action: "block", where });
      this.blocked = { kind: "too_long", where };
      return;
    }
    if (text === "") return;
    // as it stands first: what a view folds (a full-width bar) may be the token itself
    this.#shape(item);
    if (this.blocked === null) this.#data(item, text, null);
    const all = views(text);
    for (let first = true; this.blocked === null; first = false) {
      const next = all.next();
      if (next.done === true) {
        // who makes more disguises than are undone is told from who makes none
        if (!next.value) this.#structure(item, [cutOffFinding(text, item.role)], this.#guard.structure);
        return;
      }
      this.#view(item, next.value, first);
    }
  }

  #view(item: PromptText, view: View, isBase: boolean): void {
    // the base view mostly is the text itself, which was looked through as it stands
    const isNew = !isBase || view.text !== item.text;
    if (isNew) this.#shape(item, view);
    if (this.blocked === null && item.words !== "apart") this.#injection(item, view);
    if (this.blocked === null && isNew) this.#data(item, view.text, view);
  }

  /** What a text's form says, whatever its words: tokens of chat templates, then everything else. */
  #shape(item: PromptText, view?: View): void {
    const { controlTokens, structure } = this.#guard;
    if (controlTokens !== "off") this.#structure(item, templateFindings(item.text, view), controlTokens);
    if (this.blocked === null && structure !== "off")
      this.#structure(item, structureFindings(item.text, item.role, view), structure);
  }

  /** Findings that are certain do what policy says of their kind; others are signals. */
  #structure({ where }: PromptText, findings: readonly Finding[], mode: GuardMode): void {
    if (mode === "off") return;
    for (const finding of findings) {
      this.#found(where, finding, finding.score >= BLOCK_AT ? mode : "report");
      if (this.blocked !== null) return;
    }
  }

  /** The classifier weighs whole passages, the phrases read single orders: either is enough. */
  #injection(item: PromptText, view: View): void {
    const { mode } = this.#guard.injection;
    const writer = classifierRole(this.#guard, item.role, item.file === true);
    if (mode === "off" || writer === null || view.text.length < MIN_INJECTION_CHARS) return;
    const tokens = tokensOf(view.text);
    this.#classified(item, view, classify(view.text, writer, tokens), writer, mode);
    if (this.blocked !== null) return;
    for (const { rule, start, end } of findPhrases(view.text, writer, tokens)) {
      const finding = inOriginal({ rule, category: "injection", score: 1, start, end }, view);
      this.#found(item.where, finding, mode);
      if (this.blocked !== null) return;
    }
  }

  #classified(
    { where, text }: PromptText,
    view: View,
    { score, spans }: Classification,
    writer: ClassifierRole,
    mode: "block" | "report",
  ): void {
    const { injection } = this.#guard;
    this.score = Math.max(this.score, score);
    const threshold = injection.thresholds[writer] * suspicionAt(view);
    const { escalateFrom = threshold } = injection;
    if (score < Math.min(threshold, escalateFrom)) return;
    const [window = { start: 0, end: view.text.length }] = spans;
    const rule = writer === "user" ? "injection.user" : "injection.untrusted";
    const finding = inOriginal({ rule, category: "injection", score, start: window.start, end: window.end }, view);
    this.#found(where, finding, score >= threshold ? mode : "report");
    const doubtful = score < threshold && score > (this.doubt?.score ?? 0);
    if (doubtful) this.doubt = { where, text, start: finding.start, end: finding.end, score };
  }

  /** @param view null: the text as it stands, where a datum can be replaced */
  #data({ where, text, view: joined, words }: PromptText, read: string, view: View | null): void {
    const { detector } = this.#guard;
    // a document's data are looked for where they can be replaced: in the document
    if (detector === null || words === "only") return;
    const replaced: DataMatch[] = [];
    for (const match of detector.find(read)) {
      const { rule, category, kind } = match;
      const mode = dataMode(this.#guard, category, kind);
      if (mode === "off") continue;
      const value = read.slice(match.start, match.end);
      const found = { rule, category, score: 1, start: match.start, end: match.end };
      const finding = view === null ? found : inOriginal(found, view);
      if (mode !== "redact") {
        if (joined === true && this.#replaced.has(value)) continue;
        this.#found(where, finding, mode);
        if (this.blocked !== null) return;
        continue;
      }
      if (view === null && joined !== true) {
        replaced.push(match);
        this.#replaced.add(value);
        this.#record(where, finding, "redact");
      } else if (!this.#replaced.has(value)) {
        // in a disguise, or cut into two parts: it cannot be taken out, so it does not leave
        this.#found(where, finding, "block");
        return;
      }
    }
    if (replaced.length > 0) this.redactions.set(where, { text, matches: replaced });
  }

  #found(where: string, finding: Finding, mode: "block" | "report"): void {
    this.#record(where, finding, mode);
    if (mode !== "block") return;
    this.score = Math.max(this.score, finding.score);
    this.blocked = { kind: "finding", where, finding };
  }

  /** The last place is kept for what blocks: it is always told. One verdict a rule, place and view is enough. */
  #record(where: string, finding: Finding, action: Verdict["action"]): void {
    if (action !== "block" && this.#verdicts.length >= this.#guard.maxVerdicts - 1) return;
    const verdict = verdictOf(finding, action, where);
    if (action === "report" && this.#verdicts.some((known) => known.rule === verdict.rule && known.where === where))
      return;
    this.#verdicts.push(verdict);
  }
}

/** Two or three words say nothing of what they want, and a classifier of sentences guesses. */
const MIN_INJECTION_CHARS = 16;

function inOriginal(finding: Finding, view: View): Finding {
  const span = view.spanOf(finding.start, finding.end);
  return view.name === "plain" ? { ...finding, ...span } : { ...finding, ...span, view: view.name };
}
