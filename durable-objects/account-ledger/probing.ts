// Whether an account probes a model systematically, judged in the call that is made anyway. A finding is a verdict in the
// request's own record; what it does to the request is policy's choice.
import { assess } from "../../guards/extraction/index.ts";
import type { Verdict } from "../../protocol/audit.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { AdmitCommand } from "./commands.ts";
import type { LedgerState } from "./state.ts";

export const PROBING_RULE = "extraction.probing";

export interface ProbingJudgement {
  readonly verdicts: readonly Verdict[];
  readonly refusal: Refusal | null;
}

const NOTHING: ProbingJudgement = { verdicts: [], refusal: null };

export function judgeProbing(state: LedgerState, { probing }: AdmitCommand, now: number): ProbingJudgement {
  if (probing === undefined) return NOTHING;
  const { score, waitMs } = assess(state.sketch, probing.probe, probing.rule, now);
  if (score < 1) return NOTHING;
  const { mode } = probing.rule;
  const slowed = mode === "slow" && waitMs > 0;
  const verdict: Verdict = { rule: PROBING_RULE, action: mode === "stop" || slowed ? "block" : "report", score };
  if (mode === "stop") return { verdicts: [verdict], refusal: { code: "probing_stopped" } };
  return { verdicts: [verdict], refusal: slowed ? { code: "probing_slowed", retryAfterMs: waitMs } : null };
}

/** The command with what the ledger found put before what the gateway found. */
export function withVerdicts(command: AdmitCommand, verdicts: readonly Verdict[]): AdmitCommand {
  return { ...command, intent: { ...command.intent, verdicts: [...verdicts, ...command.intent.verdicts] } };
}
