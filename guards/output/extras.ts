// What an answer says beside its texts: ids, citations, a provider's own fields. A string there is judged by the same rules
// as a text and leaves where they find nothing to keep; so are the names of fields, which a model may have made up.
//
// A stream repeats its extras or tells them once, it does not let them grow: of each place the first string leaves, whole
// and judged as such, and later ones only where they are the same. So a value cannot come in halves.
import { ChannelGuard } from "./channel.ts";
import type { Findings } from "./findings.ts";
import type { OutputRules } from "./rules.ts";

/** Names that code reads: what is longer, or spelt otherwise, is a text in the place of a name. */
const NAME = /^[a-z_$][\w$.:-]{0,63}$/i;
/** Prompt or answer token by token: each alone says nothing to a rule, all together say everything. */
const TOKEN_LISTS = new Set(["prompt_logprobs", "prompt_tokens", "prompt_token_ids", "token_ids", "tokens"]);
const isTokenList = (name: string, value: unknown): boolean =>
  TOKEN_LISTS.has(name) && typeof value === "object" && value !== null;
/** Levels of a structure. Protects the walk, which is recursive. */
const MAX_DEPTH = 16;

interface Walk {
  /** the strings that may leave, in the order in which they stand */
  readonly strings: string[];
  readonly depth: number;
}

export class Extras {
  readonly #rules: OutputRules;
  readonly #findings: Findings;
  /** by place: the string that came first, and what of it leaves (null: nothing) */
  readonly #strings = new Map<string, { readonly came: string; readonly leaves: string | null }>();
  readonly #names = new Map<string, boolean>();
  #charsLeft: number;

  constructor(rules: OutputRules, findings: Findings) {
    this.#rules = rules;
    this.#findings = findings;
    this.#charsLeft = rules.limits.maxExtraChars;
  }

  /** What of the value may leave, itself where that is all; undefined for nothing. @param where its place in the answer */
  pass(value: unknown, where: string): unknown {
    const walk: Walk = { strings: [], depth: 0 };
    const left = this.#value(value, where, walk);
    if (walk.strings.length < 2) return left;
    // pieces of one value in the fields of one structure are read together
    const joined = this.#string(walk.strings.join(""), `${where}{}`);
    return joined === walk.strings.join("") ? left : undefined;
  }

  /** The first string of the place, whatever comes there later: for what is one thing in all chunks, such as an id. */
  constant(value: string, where: string): string | undefined {
    return this.#string(this.#strings.get(where)?.came ?? value, where) ?? undefined;
  }

  /** The fields that may leave by their names, each as `of` lets it (undefined: not at all); `from` itself where all do. */
  fields<T extends object>(from: T, of: (name: string, value: unknown) => unknown): T {
    const entries = Object.entries(from);
    const left = entries.flatMap(([name, value]): [string, unknown][] => {
      const part = this.#name(name) && !isTokenList(name, value) ? of(name, value) : undefined;
      return part === undefined ? [] : [[name, part]];
    });
    const same = left.length === entries.length && left.every(([, part], at) => part === entries[at]?.[1]);
    return same ? from : (Object.fromEntries(left) as T);
  }

  #name(name: string): boolean {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const fine = NAME.test(name) && this.#judge(name, "field name") === name;
    this.#names.set(name, fine);
    return fine;
  }

  #value(value: unknown, where: string, walk: Walk): unknown {
    if (typeof value === "string") {
      const left = this.#string(value, where);
      if (left === null) return undefined;
      walk.strings.push(left);
      return left;
    }
    if (typeof value !== "object" || value === null) return value;
    if (walk.depth >= MAX_DEPTH) return undefined;
    const deeper = { ...walk, depth: walk.depth + 1 };
    return Array.isArray(value)
      ? this.#list(value, where, deeper)
      : this.fields(value, (name, part) => this.#value(part, `${where}.${name}`, deeper));
  }

  #list(list: readonly unknown[], where: string, walk: Walk): unknown {
    return listOf(list, (one, at) => this.#value(one, `${where}[${at}]`, walk));
  }

  #string(value: string, where: string): string | null {
    const known = this.#strings.get(where);
    if (known !== undefined) return known.came === value ? known.leaves : null;
    const leaves = this.#judge(value, where);
    this.#strings.set(where, { came: value, leaves });
    return leaves;
  }

  /** What of a whole text leaves: without what is redacted; null where it is blocked, or one too many. */
  #judge(text: string, where: string): string | null {
    if (text === "") return text;
    this.#charsLeft -= text.length + MIN_COST;
    if (this.#charsLeft < 0) return null;
    const guard = new ChannelGuard(this.#rules, this.#findings, where);
    const first = guard.push(text, 0);
    const last = guard.end();
    return guard.cut ? null : first.release + last.release;
  }
}

/** What leaves of a list, itself where that is all. Numbers in a row are a text that no rule reads: tokens, bytes. */
export function listOf(
  list: readonly unknown[],
  of: (one: unknown, at: number) => unknown,
): readonly unknown[] | undefined {
  if (list.some((one) => typeof one === "number")) return undefined;
  const left = list.map(of);
  return left.every((one, at) => one === list[at]) ? list : left.filter((one) => one !== undefined);
}

/** Characters that a string counts as besides its own: a place is remembered, and watches are made for it. */
const MIN_COST = 32;
