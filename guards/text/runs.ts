// From a view's offsets back to the text it was made of. Runs in order, 16 bytes each: a linear run is a stretch that was
// copied, a block is one whose units came from somewhere in a stretch.
import type { Span } from "../finding.ts";

/** numbers a run: start in the view, start in the source, end in the source, 1 for a block */
const WIDTH = 4;

export class Runs {
  private readonly grain: number;
  private cells = new Uint32Array(0);
  private count = 0;

  /** @param grain view units below which neighbouring changes share a block: what bounds the map of a long text */
  constructor(grain: number) {
    this.grain = grain;
  }

  /** Appends `units` units of the view that came from [from, to) of the source. Calls come in the order of both. */
  add(viewStart: number, units: number, from: number, to: number, linear: boolean): void {
    if (units === 0) return;
    const last = (this.count - 1) * WIDTH;
    if (this.count > 0 && this.joins(last, viewStart, units, from, linear)) {
      this.cells[last + 2] = to;
      return;
    }
    if ((this.count + 1) * WIDTH > this.cells.length) {
      const grown = new Uint32Array(Math.max(16 * WIDTH, this.cells.length * 2));
      grown.set(this.cells);
      this.cells = grown;
    }
    const cell = this.count * WIDTH;
    this.cells[cell] = viewStart;
    this.cells[cell + 1] = from;
    this.cells[cell + 2] = to;
    this.cells[cell + 3] = linear && units >= this.grain ? 0 : 1;
    this.count++;
  }

  private joins(last: number, viewStart: number, units: number, from: number, linear: boolean): boolean {
    if (this.cell(last + 3) === 0) return linear && this.cell(last + 2) === from;
    return units < this.grain && viewStart - this.cell(last) < this.grain;
  }

  /** @param length of the whole view @param sourceLength of the source */
  spanOf(start: number, end: number, length: number, sourceLength: number): Span {
    if (this.count === 0) return { start: 0, end: sourceLength };
    const first = Math.max(0, Math.min(start, length - 1));
    const last = Math.max(first, Math.min(end, length) - 1);
    const a = this.runAt(first);
    const b = this.runAt(last);
    const from = this.cell(a + 1) + (this.cell(a + 3) === 0 ? first - this.cell(a) : 0);
    const to = this.cell(b + 3) === 0 ? this.cell(b + 1) + last - this.cell(b) + 1 : this.cell(b + 2);
    // a stretch left out between two runs stands for no source of its own
    return { start: Math.min(from, sourceLength), end: Math.min(Math.max(from, to), sourceLength) };
  }

  /** Does any unit of [start, end) come from a block? */
  touchesBlock(start: number, end: number): boolean {
    if (this.count === 0 || end <= start) return false;
    for (let run = this.runAt(start); run < this.count * WIDTH && this.cell(run) < end; run += WIDTH)
      if (this.cell(run + 3) !== 0) return true;
    return false;
  }

  private runAt(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.cell(middle * WIDTH) <= offset) low = middle;
      else high = middle - 1;
    }
    return low * WIDTH;
  }

  private cell(at: number): number {
    return this.cells[at] as number;
  }
}
