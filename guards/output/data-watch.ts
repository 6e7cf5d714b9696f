// Secrets and personal data in a growing text: runs a detector over a window of it, which is what the detector looks at
// to the left and what it holds open, never the whole text again.
import type { DataDetector, DataMatch, Growth } from "../data/detector.ts";
import type { Hit, Watch } from "./watch.ts";

/** Text waits for company behind a long partial match, so that this is not read again for each character of it. */
const HELD_PER_CHAR = 16;

export class DataWatch implements Watch {
  readonly #detector: DataDetector;
  readonly #maxUnjudged: number;
  /** the window; `#base` is where it starts in the watched text */
  #text = "";
  #base: number;
  /** all within the window: where the search begins, from where text is held, and up to where it was judged */
  #from = 0;
  #open = 0;
  #judged = 0;
  #hits: Hit[] = [];
  /** data that count as such already and still go on */
  #growing: Growing[] = [];

  /** @param base where the watched text starts counting */
  constructor(detector: DataDetector, maxUnjudged: number, base = 0) {
    this.#detector = detector;
    this.#maxUnjudged = maxUnjudged;
    this.#base = base;
  }

  push(text: string): void {
    this.#text += text;
    this.#grow();
    const wait = Math.min(this.#maxUnjudged, (this.#judged - this.#from) / HELD_PER_CHAR);
    if (this.#text.length - this.#judged >= wait) this.settle();
  }

  get unjudged(): boolean {
    return this.#judged < this.#text.length;
  }

  settle(): void {
    if (!this.unjudged) return;
    const { maxHeld, maxContext } = this.#detector;
    const text = this.#text;
    const open = Math.max(this.#open, this.#detector.openFrom(text, this.#from));
    // where all is open from the first character on, nothing can be final: spares a search for each piece of a long one
    const found = open > this.#from ? this.#detector.find(text, this.#from) : [];
    const matches = found.filter((match) => !this.#follows(match, open));
    const unsettled = matches.find(({ end }) => end > open);
    for (const match of matches) {
      if (match === unsettled) break;
      this.#hit(match);
    }
    this.#open = Math.min(open, unsettled?.start ?? open);
    const settled = matches.findLast(({ end }) => end <= this.#open)?.end ?? 0;
    // a match may begin with what names it (`Basic …`), before the datum: the search for it begins where it began
    this.#from = unsettled === undefined ? this.#open : Math.max(this.#from, settled);
    // a detector that holds on for longer than it promised must not open a way around the guard, nor hold for good
    if (text.length - this.#open > maxHeld + this.#maxUnjudged) {
      this.#hit({ start: this.#open, end: text.length, rule: "data.overlong", category: "secret", kind: "overlong" });
      this.#open = text.length;
      this.#from = text.length;
    }
    this.#judged = text.length;
    this.#forget(Math.max(0, Math.min(this.#from, this.#grownTo) - maxContext));
  }

  /** What has reached its maximum is told at once, and followed to its end; what began before it may still take it in. */
  #follows(match: DataMatch, open: number): boolean {
    const { growth, start, end } = match;
    if (start >= open || (growth === undefined && end - start < this.#detector.maxHeld)) return false;
    const to = end - (growth?.undecided ?? 0);
    this.#hit({ ...match, end: to });
    if (growth !== undefined) this.#growing.push({ match, growth, since: this.#base + start, to: this.#base + to });
    return true;
  }

  /** Looks how far the followed ones go in what is new. What begins within them is looked for all the same. */
  #grow(): void {
    this.#growing = this.#growing.flatMap(({ match, growth, since, to }) => {
      const start = to - this.#base;
      const next = growth.after(this.#text.slice(start));
      const end = start + next.end - (next.growth?.undecided ?? 0);
      if (end > start) this.#hit({ ...match, start, end }, true);
      return next.growth === null ? [] : [{ match, growth: next.growth, since, to: this.#base + end }];
    });
  }

  /** Within the window: from where a followed one may go on. */
  get #grownTo(): number {
    return Math.min(this.#text.length, ...this.#growing.map(({ to }) => to - this.#base));
  }

  #forget(keepFrom: number): void {
    this.#text = this.#text.slice(keepFrom);
    this.#base += keepFrom;
    this.#from -= keepFrom;
    this.#open -= keepFrom;
    this.#judged -= keepFrom;
  }

  end(): void {
    for (const { match, to } of this.#growing)
      if (to - this.#base < this.#text.length)
        this.#hit({ ...match, start: to - this.#base, end: this.#text.length }, true);
    this.#growing = [];
    for (const match of this.#detector.find(this.#text, this.#from)) this.#hit(match);
    this.#from = this.#text.length;
    this.#open = this.#text.length;
    this.#judged = this.#text.length;
  }

  get openFrom(): number {
    return this.#base + Math.min(this.#open, this.#grownTo);
  }

  get dependsFrom(): number {
    return Math.min(this.#base, ...this.#growing.map(({ since }) => since));
  }

  take(): Hit[] {
    if (this.#hits.length === 0) return this.#hits;
    const taken = this.#hits;
    this.#hits = [];
    return taken;
  }

  fork(): DataWatch {
    const copy = new DataWatch(this.#detector, this.#maxUnjudged, this.#base);
    copy.#text = this.#text;
    copy.#from = this.#from;
    copy.#open = this.#open;
    copy.#judged = this.#judged;
    copy.#hits = [...this.#hits];
    copy.#growing = [...this.#growing];
    return copy;
  }

  #hit(match: Pick<Hit, "start" | "end" | "rule" | "category" | "kind">, continues = false): void {
    const { rule, category, kind } = match;
    const value = this.#text.slice(match.start, match.end);
    const [start, end] = [this.#base + match.start, this.#base + match.end];
    this.#hits.push({ rule, category, kind, start, end, score: 1, ...(continues ? { continues } : { value }) });
  }
}

interface Growing {
  readonly match: DataMatch;
  readonly growth: Growth;
  /** where it began in the watched text, and up to where it has been told */
  readonly since: number;
  readonly to: number;
}
