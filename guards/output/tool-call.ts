// One tool call of a stream. SDKs want its id and its name whole and together, before its arguments: so its head waits
// until the name is known to be over, which is when its arguments begin or something else comes.
import { fields } from "../../protocol/openai/responses.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The texts of a tool call: `function` with `arguments`, `custom` with `input`. */
const KINDS = [
  ["function", "arguments"],
  ["custom", "input"],
] as const;

export interface ToolText {
  readonly channel: string;
  readonly text: string;
  /** `head`: whole, and given back with `headReleased`; an id may be of the model's making */
  readonly part: "name" | "body" | "head";
}

export class ToolCall {
  readonly index: number;
  /** what was not sent yet of its id, its type and the like */
  #head: Fields = {};
  #name = "";
  #kind: string = KINDS[0][0];
  #field: string = KINDS[0][1];
  #named = false;

  constructor(index: number) {
    this.index = index;
  }

  get nameChannel(): string {
    return `tool_calls[${this.index}].${this.#kind}.name`;
  }

  get bodyChannel(): string {
    return `tool_calls[${this.index}].${this.#kind}.${this.#field}`;
  }

  /** Its name is still awaited. */
  get open(): boolean {
    return !this.#named;
  }

  /** Takes an entry of `tool_calls`; gives the texts in it that are to be guarded. */
  take(entry: Fields): readonly ToolText[] {
    const texts: ToolText[] = [];
    for (const [key, value] of Object.entries(entry)) {
      // what is an object is no part of a tool call that a client knows
      if (key === "index" || (typeof value === "object" && value !== null)) continue;
      this.#head = { ...this.#head, [key]: value };
      if (typeof value === "string") texts.push({ channel: this.#headChannel(key), text: value, part: "head" });
    }
    for (const [kind, field] of KINDS) {
      const given = fields(entry[kind]);
      if (given === null) continue;
      this.#kind = kind;
      this.#field = field;
      const { name, [field]: body } = given;
      // one that comes after its arguments began is the same again, or a way around the guard
      if (typeof name === "string" && !this.#named) texts.push({ channel: this.nameChannel, text: name, part: "name" });
      if (typeof body === "string") texts.push({ channel: this.bodyChannel, text: body, part: "body" });
    }
    return texts;
  }

  #headChannel(key: string): string {
    return `tool_calls[${this.index}].${key}`;
  }

  headReleased(channel: string, text: string): void {
    const key = channel.slice(this.#headChannel("").length);
    this.#head = { ...this.#head, [key]: text };
  }

  nameReleased(text: string): void {
    this.#name += text;
  }

  /** The entry that opens the call, once: its head and its whole name. */
  opening(): Fields {
    this.#named = true;
    const head = this.#head;
    this.#head = {};
    return { index: this.index, ...head, [this.#kind]: { name: this.#name, [this.#field]: "" } };
  }

  body(text: string): Fields {
    return { index: this.index, [this.#kind]: { [this.#field]: text } };
  }
}
