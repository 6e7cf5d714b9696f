// What the three `screen` commands share: the policy they judge by, and a line of their output.
import { outputGuardOptions, promptGuardOptions, wafConfig } from "../../../policy/guard-options.ts";
import { guardsSchema } from "../../../policy/guards.ts";
import { validPolicy } from "../policy/file.ts";

const MAX_PROMPT_CHARS = 4_000_000;

export interface Guarding {
  readonly waf: ReturnType<typeof wafConfig>;
  readonly prompt: ReturnType<typeof promptGuardOptions>;
  readonly output: ReturnType<typeof outputGuardOptions>;
}

/** @param file a policy; without one, the defaults */
export async function guardingOf(file: string | undefined): Promise<Guarding> {
  const policy =
    file === undefined
      ? { guards: guardsSchema.parse({}), request: { max_prompt_chars: MAX_PROMPT_CHARS } }
      : (await validPolicy(file)).policy;
  return { waf: wafConfig(policy), prompt: promptGuardOptions(policy), output: outputGuardOptions(policy) };
}

export interface Reason {
  readonly rule: string;
  readonly where: string;
  readonly action?: string;
  readonly score?: number;
  readonly at?: readonly [number, number];
  readonly view?: string;
  readonly reason?: string;
}

export interface Line {
  readonly id: string | number;
  readonly verdict: "pass" | "block";
  /** 0 to 1 */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** @param explain offsets, views and scores, too; else the rule and its place */
export function lineOf(
  id: string | number,
  blocked: boolean,
  reasons: readonly Reason[],
  explain: boolean,
  score = Math.max(blocked ? 1 : 0, ...reasons.map((reason) => reason.score ?? 0)),
): Line {
  const told = explain ? reasons : reasons.map(({ rule, where }) => ({ rule, where }));
  return { id, verdict: blocked ? "block" : "pass", score: Math.round(score * 1000) / 1000, reasons: told };
}
