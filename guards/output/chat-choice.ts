// One choice of a streamed chat completion: takes its deltas apart into texts, and puts together what may leave.
import { fields } from "../../protocol/openai/responses.ts";
import { Alternatives } from "./alternatives.ts";
import { ChoiceGuard, type ChoiceStep } from "./choice.ts";
import type { DeltaPart } from "./delta.ts";
import type { Findings } from "./findings.ts";
import { LOGPROB_KEYS, type LogprobKey, type TokenLogprob, tokensOf } from "./logprobs.ts";
import { Riders } from "./riders.ts";
import type { OutputRules } from "./rules.ts";
import { leavesOf } from "./structure.ts";
import { ToolCall } from "./tool-call.ts";

type Fields = Readonly<Record<string, unknown>>;

type Riding =
  | DeltaPart
  | { readonly kind: "logprobs"; readonly key: LogprobKey; readonly tokens: readonly TokenLogprob[] };

export interface ChoiceOut {
  readonly parts: readonly DeltaPart[];
  readonly logprobs: Partial<Record<LogprobKey, readonly TokenLogprob[]>>;
  readonly cut: boolean;
}

export class ChatChoice {
  readonly #guard: ChoiceGuard;
  readonly #alternatives: Alternatives;
  readonly #tools = new Map<number, ToolCall>();
  readonly #structured = new Set<string>();
  readonly #riders = new Riders<Riding>();
  #parts: DeltaPart[] = [];
  finished = false;

  constructor(rules: OutputRules, findings: Findings, index: number) {
    this.#guard = new ChoiceGuard(rules, findings, `choices[${index}].message`);
    this.#alternatives = new Alternatives(rules);
  }

  get cut(): boolean {
    return this.#guard.cut;
  }

  get dueMs(): number {
    return this.finished ? Number.POSITIVE_INFINITY : Math.min(this.#guard.dueMs, this.#alternatives.dueMs);
  }

  get heldChars(): number {
    return this.#guard.heldChars;
  }

  push(delta: Fields, logprobs: unknown, nowMs: number): ChoiceOut {
    this.#ride(delta, logprobs, nowMs);
    for (const [name, value] of Object.entries(delta)) {
      if (this.cut) break;
      if (name === "tool_calls" && Array.isArray(value)) this.#toolCalls(value, nowMs);
      else this.#field(name, value, nowMs);
    }
    return this.#out();
  }

  tick(nowMs: number): ChoiceOut {
    this.#alternatives.tick(nowMs);
    this.#take(this.#guard.tick(nowMs));
    return this.#out();
  }

  end(): ChoiceOut {
    this.#closeNames(null);
    this.#alternatives.end();
    this.#take(this.#guard.end());
    this.finished = true;
    return this.#out();
  }

  #field(name: string, value: unknown, nowMs: number): void {
    const plain = value === null || typeof value === "boolean" || (typeof value === "number" && name !== "content");
    if (name === "role" || plain || value === "") {
      this.#parts.push({ kind: "field", name, value });
      return;
    }
    this.#closeNames(null);
    if (typeof value === "string" || typeof value === "number") {
      this.#text(name, String(value), nowMs);
      return;
    }
    this.#structure(name, value, nowMs);
  }

  /** Not a text but something with texts in it: it leaves whole, once they may. */
  #structure(name: string, value: unknown, nowMs: number): void {
    const leaves = [...leavesOf(value, name)];
    const texts = leaves.map(({ path, text }) => this.#riders.place(path, text));
    this.#riders.add(texts, { kind: "field", name, value });
    for (const { path, text } of leaves) {
      this.#structured.add(path);
      this.#text(path, text, nowMs);
    }
  }

