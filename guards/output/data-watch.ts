// Secrets and personal data in a growing text: runs a detector over a window of it, which is what the detector looks at
// to the left and what it holds open, never the whole text again.
import type { DataDetector } from "../data/detector.ts";
import type { Hit, Watch } from "./watch.ts";

/** Text may wait for company before it is judged, so that a long window is not read again for each character. */
const WINDOW_PER_CHAR = 16;

export class DataWatch implements Watch {
  readonly #detector: DataDetector;
  readonly #maxUnjudged: number;
  /** the window; `#base` is where it starts in the watched text */
  #text = "";
  #base: number;
  /** within the window: no match starts before it, and up to where it was judged */
  #from = 0;
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
    const wait = Math.min(this.#maxUnjudged, this.#text.length / WINDOW_PER_CHAR);
    if (this.#text.length - this.#judged >= wait) this.settle();
  }

  get unjudged(): boolean {
    return this.#judged < this.#text.length;
  }

  settle(): void {
    if (!this.unjudged) return;
    const { maxHeld, maxContext } = this.#detector;
    const text = this.#text;
    const open = this.#detector.openFrom(text, this.#from);
    let next = open;
    for (const match of this.#detector.find(text, this.#from)) {
      if (match.end > open) {
        next = Math.min(next, match.start);
        break;
      }
      this.#hit(match);
    }
    // a detector that holds on for longer than it promised must not open a way around the guard, nor hold for good
    if (text.length - next > maxHeld + this.#maxUnjudged) {
      this.#hit({ start: next, end: text.length, rule: "data.overlong", category: "secret", kind: "overlong" });
      next = text.length;
    }
    const keep = Math.max(0, next - maxContext);
    this.#text = text.slice(keep);
    this.#base += keep;
    this.#from = next - keep;
    this.#judged = this.#text.length;
  }

  end(): void {
    for (const match of this.#detector.find(this.#text, this.#from)) this.#hit(match);
    this.#from = this.#text.length;
    this.#judged = this.#text.length;
  }

  get openFrom(): number {
    return this.#base + this.#from;
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
