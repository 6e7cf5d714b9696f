// One deterministic automaton for all rules, determinised as texts need it. A state is the set of positions that the
// rules may stand at; a step is one look-up. Because a dead state means that no rule can go on, the same table says what
// matches, and what a text that is cut off could still become.
import { parsePattern, SYMBOLS, type SymbolSet, symbolOf } from "./pattern.ts";
import { Positions } from "./positions.ts";

export interface Shape {
  readonly patterns: readonly string[];
  readonly ignoreCase?: boolean;
  /** symbols that may not stand right before a match */
  readonly notAfter: SymbolSet;
}

/** No rule can go on. */
export const DEAD = 0;
const UNKNOWN = -1;
/** Bounds what a hostile text can make the table hold; more states than all texts of the tests reach. */
const MAX_STATES = 20_000;

export class Automaton {
  readonly #positions = new Positions();
  readonly #firsts: readonly (readonly number[])[];
  /** the equivalence class of each symbol */
  readonly #classOf: Uint8Array;
  readonly #classes: number;
  readonly #shapes: readonly Shape[];
  #states: State[] = [];
  #ends: (readonly number[] | undefined)[] = [];
  /** one row a state, one column a class of symbols */
  #table = new Int16Array(0);
  #index = new Map<string, number>();
  /** where the last run stopped */
  stopped = DEAD;
  #starts = new Int32Array(SYMBOLS + 1);

  constructor(shapes: readonly Shape[]) {
    this.#shapes = shapes;
    this.#firsts = shapes.map((shape, owner) =>
      shape.patterns.flatMap((source) => [...this.#positions.add(parsePattern(source, shape.ignoreCase), owner)]),
    );
    [this.#classOf, this.#classes] = classes(this.#positions.sets);
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
    const next = this.#firsts.flatMap((firsts, owner) =>
      previous >= 0 && this.#shapes[owner]?.notAfter[previous] === 1 ? [] : firsts,
    );
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
    return [...new Set(owners)];
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
    const { sets, follow, ends } = this.#positions;
    const next = new Set<number>();
    const ending = new Set<number>();
    const reached: number[] = [];
    for (const position of this.#states[state]?.next ?? []) {
      if (sets[position]?.[symbol] !== 1) continue;
      reached.push(position);
      for (const after of follow[position] ?? []) next.add(after);
      const owner = ends[position];
      if (owner !== undefined && owner >= 0) ending.add(owner);
    }
    const target =
      reached.length === 0 ? DEAD : this.#state({ next: [...next].sort(byNumber), ends: [...ending].sort(byNumber) });
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
function classes(sets: readonly SymbolSet[]): [Uint8Array, number] {
  // copies of a repeated set are one object
  const distinct = [...new Map([...new Set(sets)].map((set) => [set.join(""), set])).values()];
  const seen = new Map<string, number>();
  const classOf = new Uint8Array(SYMBOLS);
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    const key = distinct.map((set) => set[symbol]).join("");
    const known = seen.get(key) ?? seen.size;
    seen.set(key, known);
    classOf[symbol] = known;
  }
  return [classOf, seen.size];
}
