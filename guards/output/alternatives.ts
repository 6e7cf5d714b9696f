// What else might have stood in the place of each token of an answer (`top_logprobs`): texts of their own, one a rank, that
// grow with the answer. The likeliest of them mostly are the answer again. What a rule keeps in one of them keeps the log
// probabilities there and from there on, and not the answer.
import { ChannelGuard } from "./channel.ts";
import { Findings } from "./findings.ts";
import type { LogprobKey, TokenLogprob } from "./logprobs.ts";
import type { OutputRules } from "./rules.ts";

export interface RankText {
  readonly channel: string;
  readonly text: string;
}

export class Alternatives {
  readonly #rules: OutputRules;
  /** told by nobody: it would be the answer's own findings a second time */
  readonly #findings = new Findings(1);
  readonly #ranks = new Map<string, ChannelGuard>();

  constructor(rules: OutputRules) {
    this.#rules = rules;
  }

  /** The texts of some tokens' alternatives, one a rank. */
  textsOf(key: LogprobKey, tokens: readonly TokenLogprob[]): readonly RankText[] {
    const ranks = Math.max(...tokens.map(({ top_logprobs }) => top_logprobs.length));
    return Array.from({ length: ranks }, (_, rank) => ({
      channel: channelOf(key, rank),
      text: tokens.map(({ top_logprobs }) => top_logprobs[rank]?.token ?? "").join(""),
    }));
  }

  push({ channel, text }: RankText, nowMs: number): void {
    const guard = this.#ranks.get(channel) ?? new ChannelGuard(this.#rules, this.#findings, channel);
    this.#ranks.set(channel, guard);
    guard.push(text, nowMs);
  }

  tick(nowMs: number): void {
    for (const guard of this.#ranks.values()) guard.tick(nowMs);
  }

  end(): void {
    for (const guard of this.#ranks.values()) guard.end();
  }

  /** Milliseconds on the caller's clock when `tick` has something to do; infinite for never. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const guard of this.#ranks.values()) due = Math.min(due, guard.dueMs);
    return due;
  }

  /** As of a choice's texts; undefined where it is none of a rank. */
  untouched(channel: string, start: number, end: number): boolean | null | undefined {
    const guard = this.#ranks.get(channel);
    if (guard === undefined) return undefined;
    const left = guard.untouched(start, end);
    return left === null && guard.cut ? false : left;
  }
}

/** No field of a delta has such a name. */
function channelOf(key: LogprobKey, rank: number): string {
  return `logprobs.${key}[].top_logprobs[${rank}]`;
}
