// A decoded reading of a value that remembers, for every character, where in the original it came from.

export interface View {
  /** what was undone to get here, in order (`url`, `url+html`); empty for the value as it stands */
  readonly name: string;
  readonly text: string;
  /** original offset of each character, and of the end; absent for the value as it stands */
  readonly map?: Int32Array;
}

/** Where the span `start..end` of a view lies in the original value. */
export function originalSpan(view: View, start: number, end: number): { start: number; end: number } {
  const map = view.map;
  if (map === undefined) return { start, end };
  const last = map.length - 1;
  const from = map[Math.min(Math.max(start, 0), last)] ?? 0;
  const to = map[Math.min(Math.max(end, 0), last)] ?? from;
  return { start: from, end: Math.max(from, to) };
}

/** Collects a decoded text no longer than its source, in UTF-16 units. */
export class MappedText {
  readonly #units: Uint16Array;
  readonly #map: Int32Array;
  readonly #source: View;
  #length = 0;

  constructor(source: View) {
    this.#source = source;
    this.#units = new Uint16Array(source.text.length);
    this.#map = new Int32Array(source.text.length + 1);
  }

  /** One unit that was decoded from `at` in the source view on. */
  push(unit: number, at: number): void {
    this.#units[this.#length] = unit;
    this.#map[this.#length] = this.#source.map === undefined ? at : (this.#source.map[at] ?? 0);
    this.#length++;
  }

  /** A code point; its source must be at least as long as its UTF-16 form, which every escape is. */
  pushCodePoint(point: number, at: number): void {
    if (point > 0x10ffff || point < 0) return;
    if (point < 0x10000) {
      this.push(point, at);
      return;
    }
    this.push(0xd800 + ((point - 0x10000) >> 10), at);
    this.push(0xdc00 + ((point - 0x10000) & 0x3ff), at);
  }

  done(name: string): View {
    const end = this.#source.text.length;
    this.#map[this.#length] = this.#source.map === undefined ? end : (this.#source.map[end] ?? 0);
    let text = "";
    // fromCharCode takes its arguments on the stack: whole slices, but bounded ones
    for (let at = 0; at < this.#length; at += 0x4000)
      text += String.fromCharCode(...this.#units.subarray(at, Math.min(at + 0x4000, this.#length)));
    return { name, text, map: this.#map.slice(0, this.#length + 1) };
  }
}
