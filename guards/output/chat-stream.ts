// The guard on a streamed chat completion: parsed chunks in, chunks for the client out. No clock and no timer: the relay
// passes the time, and sets one timer for `dueMs`.
//
// What is held of a text is carried into a later chunk; a choice's end gives the rest before its `finish_reason`; a cut
// gives that choice `finish_reason: "content_filter"` and drops what follows of it, while other choices flow. The chunk
// with usage and `[DONE]` are the relay's, as is counting: a token that is dropped was generated all the same.
import type { Verdict } from "../../protocol/audit.ts";
import { fields } from "../../protocol/openai/responses.ts";
import { ChatChoice, type ChoiceOut } from "./chat-choice.ts";
import { deltaOf } from "./delta.ts";
import { Envelope } from "./envelope.ts";
import { Extras } from "./extras.ts";
import { Findings, type OutputFinding } from "./findings.ts";
import type { OutputRules } from "./rules.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Fields of a choice that are put together anew; others leave with the next chunk of their choice. */
const CHOICE_FIELDS = new Set(["index", "delta", "finish_reason", "logprobs"]);

export class ChatStreamGuard {
  readonly #rules: OutputRules;
  readonly #count: number;
  readonly #findings: Findings;
  readonly #choices = new Map<number, ChatChoice>();
  readonly #holds: boolean;
  readonly #looks: boolean;
  readonly #envelope: Envelope;
  /** what all chunks of the stream have in common */
  #template: Fields = {};
  /** structures beside the choices that leave once, with the next chunk; and those of choices */
  #owed: Fields = {};
  readonly #owedByChoice = new Map<number, Fields>();
  #cut = 0;

  /** @param choices how many the request asked for (`n`) */
  constructor(rules: OutputRules, choices: number) {
    this.#rules = rules;
    this.#count = choices;
    this.#findings = new Findings(rules.limits.maxFindings);
    this.#holds = rules.watches(true) !== null;
    this.#looks = this.#holds || rules.watches(false) !== null;
    this.#envelope = new Envelope(new Extras(rules, this.#findings));
  }

  /**
   * What of an answer may leave beside the texts of its choices.
   * @param read where in a choice the texts stand
   */
  envelope(answer: Fields, read: "message" | "delta"): Fields {
    return this.#holds ? this.#envelope.of(answer, read) : answer;
  }