  #text(channel: string, text: string, nowMs: number): void {
    this.#riders.came(this.#riders.place(channel, text));
    this.#take(this.#guard.push(channel, text, nowMs));
  }

  #toolCalls(entries: readonly unknown[], nowMs: number): void {
    for (const [at, given] of entries.entries()) {
      const entry = fields(given);
      if (entry === null || this.cut) continue;
      const index = typeof entry.index === "number" ? entry.index : at;
      const known = this.#tools.get(index);
      const call = known ?? new ToolCall(index);
      if (known === undefined) this.#take(this.#guard.begin());
      this.#tools.set(index, call);
      this.#closeNames(call);
      if (!this.cut) this.#toolCall(call, entry, nowMs);
    }
  }

  #toolCall(call: ToolCall, entry: Fields, nowMs: number): void {
    for (const { channel, text, part } of call.take(entry)) {
      if (this.cut) return;
      if (part === "head") this.#whole(call, channel, text, nowMs);
      else if (part === "name") this.#text(channel, text, nowMs);
      else {
        if (call.open) this.#open(call);
        if (!this.cut) this.#text(channel, text, nowMs);
      }
    }
  }

  /** A short text that never comes in pieces. */
  #whole(call: ToolCall, channel: string, text: string, nowMs: number): void {
    const pushed = this.#guard.push(channel, text, nowMs);
    const ended = this.#guard.endChannel(channel);
    const own = [...pushed.released, ...ended.released].filter((released) => released.channel === channel);
    call.headReleased(channel, own.map((one) => one.text).join(""));
    this.#take({
      ...ended,
      released: [...pushed.released, ...ended.released].filter((one) => one.channel !== channel),
    });
  }

  /** The name is over: the call's first entry can leave. */
  #open(call: ToolCall): void {
    this.#take(this.#guard.endChannel(call.nameChannel));
    if (!this.cut) this.#parts.push({ kind: "tool", entry: call.opening() });
  }

  #closeNames(except: ToolCall | null): void {
    for (const call of this.#tools.values()) {
      if (call === except || !call.open || this.cut) continue;
      this.#open(call);
    }
  }

  #take({ released }: ChoiceStep): void {
    for (const { channel, text } of released) this.#release(channel, text);
  }

  #release(channel: string, text: string): void {
    for (const call of this.#tools.values()) {
      if (channel === call.nameChannel && call.open) {
        call.nameReleased(text);
        return;
      }
      if (channel === call.bodyChannel) {
        this.#parts.push({ kind: "tool", entry: call.body(text) });
        return;
      }
    }
    // a structure leaves whole, not by its texts
    if (!this.#structured.has(channel)) this.#parts.push({ kind: "text", name: channel, text });
  }

  #ride(delta: Fields, logprobs: unknown, nowMs: number): void {
    if (logprobs === null || logprobs === undefined) return;
    for (const key of LOGPROB_KEYS) {
      const text = typeof delta[key] === "string" ? delta[key] : "";
      const tokens = tokensOf(logprobs, key, text);
      if (tokens === null) continue;
      const texts = [this.#riders.place(key, text)];
      for (const rank of this.#alternatives.textsOf(key, tokens)) {
        const place = this.#riders.place(rank.channel, rank.text);
        this.#riders.came(place);
        this.#alternatives.push(rank, nowMs);
        texts.push(place);
      }
      this.#riders.add(texts, { kind: "logprobs", key, tokens });
    }
  }

  #out(): ChoiceOut {
    if (this.cut) this.#alternatives.end();
    const logprobs: Partial<Record<LogprobKey, readonly TokenLogprob[]>> = {};
    const due = this.#riders.due(({ channel, start, end }) => {
      const alternative = this.#alternatives.untouched(channel, start, end);
      return alternative === undefined ? this.#guard.untouched(channel, start, end) : alternative;
    });
    for (const riding of due) {
      if (riding.kind !== "logprobs") this.#parts.push(riding);
      else logprobs[riding.key] = [...(logprobs[riding.key] ?? []), ...riding.tokens];
    }
    const out = { parts: this.#parts, logprobs, cut: this.cut };
    this.#parts = [];
    return out;
  }
}
