// Secrets and personal data in a growing text: runs a detector over a window of it, which is what the detector looks at
// to the left and what it holds open, never the whole text again.
import type { DataDetector } from "../data/detector.ts";
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

  /** @param base where the watched text starts counting */
  constructor(detector: DataDetector, maxUnjudged: number, base = 0) {
    this.#detector = detector;
    this.#maxUnjudged = maxUnjudged;
    this.#base = base;
  }

  push(text: string): void {
    this.#text += text;
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
    const matches = open > this.#from ? this.#detector.find(text, this.#from) : [];
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
    this.#forget(Math.max(0, this.#from - maxContext));
    this.#judged = this.#text.length;
  }

  #forget(keepFrom: number): void {
    this.#text = this.#text.slice(keepFrom);
    this.#base += keepFrom;
    this.#from -= keepFrom;
    this.#open -= keepFrom;
  }

  end(): void {
    for (const match of this.#detector.find(this.#text, this.#from)) this.#hit(match);
    this.#from = this.#text.length;
    this.#open = this.#text.length;
    this.#judged = this.#text.length;
  }

  get openFrom(): number {
    return this.#base + this.#open;
  }

  get dependsFrom(): number {
    return this.#base;
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
    return copy;
  }

  #hit(match: Pick<Hit, "start" | "end" | "rule" | "category" | "kind">): void {
    const { rule, category, kind } = match;
    const value = this.#text.slice(match.start, match.end);
    const [start, end] = [this.#base + match.start, this.#base + match.end];
    this.#hits.push({ rule, category, kind, start, end, value, score: 1 });
  }
}