  /** The chunks that take this one's place: often itself, perhaps none. */
  push(came: Fields, nowMs: number): readonly Fields[] {
    const chunk = this.envelope(came, "delta");
    const { choices, usage: _, ...template } = chunk;
    this.#template = scalars(template);
    if (!this.#looks || !Array.isArray(choices) || choices.length === 0) return [chunk];
    this.#owed = { ...this.#owed, ...structures(template) };
    const out: Fields[] = [];
    let same = true;
    for (const given of choices as readonly unknown[]) {
      const choice = fields(given);
      if (choice === null) continue;
      const chunks = this.#choice(choice, nowMs);
      same &&= chunks === null;
      out.push(...(chunks ?? [this.#chunk(choice)]));
    }
    if (!same && this.#holds) return out;
    this.#owed = {};
    return [chunk];
  }

  /** What the last chunk said of the whole answer, as it may leave: id, time. */
  get template(): Fields {
    return this.#template;
  }

  /** The chunks that may leave because time passed. */
  tick(nowMs: number): readonly Fields[] {
    return this.#each(
      (choice) => choice.dueMs <= nowMs,
      (choice) => choice.tick(nowMs),
    );
  }

  /** The stream is over: what choices still held that never said how they finished. */
  end(): readonly Fields[] {
    return this.#each(
      (choice) => !choice.finished && !choice.cut,
      (choice) => choice.end(),
    );
  }

  /** Milliseconds on the clock of `push` when `tick` has something to do; infinite for never. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const choice of this.#choices.values()) due = Math.min(due, choice.dueMs);
    return due;
  }

  /** Each choice that was asked for is cut: the backend may be stopped. */
  get allCut(): boolean {
    return this.#cut >= this.#count;
  }

  get anyCut(): boolean {
    return this.#cut > 0;
  }

  /** Characters that are held now, of all choices. */
  get heldChars(): number {
    let held = 0;
    for (const choice of this.#choices.values()) held += choice.heldChars;
    return held;
  }

  get findings(): readonly OutputFinding[] {
    return this.#findings.list;
  }

  get verdicts(): readonly Verdict[] {
    return this.#findings.verdicts;
  }

  /** Null where the choice leaves as it is. */
  #choice(given: Fields, nowMs: number): readonly Fields[] | null {
    const index = typeof given.index === "number" ? given.index : 0;
    const choice = this.#choiceAt(index);
    if (choice.cut || choice.finished) return [];
    const owed = this.#owedByChoice.get(index) ?? {};
    const extras = {
      ...owed,
      ...Object.fromEntries(Object.entries(given).filter(([name]) => !CHOICE_FIELDS.has(name))),
    };
    this.#owedByChoice.delete(index);
    const delta = fields(given.delta) ?? {};
    const out = choice.push(delta, given.logprobs, nowMs);
    if (out.cut) return this.#cutChunks(index, out);
    const finish = typeof given.finish_reason === "string" ? given.finish_reason : null;
    const rest = finish === null ? null : choice.end();
    if (rest?.cut) return this.#cutChunks(index, { ...rest, parts: [...out.parts, ...rest.parts] });
    const whole = rest === null || (rest.parts.length === 0 && Object.keys(rest.logprobs).length === 0);
    if (whole && Object.keys(owed).length === 0 && this.#sameAs(given, delta, out)) return null;
    const texts = [out, ...(rest === null ? [] : [rest])].flatMap((one) => this.#textChunk(index, one));
    if (finish !== null) {
      texts.push(this.#chunk({ index, delta: {}, logprobs: null, finish_reason: finish, ...extras }));
      return texts;
    }
    if (Object.keys(extras).length === 0) return texts;
    const [first, ...others] = texts;
    if (first !== undefined) return [withExtras(first, extras), ...others];
    this.#owedByChoice.set(index, extras);
    return [];
  }

  #sameAs(given: Fields, delta: Fields, out: ChoiceOut): boolean {
    const { logprobs } = given;
    const before = logprobs === undefined || logprobs === null ? {} : logprobs;
    return same(deltaOf(out.parts), delta) && same(withoutNulls(before), withoutNulls(out.logprobs));
  }

  #cutChunks(index: number, out: ChoiceOut): readonly Fields[] {
    this.#cut += 1;
    const end = { index, delta: {}, logprobs: null, finish_reason: "content_filter" };
    return [...this.#textChunk(index, out), this.#chunk(end)];
  }

  #textChunk(index: number, { parts, logprobs }: ChoiceOut): readonly Fields[] {
    const delta = deltaOf(parts);
    const withProbs = Object.keys(logprobs).length > 0;
    if (Object.keys(delta).length === 0 && !withProbs) return [];
    const probs = withProbs ? { logprobs: { content: null, refusal: null, ...logprobs } } : {};
    return [this.#chunk({ index, delta, ...probs, finish_reason: null })];
  }

  #chunk(choice: Fields): Fields {
    const owed = this.#owed;
    this.#owed = {};
    return { ...this.#template, ...owed, choices: [choice] };
  }

  #choiceAt(index: number): ChatChoice {
    const choice = this.#choices.get(index) ?? new ChatChoice(this.#rules, this.#findings, index);
    this.#choices.set(index, choice);
    return choice;
  }

  #each(wanted: (choice: ChatChoice) => boolean, act: (choice: ChatChoice) => ChoiceOut): readonly Fields[] {
    const chunks: Fields[] = [];
    for (const [index, choice] of this.#choices) {
      if (!wanted(choice)) continue;
      const out = act(choice);
      chunks.push(...(out.cut ? this.#cutChunks(index, out) : this.#textChunk(index, out)));
    }
    return chunks;
  }
}

/** Names, ids and times: every chunk says them again. */
function scalars(template: Fields): Fields {
  return Object.fromEntries(
    Object.entries(template).filter(([, value]) => typeof value !== "object" || value === null),
  );
}

function structures(template: Fields): Fields {
  return Object.fromEntries(
    Object.entries(template).filter(([, value]) => typeof value === "object" && value !== null),
  );
}

/** The chunk's one choice with more in it. */
function withExtras(chunk: Fields, extras: Fields): Fields {
  const choices = chunk.choices as readonly Fields[];
  return { ...chunk, choices: choices.map((choice) => ({ ...choice, ...extras })) };
}

function withoutNulls(value: unknown): unknown {
  return Object.fromEntries(Object.entries(fields(value) ?? {}).filter(([, inner]) => inner !== null));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
