// The guard of one growing text. What no watch holds leaves at once; what one finds is cut or replaced, in the order in
// which it stands, once no watch can find anything before it: so how the text was cut into pieces decides nothing.
//
//   text → watches of what is held → released up to the first character that may still be part of a finding
//                                    → watches of what is only reported
import { Echoes } from "./echoes.ts";
import type { Findings } from "./findings.ts";
import { Onlooker } from "./onlooker.ts";
import { Passage } from "./passage.ts";
import type { OutputRules } from "./rules.ts";
import type { TextWatches } from "./text-watches.ts";
import { byPlace, type Hit } from "./watch.ts";

const NEVER = Number.POSITIVE_INFINITY;
/** A whole answer goes through like a stream: what its views keep of it stays small. */
const PIECE = 8192;

export interface Step {
  /** what may leave now, after all that left before */
  readonly release: string;
  /** the text ends here: what comes is not taken */
  readonly cut: boolean;
}

const NOTHING: Step = { release: "", cut: false };

export class ChannelGuard {
  readonly #rules: OutputRules;
  readonly #findings: Findings;
  readonly #where: string;
  readonly #held: TextWatches | null;
  readonly #onlooker: Onlooker;
  readonly #passage = new Passage();
  #hits: Hit[] = [];
  readonly #echoes: Echoes;
  #over = false;
  cut = false;
  /** Milliseconds on the caller's clock when `tick` has something to do; infinite for never. */
  dueMs = NEVER;

  /** @param where the text's place, for findings */
  constructor(rules: OutputRules, findings: Findings, where: string) {
    this.#rules = rules;
    this.#findings = findings;
    this.#where = where;
    this.#held = rules.watches(true);
    this.#echoes = new Echoes(rules);
    this.#onlooker = new Onlooker(rules, findings, where);
  }

  /** @param nowMs any clock that does not run backwards; the same in `tick` */
  push(delta: string, nowMs: number): Step {
    if (delta.length <= PIECE) return this.#push(delta, nowMs);
    let release = "";
    for (let at = 0; at < delta.length && !this.#over; at += PIECE)
      release += this.#push(delta.slice(at, at + PIECE), nowMs).release;
    return { release, cut: this.cut };
  }

  #push(delta: string, nowMs: number): Step {
    if (this.#over) return NOTHING;
    this.#passage.take(delta);
    if (this.#held === null) return { release: this.#pass(NEVER), cut: false };
    this.#held.push(delta);
    return this.#advance(this.#held, nowMs);
  }

  /** Judges what waited for company. */
  tick(nowMs: number): Step {
    if (nowMs < this.dueMs || this.#over || this.#held === null) return NOTHING;
    this.#held.settle();
    return this.#advance(this.#held, nowMs);
  }

  /** Nothing follows. */
  end(): Step {
    if (this.#over) return NOTHING;
    this.#over = true;
    this.dueMs = NEVER;
    this.#held?.end();
    const step = this.#step(NEVER);
    this.#onlooker.end();
    return step;
  }

  /** Whether `end` would cut: asked where an end is likely, but not certain. */
  get endsCut(): boolean {
    if (this.#over || this.#held === null || this.#passage.waiting === 0) return false;
    const copy = this.#held.fork();
    copy.end();
    const hits = [...this.#hits, ...copy.take()];
    const echoes = this.#echoes.fork();
    return hits.some(
      (hit) => !echoes.takes(hit, this.#passage.original(hit)) && this.#rules.modes[hit.category] === "block",
    );
  }

  /** Characters that are held now. */
  get heldChars(): number {
    return this.#passage.waiting;
  }

  /** Whether the text from there to there left as it came; null while that is not known. */
  untouched(start: number, end: number): boolean | null {
    return this.#passage.untouched(start, end);
  }

  #advance(held: TextWatches, nowMs: number): Step {
    const step = this.#step(held.openFrom);
    if (!held.unjudged || step.cut) this.dueMs = NEVER;
    else this.dueMs = Math.min(this.dueMs, nowMs + this.#rules.limits.maxHeldMs);
    return step;
  }

  /** @param horizon no hit still to come starts before it */
  #step(horizon: number): Step {
    this.#hits.push(...(this.#held?.take() ?? []));
    if (this.#hits.length > 1) this.#hits.sort(byPlace);
    let release = "";
    let next = this.#hits[0];
    while (next !== undefined && next.start < horizon) {
      this.#hits.shift();
      release += this.#act(next);
      if (this.cut) return { release, cut: true };
      next = this.#hits[0];
    }
    return { release: release + this.#pass(horizon), cut: false };
  }

  /** What leaves up to the hit and in its place. */
  #act(hit: Hit): string {
    const mode = this.#rules.modes[hit.category];
    if (mode === "off" || this.#echoes.takes(hit, this.#passage.original(hit))) return "";
    if (mode === "report") {
      this.#findings.add(hit, mode, this.#where);
      return "";
    }
    const before = this.#pass(hit.start);
    if (mode === "block") {
      this.#findings.add(hit, mode, this.#where);
      this.#close();
      return before;
    }
    const redacted = this.#passage.redact(hit.start, hit.end, hit.category === "secret");
    if (redacted !== false) this.#findings.add(hit, mode, this.#where);
    return redacted === "new" && hit.continues !== true ? `${before}[REDACTED:${hit.kind}]` : before;
  }

  #close(): void {
    this.#onlooker.end();
    this.#passage.drop();
    this.#hits = [];
    this.#over = true;
    this.cut = true;
    this.dueMs = NEVER;
  }

  #pass(to: number): string {
    const { leaves, original } = this.#passage.pass(to);
    this.#onlooker.see(original);
    return leaves;
  }
}
