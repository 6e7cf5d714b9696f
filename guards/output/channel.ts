// The guard of one growing text. What no watch holds leaves at once; what one finds is cut or replaced, in the order in
// which it stands, once no watch can find anything before it: so how the text was cut into pieces decides nothing.
//
//   text → watches of what is held → released up to the first character that may still be part of a finding
//                                    → watches of what is only reported, which see what has passed and nothing else
import type { Findings } from "./findings.ts";
import type { OutputRules } from "./rules.ts";
import type { TextWatches } from "./text-watches.ts";
import type { Hit } from "./watch.ts";

const NEVER = Number.POSITIVE_INFINITY;

export interface Step {
  /** what may leave now, after all that left before */
  readonly release: string;
  /** the text ends here: what comes is not taken */
  readonly cut: boolean;
}

export class ChannelGuard {
  readonly #rules: OutputRules;
  readonly #findings: Findings;
  readonly #where: string;
  #held: TextWatches | null;
  #reported: TextWatches | null;
  /** text from `#done` on: not passed yet */
  #text = "";
  #done = 0;
  #hits: Hit[] = [];
  #toReport: Hit[] = [];
  #redactedTo = 0;
  /** the redacted token may go on: its rule's maximum ended before it did */
  #swallows = false;
  #over = false;
  cut = false;
  /** Milliseconds on the caller's clock when `tick` has something to do; infinite for never. */
  dueMs = NEVER;

  constructor(rules: OutputRules, findings: Findings, where: string) {
    this.#rules = rules;
    this.#findings = findings;
    this.#where = where;
    this.#held = rules.watches(true);
    this.#reported = rules.watches(false);
  }

  push(delta: string, nowMs: number): Step {
    if (this.#over) return { release: "", cut: false };
    if (this.#held === null) return this.#passAll(delta);
    this.#text += delta;
    this.#held.push(delta);
    return this.#advance(nowMs);
  }

  /** Judges what waited for company. */
  tick(nowMs: number): Step {
    if (nowMs < this.dueMs) return { release: "", cut: false };
    this.#held?.settle();
    return this.#advance(nowMs);
  }

  /** Nothing follows. */
  end(): Step {
    if (this.#over) return { release: "", cut: false };
    this.#over = true;
    this.dueMs = NEVER;
    if (this.#held === null) {
      this.#endReport();
      return { release: "", cut: false };
    }
    this.#held.end();
    const step = this.#step(NEVER);
    if (!step.cut) this.#endReport();
    return step;
  }

  /** Whether `end` would cut: asked where an end is likely, but not certain. */
  get endsCut(): boolean {
    if (this.#over || this.#held === null || this.#text === "") return false;
    const copy = this.#held.fork();
    copy.end();
    const hits = [...this.#hits, ...copy.take()];
    return hits.some((hit) => this.#rules.modes[hit.category] === "block" && !this.#rules.knows(hit));
  }

  /** Characters that are held now. */
  get heldChars(): number {
    return this.#text.length;
  }

  /** Offset up to which the original text has passed. */
  get passed(): number {
    return this.#done;
  }

  /** Offset up to which text was replaced: what lies before it left in another form. */
  get redactedTo(): number {
    return this.#redactedTo;
  }

  #passAll(delta: string): Step {
    this.#done += delta.length;
    this.#report(delta);
    return { release: delta, cut: false };
  }

  #advance(nowMs: number): Step {
    const held = this.#held;
    if (held === null || this.#over) return { release: "", cut: false };
    const step = this.#step(held.openFrom);
    if (!held.unjudged || step.cut) this.dueMs = NEVER;
    else this.dueMs = Math.min(this.dueMs, nowMs + this.#rules.limits.maxHeldMs);
    return step;
  }

  /** @param horizon no finding still to come starts before it */
  #step(horizon: number): Step {
    const held = this.#held;
    if (held !== null) this.#hits.push(...held.take());
    this.#hits.sort(byPlace);
    let release = "";
    let taken = 0;
    for (const hit of this.#hits) {
      if (hit.start >= horizon) break;
      taken += 1;
      const mode = this.#rules.modes[hit.category];
      if (mode === "off" || this.#rules.knows(hit)) continue;
      if (mode === "report") {
        this.#findings.add(hit, mode, this.#where);
        continue;
      }
      release += this.#pass(Math.max(hit.start, this.#done));
      if (mode === "block") return this.#cutAt(hit, release);
      release += this.#redact(hit);
    }
    this.#hits = this.#hits.slice(taken);
    release += this.#pass(Math.min(horizon, this.#done + this.#text.length));
    return { release, cut: false };
  }

  #cutAt(hit: Hit, release: string): Step {
    this.#findings.add(hit, "block", this.#where);
    this.#endReport();
    this.#text = "";
    this.#hits = [];
    this.#over = true;
    this.cut = true;
    this.dueMs = NEVER;
    return { release, cut: true };
  }

  #redact(hit: Hit): string {
    const within = hit.start < this.#redactedTo;
    // the same datum, seen once more in another view
    if (within && hit.end <= this.#redactedTo) return "";
    this.#findings.add(hit, "redact", this.#where);
    this.#redactedTo = hit.end;
    this.#swallows = hit.category === "secret";
    return within ? "" : `[REDACTED:${hit.kind}]`;
  }

  /** The text up to there leaves, without what is redacted. */
  #pass(to: number): string {
    if (to <= this.#done) return "";
    const original = this.#text.slice(0, to - this.#done);
    let at = Math.min(original.length, Math.max(0, this.#redactedTo - this.#done));
    while (this.#swallows && at < original.length && isTokenUnit(original.charCodeAt(at))) at += 1;
    if (at < original.length) this.#swallows = false;
    // a token that goes on is redacted as far as it goes
    if (this.#swallows) this.#redactedTo = Math.max(this.#redactedTo, to);
    this.#text = this.#text.slice(original.length);
    this.#done = to;
    this.#report(original);
    return original.slice(at);
  }

  #report(text: string): void {
    if (this.#reported === null || text === "") return;
    this.#reported.push(text);
    this.#reportHits(this.#reported, this.#reported.openFrom);
  }

  #endReport(): void {
    this.#reported?.end();
    if (this.#reported !== null) this.#reportHits(this.#reported, NEVER);
    this.#reported = null;
  }

  #reportHits(watches: TextWatches, horizon: number): void {
    this.#toReport.push(...watches.take());
    if (this.#toReport.length === 0) return;
    this.#toReport.sort(byPlace);
    const due = this.#toReport.filter((hit) => hit.start < horizon);
    this.#toReport = this.#toReport.slice(due.length);
    for (const hit of due)
      if (this.#rules.modes[hit.category] === "report" && !this.#rules.knows(hit))
        this.#findings.add(hit, "report", this.#where);
  }
}

function byPlace(a: Hit, b: Hit): number {
  return a.start - b.start || b.end - a.end || order(a.rule, b.rule) || order(a.view ?? "", b.view ?? "");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isTokenUnit(unit: number): boolean {
  const alphanumeric = (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 122);
  return alphanumeric || unit === 0x2b || unit === 0x2d || unit === 0x2f || unit === 0x3d || unit === 0x5f;
}
