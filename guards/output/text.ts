// The guard on one whole text, for trying rules on recorded answers.
import { ChannelGuard } from "./channel.ts";
import { Findings, type OutputFinding } from "./findings.ts";
import type { OutputRules } from "./rules.ts";

export interface GuardedText {
  /** what would reach the client */
  readonly text: string;
  readonly cut: boolean;
  readonly findings: readonly OutputFinding[];
}

export function guardText(text: string, rules: OutputRules, where = "text"): GuardedText {
  const findings = new Findings(rules.limits.maxFindings);
  const channel = new ChannelGuard(rules, findings, where);
  const first = channel.push(text, 0);
  const last = channel.end();
  return { text: first.release + last.release, cut: first.cut || last.cut, findings: findings.list };
}
