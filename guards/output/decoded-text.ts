// One run of encoded text as it is decoded: watched from its sixth character on, and held from its first until then.
// Nearly all that can be read as an encoding is not one; it decodes to what is no text and ends here at once.
import { OffsetMap } from "./offset-map.ts";
import { Utf8Reader } from "./utf8-reader.ts";
import type { Hit, Watch } from "./watch.ts";

/** No rule matches less, and chance seldom reaches it. */
const MIN_DECODED = 6;

export interface DecodedWatches {
  /** fresh watches for a decoded text, counting from zero */
  readonly make: () => Watch;
}

export class DecodedText {
  readonly #watches: DecodedWatches;
  readonly #view: string;
  #map = new OffsetMap();
  #watch: Watch | null = null;
  /** decoded, not yet shown to the watch */
  #fresh = "";
  #start: number | null = null;
  #hits: Hit[] = [];
  readonly #bytes = new Utf8Reader();
  #charStart = 0;

  constructor(watches: DecodedWatches, view: string) {
    this.#watches = watches;
    this.#view = view;
  }

  /** One more decoded byte, which stood at these offsets. What is no text ends the run. */
  byte(byte: number, start: number, end: number): void {
    // UTF-16 of ASCII, as PowerShell encodes
    if (byte === 0 && this.#start !== null) return;
    const within = this.#bytes.within;
    if (!within) this.#charStart = start;
    const char = this.#bytes.read(byte);
    if (char === null) {
      this.finish();
      this.#bytes.reset();
      // the byte that breaks a character off may begin the next
      if (within) this.byte(byte, start, end);
      return;
    }
    this.#start ??= start;
    if (char !== "") this.text(char, this.#charStart, end);
  }

  /** One more decoded character. */
  text(char: string, start: number, end: number): void {
    this.#start ??= start;
    this.#fresh += char;
    for (let unit = 0; unit < char.length; unit++) this.#map.push(start, end);
  }

  /** Shows the watch what came since. */
  flush(): void {
    if (this.#fresh === "" || this.#map.length < MIN_DECODED) return;
    this.#watch ??= this.#watches.make();
    this.#watch.push(this.#fresh);
    this.#fresh = "";
    this.#collect();
  }

  /** The run is over. */
  finish(): void {
    if (this.#start === null) return;
    this.flush();
    this.#watch?.end();
    this.#collect();
    this.#watch = null;
    this.#fresh = "";
    this.#start = null;
    this.#bytes.reset();
    this.#map = new OffsetMap();
  }

  settle(): void {
    this.#watch?.settle();
    this.#collect();
  }

  get unjudged(): boolean {
    return this.#watch?.unjudged ?? false;
  }

  /** Original offset from which the run is held; null where it is not. */
  get openFrom(): number | null {
    if (this.#start === null || this.#watch === null) return this.#start;
    const open = this.#watch.openFrom;
    if (open < this.#map.length) return this.#map.startOf(open);
    return this.#bytes.within ? this.#charStart : null;
  }

  take(): Hit[] {
    if (this.#hits.length === 0) return this.#hits;
    const taken = this.#hits;
    this.#hits = [];
    return taken;
  }

  fork(): DecodedText {
    const copy = new DecodedText(this.#watches, this.#view);
    copy.#map = this.#map.fork();
    copy.#watch = this.#watch?.fork() ?? null;
    copy.#fresh = this.#fresh;
    copy.#start = this.#start;
    copy.#hits = [...this.#hits];
    copy.#bytes.become(this.#bytes);
    copy.#charStart = this.#charStart;
    return copy;
  }

  #collect(): void {
    if (this.#watch === null) return;
    for (const hit of this.#watch.take()) {
      const view = hit.view === undefined ? this.#view : `${this.#view}+${hit.view}`;
      this.#hits.push({ ...hit, view, start: this.#map.startOf(hit.start), end: this.#map.endOf(hit.end) });
    }
    this.#map.forget(Math.min(this.#watch.openFrom, this.#map.length));
  }
}
