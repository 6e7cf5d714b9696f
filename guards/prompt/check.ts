// The first validation of a prompt: its size, and control tokens of chat templates. Pure and linear in the text.
import type { Verdict } from "../../protocol/audit.ts";
import type { PromptText } from "../../protocol/openai/text-of.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { DEFAULT_PROMPT_LIMITS, type PromptLimits } from "./limits.ts";
import { forgedTurn, mentions } from "./template-tokens.ts";

export interface PromptCheck {
  /** what was found, blocked or not; goes into the audit record without the text */
  readonly verdicts: readonly Verdict[];
  /** the refusal to answer with, naming message and part; null lets the prompt pass */
  readonly blocked: Refusal | null;
  /** UTF-16 units of all texts, second views not counted; up to the limit where that was passed */
  readonly chars: number;
}

export function checkPrompt(texts: Iterable<PromptText>, limits: PromptLimits = DEFAULT_PROMPT_LIMITS): PromptCheck {
  const verdicts: Verdict[] = [];
  let chars = 0;
  for (const { where, text, view } of texts) {
    if (view !== true) chars += text.length;
    if (chars > limits.maxPromptChars) {
      verdicts.push({ rule: "prompt.length", action: "block", where });
      return { verdicts, blocked: tooLong(where, limits), chars };
    }
    if (limits.controlTokens === "off") continue;
    const forged = forgedTurn(text);
    if (forged !== null && limits.controlTokens === "block") {
      verdicts.push({ rule: forged.id, action: "block", where });
      return { verdicts, blocked: { code: "content_policy", param: where }, chars };
    }
    const found = forged === null ? mentions(text) : [forged];
    for (const rule of found)
      if (verdicts.length < limits.maxVerdicts - 1) verdicts.push({ rule: rule.id, action: "report", where });
  }
  return { verdicts, blocked: null, chars };
}

function tooLong(where: string, limits: PromptLimits): Refusal {
  return {
    code: "invalid_request",
    param: where,
    expected: `expected at most ${limits.maxPromptChars} characters of text in the whole request`,
  };
}
