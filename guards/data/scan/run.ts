// How a run of the automaton goes on behind the text that it was in, once its match counts.
import type { Growth } from "../detector.ts";
import { type Automaton, DEAD } from "./automaton.ts";

export class Run implements Growth {
  readonly undecided = 0;
  readonly #automaton: Automaton;
  readonly #positions: readonly number[];

  constructor(automaton: Automaton, positions: readonly number[]) {
    this.#automaton = automaton;
    this.#positions = positions;
  }

  after(text: string): { readonly end: number; readonly growth: Growth | null } {
    const automaton = this.#automaton;
    automaton.trim();
    let state = automaton.stateOf(this.#positions);
    let at = 0;
    while (at < text.length && state !== DEAD) {
      at = automaton.run(state, text, at, text.length);
      state = automaton.stopped;
    }
    return { end: at, growth: state === DEAD ? null : new Run(automaton, automaton.positionsOf(state)) };
  }
}
