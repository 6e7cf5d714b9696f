// Puts back, in the answer to the same request, what was hidden from the model: in each choice's texts as they are, in a
// tool call's arguments as JSON spells it. A placeholder that is cut over chunks is held until it is whole.
import { createRestorer, type Redaction, type Restorer, restore } from "../../guards/data/index.ts";
import { fields } from "../../protocol/openai/index.ts";

type Fields = Readonly<Record<string, unknown>>;

const TEXTS = ["content", "refusal", "reasoning_content", "reasoning"] as const;
/** What a call says: a function's arguments as JSON, a custom tool's input as it is. */
const CALLED = [
  { kind: "function", field: "arguments", json: true },
  { kind: "custom", field: "input", json: false },
] as const;

export class ChatRestorer {
  readonly #redaction: Redaction;
  readonly #texts = new Map<string, Restorer>();

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  /** One chunk for one: what was held of a choice goes out with its `finish_reason`. */
  push(chunk: Fields): Fields {
    if (!Array.isArray(chunk.choices)) return chunk;
    return { ...chunk, choices: (chunk.choices as readonly unknown[]).map((given) => this.#choice(given)) };
  }

  /** The stream is over: choices with what was held of those that never said how they finished. */
  end(): readonly Fields[] {
    const open = new Set([...this.#texts.keys()].map((key) => Number(key.split(".")[0])));
    return [...open].flatMap((index) => {
      const delta = this.#rest(index);
      return Object.keys(delta).length === 0 ? [] : [{ index, delta, finish_reason: null }];
    });
  }

  #rest(index: number): Fields {
    const delta: Record<string, unknown> = {};
    for (const name of TEXTS) {
      const rest = this.#end(`${index}.${name}`);
      if (rest !== "") delta[name] = rest;
    }
    const calls = this.#calls(index, undefined, true);
    return calls === null ? delta : { ...delta, tool_calls: calls };
  }

  #choice(given: unknown): unknown {
    const choice = fields(given);
    if (choice === null) return given;
    const at = typeof choice.index === "number" ? choice.index : 0;
    const delta: Record<string, unknown> = { ...fields(choice.delta) };
    const ends = typeof choice.finish_reason === "string";
    for (const name of TEXTS) {
      const key = `${at}.${name}`;
      if (typeof delta[name] === "string") delta[name] = this.#of(key, false).push(delta[name]);
      if (!ends) continue;
      const rest = this.#end(key);
      if (rest !== "") delta[name] = `${typeof delta[name] === "string" ? delta[name] : ""}${rest}`;
    }
    const calls = this.#calls(at, delta.tool_calls, ends);
    if (calls !== null) delta.tool_calls = calls;
    return { ...choice, delta };
  }

  #calls(at: number, given: unknown, ends: boolean): unknown[] | null {
    const calls = Array.isArray(given) ? (given as readonly unknown[]).map((call) => this.#call(at, call)) : [];
    if (ends)
      for (const key of this.#texts.keys()) {
        const [choice, , index, name] = key.split(".");
        const called = CALLED.find(({ kind }) => kind === name);
        if (choice !== String(at) || called === undefined) continue;
        const rest = this.#end(key);
        if (rest !== "") calls.push({ index: Number(index), [called.kind]: { [called.field]: rest } });
      }
    return calls.length > 0 || Array.isArray(given) ? calls : null;
  }

  #call(at: number, given: unknown): unknown {
    const index = fields(given)?.index;
    const key = `${at}.call.${typeof index === "number" ? index : 0}`;
    return restoredCall(given, (text, { kind, json }) => this.#of(`${key}.${kind}`, json).push(text));
  }

  #of(key: string, json: boolean): Restorer {
    const known = this.#texts.get(key) ?? createRestorer(this.#redaction, { json });
    this.#texts.set(key, known);
    return known;
  }

  #end(key: string): string {
    const rest = this.#texts.get(key)?.end() ?? "";
    this.#texts.delete(key);
    return rest;
  }
}

/** A whole completion restored. */
export function restoreCompletion(document: Fields, redaction: Redaction): Fields {
  if (!Array.isArray(document.choices)) return document;
  const choices = (document.choices as readonly unknown[]).map((given) => {
    const choice = fields(given);
    const message = fields(choice?.message);
    if (choice === null || message === null) return given;
    const restored: Record<string, unknown> = { ...message };
    for (const name of TEXTS)
      if (typeof restored[name] === "string") restored[name] = restore(restored[name], redaction);
    if (Array.isArray(message.tool_calls))
      restored.tool_calls = (message.tool_calls as readonly unknown[]).map((call) =>
        restoredCall(call, (text, { json }) => restore(text, redaction, { json })),
      );
    return { ...choice, message: restored };
  });
  return { ...document, choices };
}

/** A tool call with its one text replaced; itself where it has none. */
function restoredCall(given: unknown, restored: (text: string, called: (typeof CALLED)[number]) => string): unknown {
  const call = fields(given);
  for (const called of CALLED) {
    const said = fields(call?.[called.kind]);
    const text = said?.[called.field];
    if (typeof text === "string")
      return { ...call, [called.kind]: { ...said, [called.field]: restored(text, called) } };
  }
  return given;
}
