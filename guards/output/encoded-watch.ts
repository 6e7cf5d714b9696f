// What the watches over encoded text have in common: some readings of the same characters at once, each a decoded text.
import { DecodedText, type DecodedWatches } from "./decoded-text.ts";
import type { Hit, Watch } from "./watch.ts";

/** Reads characters and feeds decoded texts. Plain data, so that it can be copied. */
export interface Decoder {
  /** @param at offset of the unit */
  read(unit: number, at: number): void;
  /** the text is over */
  end(at: number): void;
  /** offset of the first character that is taken and not decoded yet; null where there is none */
  readonly pendingFrom: number | null;
  fork(outs: readonly DecodedText[]): Decoder;
}

export interface Encoding {
  readonly name: string;
  /** readings at once: where a run begins is not where its encoding does */
  readonly readings: number;
  readonly decoder: (outs: readonly DecodedText[]) => Decoder;
}

export class EncodedWatch implements Watch {
  readonly #outs: readonly DecodedText[];
  readonly #decoder: Decoder;
  #at: number;

  constructor(outs: readonly DecodedText[], decoder: Decoder, at: number) {
    this.#outs = outs;
    this.#decoder = decoder;
    this.#at = at;
  }

  push(text: string): void {
    for (let at = 0; at < text.length; at++) this.#decoder.read(text.charCodeAt(at), this.#at + at);
    this.#at += text.length;
    for (const out of this.#outs) out.flush();
  }

  end(): void {
    this.#decoder.end(this.#at);
    for (const out of this.#outs) out.finish();
  }

  get openFrom(): number {
    let from = this.#decoder.pendingFrom ?? this.#at;
    for (const out of this.#outs) from = Math.min(from, out.openFrom ?? from);
    return from;
  }

  get dependsFrom(): number {
    return this.openFrom;
  }

  get unjudged(): boolean {
    return this.#outs.some((out) => out.unjudged);
  }

  settle(): void {
    for (const out of this.#outs) out.settle();
  }

  take(): Hit[] {
    return this.#outs.flatMap((out) => out.take());
  }

  fork(): EncodedWatch {
    const outs = this.#outs.map((out) => out.fork());
    return new EncodedWatch(outs, this.#decoder.fork(outs), this.#at);
  }
}

export function watchEncoded(encoding: Encoding, watches: DecodedWatches): EncodedWatch {
  const outs = Array.from({ length: encoding.readings }, () => new DecodedText(watches, encoding.name));
  return new EncodedWatch(outs, encoding.decoder(outs), 0);
}
