// What of an answer leaves beside the texts of its choices. A server that repeats what it generated under a name of its own
// (`text`, `token_ids`, a note) would carry past the guard what the guard keeps; so where something is kept, the rest of
// the answer is numbers, and strings that were judged as the texts are.
import { fields } from "../../protocol/openai/responses.ts";
import { type Extras, listOf } from "./extras.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One thing for the whole answer, in whichever chunk it is said. */
const CONSTANT = new Set(["id", "object", "model", "system_fingerprint"]);
const REASON = /^[a-z][a-z_]{0,31}$/;
const REASONS = new Set(["stop", "length", "tool_calls", "content_filter", "function_call"]);

export class Envelope {
  readonly #extras: Extras;

  constructor(extras: Extras) {
    this.#extras = extras;
  }

  /**
   * The answer itself where all of it may leave.
   * @param answer a completion, or a chunk of one
   * @param read where in a choice the texts stand that the guard reads: what is in there is left to it
   */
  of(answer: Fields, read: "message" | "delta"): Fields {
    return this.#extras.fields(answer, (name, value) => {
      if (name === "choices" && Array.isArray(value)) return this.#choices(value, read);
      if (CONSTANT.has(name) && typeof value === "string") return this.#extras.constant(value, name);
      return this.#extras.pass(value, name);
    });
  }

  #choices(choices: readonly unknown[], read: "message" | "delta"): readonly unknown[] {
    const left = choices.map((given, at) => {
      const choice = fields(given);
      return choice === null ? undefined : this.#choice(choice, at, read);
    });
    return left.every((one, at) => one === choices[at]) ? choices : left.filter((one) => one !== undefined);
  }

  #choice(choice: Fields, at: number, read: "message" | "delta"): Fields {
    const place = `choices[${typeof choice.index === "number" ? choice.index : at}]`;
    return this.#extras.fields(choice, (name, value) => {
      if (name === read) return this.#said(fields(value) ?? {});
      // rebuilt where the texts are that it belongs to
      if (name === "logprobs") return value;
      // a reason that nobody knows is still an end
      if (name === "finish_reason" && typeof value === "string") return this.#reason(value, place);
      return this.#extras.pass(value, `${place}.${name}`);
    });
  }

  #reason(reason: string, place: string): string {
    if (REASONS.has(reason)) return reason;
    return REASON.test(reason) && this.#extras.pass(reason, `${place}.finish_reason`) === reason ? reason : "stop";
  }

  /** A message or a delta: its texts are the guard's, its names and its numbers in a row are not. */
  #said(said: Fields): Fields {
    return this.#extras.fields(said, (name, value) => {
      // who else would answer?
      if (name === "role") return value === null || value === "" ? value : "assistant";
      if (name !== "tool_calls" || !Array.isArray(value)) return this.#read(value);
      return listOf(value, (call) => {
        const entry = fields(call);
        return entry === null ? undefined : this.#extras.fields(entry, (_, part) => part);
      });
    });
  }

  /** What the guard reads string by string: without lists of numbers, which it cannot read. */
  #read(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    return Array.isArray(value)
      ? listOf(value, (one) => this.#read(one))
      : this.#extras.fields(value, (_, part) => this.#read(part));
  }
}
