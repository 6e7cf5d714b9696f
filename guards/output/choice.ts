// The guard of one choice of an answer: its channels, which are the texts that grow in it (content, refusal, reasoning,
// each tool call's arguments), and their common end. After a cut in one nothing more of the choice leaves.
import { ChannelGuard } from "./channel.ts";
import type { Findings } from "./findings.ts";
import type { OutputRules } from "./rules.ts";

export interface Released {
  /** the text's place in the message: `content`, `tool_calls[1].function.arguments` */
  readonly channel: string;
  readonly text: string;
}

export interface ChoiceStep {
  /** what may leave now, in this order; no empty texts */
  readonly released: readonly Released[];
  /** the choice ends here, with `content_filter` */
  readonly cut: boolean;
}

const NOTHING: ChoiceStep = { released: [], cut: false };

export class ChoiceGuard {
  readonly #rules: OutputRules;
  readonly #findings: Findings;
  readonly #where: string;
  readonly #channels = new Map<string, ChannelGuard>();
  cut = false;

  /** @param where the choice's message: `choices[0].message` */
  constructor(rules: OutputRules, findings: Findings, where: string) {
    this.#rules = rules;
    this.#findings = findings;
    this.#where = where;
  }

  /** @param nowMs any clock that does not run backwards; the same in `tick` */
  push(channel: string, delta: string, nowMs: number): ChoiceStep {
    if (this.cut || delta === "") return NOTHING;
    const known = this.#channels.get(channel);
    if (known !== undefined) return this.#after(channel, known.push(delta, nowMs));
    // a text is mostly over when the next begins; what would be cut at its end is cut now, as in a whole answer
    for (const [earlier, guard] of this.#channels) if (guard.endsCut) return this.#after(earlier, guard.end());
    const guard = new ChannelGuard(this.#rules, this.#findings, `${this.#where}.${channel}`);
    this.#channels.set(channel, guard);
    return this.#after(channel, guard.push(delta, nowMs));
  }

  /** Nothing more comes on this channel. */
  endChannel(channel: string): ChoiceStep {
    const guard = this.#channels.get(channel);
    return this.cut || guard === undefined ? NOTHING : this.#after(channel, guard.end());
  }

  /** The choice is over. */
  end(): ChoiceStep {
    return this.#each((guard) => guard.end());
  }

  tick(nowMs: number): ChoiceStep {
    return this.#each((guard) => guard.tick(nowMs));
  }

  /** Milliseconds on the caller's clock when `tick` has something to do; infinite for never. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    if (!this.cut) for (const { dueMs } of this.#channels.values()) due = Math.min(due, dueMs);
    return due;
  }

  get heldChars(): number {
    let held = 0;
    for (const guard of this.#channels.values()) held += guard.heldChars;
    return held;
  }

  /** Whether all text of the channel up to that offset left as it came; null while that is not known. */
  passedUntouched(channel: string, start: number, end: number): boolean | null {
    const guard = this.#channels.get(channel);
    if (start === end) return true;
    if (guard === undefined || guard.passed < end) return null;
    return guard.redactedTo <= start;
  }

  #each(act: (guard: ChannelGuard) => { release: string; cut: boolean }): ChoiceStep {
    if (this.cut) return NOTHING;
    const released: Released[] = [];
    for (const [channel, guard] of this.#channels) {
      const step = this.#after(channel, act(guard));
      released.push(...step.released);
      if (step.cut) return { released, cut: true };
    }
    return { released, cut: false };
  }

  #after(channel: string, { release, cut }: { release: string; cut: boolean }): ChoiceStep {
    const released: Released[] = release === "" ? [] : [{ channel, text: release }];
    if (!cut) return { released, cut };
    this.cut = true;
    // what the other texts of the choice held is judged as their end, and leaves unless it is cut too
    for (const [other, guard] of this.#channels) {
      const rest = other === channel ? "" : guard.end().release;
      if (rest !== "") released.push({ channel: other, text: rest });
    }
    return { released, cut };
  }
}
