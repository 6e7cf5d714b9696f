// One deterministic automaton for all rules, determinised as texts need it. A state is the set of positions that the
// rules may stand at; a step is one look-up. Because a dead state means that no rule can go on, the same table says what
// matches, and what a text that is cut off could still become.
import { SYMBOLS, type SymbolSet, symbolOf } from "./pattern.ts";
import type { Positions } from "./positions.ts";
import { type Shape, Shapes } from "./shapes.ts";

/** No rule can go on. */
export const DEAD = 0;
const UNKNOWN = -1;
/** Bounds what a hostile text can make the table hold; more states than all texts of the tests reach. */
const MAX_STATES = 20_000;

export class Automaton {
  readonly #positions: Positions;
  /** by what may not stand before them, the positions that matches may start with */
  readonly #firsts: readonly (readonly [SymbolSet, readonly number[]])[];
  /** the place among this automaton's rules of each owner of positions */
  readonly #places = new Map<number, number>();
  /** the equivalence class of each symbol */
  readonly #classOf: Uint8Array;
  readonly #classes: number;
  #states: State[] = [];
  #ends: (readonly number[] | undefined)[] = [];
  /** one row a state, one column a class of symbols */
  #table = new Int16Array(0);
  #index = new Map<string, number>();
  /** where the last run stopped */
  stopped = DEAD;
  #starts = new Int32Array(SYMBOLS + 1);

  /** @param compiled shapes that several automata have in common are compiled there once */
  constructor(shapes: readonly Shape[], compiled: Shapes = new Shapes()) {
    this.#positions = compiled.positions;
    const sets = new Set<SymbolSet>();
    const firsts = new Map<SymbolSet, number[]>();
    for (const [place, shape] of shapes.entries()) {
      const { number, first, sets: own } = compiled.compiled(shape);
      this.#places.set(number, place);
      for (const set of own) sets.add(set);
      firsts.set(shape.notAfter, [...(firsts.get(shape.notAfter) ?? []), ...first]);
    }
    this.#firsts = [...firsts];
    [this.#classOf, this.#classes] = classes(sets);
    this.#clear();
  }

  /** How many states texts have reached so far. */
  get size(): number {
    return this.#states.length;
  }

  /** The state before the first symbol; `previous` is the symbol to the left, -1 at the start of the text. */
  start(previous: number): number {
    const known = this.#starts[previous + 1];
    if (known !== undefined && known !== UNKNOWN) return known;
    const next = this.#firsts.flatMap(([notAfter, firsts]) => (notAfter[previous] === 1 ? [] : firsts));
    const state = next.length === 0 ? DEAD : this.#state({ next: [...new Set(next)].sort(byNumber), ends: [] });
    this.#starts[previous + 1] = state;
    return state;
  }

  /**
   * Runs from `state` over `text` from `at` until no rule can go on, the text ends, or a rule may end: then `stopped` is
   * the state, and the result where it stands. A run is where the time goes: everything in it is at hand.
   */
  run(state: number, text: string, from: number, to: number): number {
    const classOf = this.#classOf;
    const width = this.#classes;
    const ends = this.#ends;
    let table = this.#table;
    let current = state;
    let at = from;
    while (at < to) {
      const code = text.charCodeAt(at);
      const symbol = code < 128 ? code : symbolOf(code);
      const cell = current * width + (classOf[symbol] as number);
      let next = table[cell] as number;
      if (next === UNKNOWN) {
        next = this.#build(current, symbol, cell);
        table = this.#table;
      }
      current = next;
      if (current === DEAD) break;
      at++;
      if (ends[current] !== undefined) break;
    }
    this.stopped = current;
    return at;
  }

  /** The rules that may end in this state; undefined where none does. */
  ends(state: number): readonly number[] | undefined {
    return this.#ends[state];
  }

  /** The rules that may still go on from this state. */
  alive(state: number): readonly number[] {
    const owners = this.#states[state]?.next.map((position) => this.#positions.owners[position] ?? 0) ?? [];
    return [...new Set(owners)].map((owner) => this.#places.get(owner) ?? 0);
  }

  /** The positions of a state: what a state is by itself, also after a `trim`. */
  positionsOf(state: number): readonly number[] {
    return this.#states[state]?.next ?? [];
  }

  /** The state of these positions, without the ends that led to it. */
  stateOf(positions: readonly number[]): number {
    return positions.length === 0 ? DEAD : this.#state({ next: positions, ends: [] });
  }

  /** Forgets the states when there are too many: only between two runs, since a run holds one. */
  trim(): void {
    if (this.#states.length > MAX_STATES) this.#clear();
  }

  #build(state: number, symbol: number, at: number): number {
    const { sets, owners } = this.#positions;
    const next = new Set<number>();
    const ending = new Set<number>();
    let reached = false;
    for (const position of this.#states[state]?.next ?? []) {
      if (sets[position]?.[symbol] !== 1) continue;
      reached = true;
      const after = this.#positions.after(position);
      for (const follower of after.next) next.add(follower);
      if (after.ends) ending.add(this.#places.get(owners[position] ?? 0) ?? 0);
    }
    const target = !reached ? DEAD : this.#state({ next: [...next].sort(byNumber), ends: [...ending].sort(byNumber) });
    this.#table[at] = target;
    return target;
  }

  #state(state: State): number {
    const key = `${state.next.join()};${state.ends.join()}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const id = this.#states.push(state) - 1;
    this.#ends.push(state.ends.length === 0 ? undefined : state.ends);
    this.#index.set(key, id);
    const needed = (id + 1) * this.#classes;
    if (needed > this.#table.length) {
      const grown = new Int16Array(Math.max(needed, this.#table.length * 2)).fill(UNKNOWN, this.#table.length);
      grown.set(this.#table);
      this.#table = grown;
    }
    return id;
  }

  #clear(): void {
    this.#states = [];
    this.#ends = [];
    this.#index = new Map();
    this.#table = new Int16Array(256 * this.#classes).fill(UNKNOWN);
    this.#starts = new Int32Array(SYMBOLS + 1).fill(UNKNOWN);
    this.#state({ next: [], ends: [] });
  }
}

interface State {
  /** positions that the next symbol may be taken at */
  readonly next: readonly number[];
  readonly ends: readonly number[];
}

function byNumber(a: number, b: number): number {
  return a - b;
}

/** Symbols that no set tells apart share a column of the table. */
function classes(sets: Iterable<SymbolSet>): [Uint8Array, number] {
  const classOf = new Uint8Array(SYMBOLS);
  let count = 1;
  const [held, parted] = [new Int16Array(SYMBOLS), new Int16Array(SYMBOLS)];
  for (const set of sets) {
    // each class is parted into what is as its first symbol, and what is not
    held.fill(-1);
    parted.fill(-1);
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const known = classOf[symbol] as number;
      const holds = set[symbol] as number;
      if (held[known] === -1) held[known] = holds;
      if (held[known] === holds) continue;
      if (parted[known] === -1) parted[known] = count++;
      classOf[symbol] = parted[known] as number;
    }
  }
  return [classOf, count];
}
