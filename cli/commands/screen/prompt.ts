// `bartizan screen prompt`: the prompt guards over recorded texts.
import type { Command } from "commander";
import { z } from "zod";
import { compilePromptGuard, judgePrompt } from "../../../guards/prompt/index.ts";
import { promptGuardOptions } from "../../../policy/guard-options.ts";
import { lineId, screenCommand } from "./screen-command.ts";

export function screenPrompt(): Command {
  return screenCommand({
    name: "prompt",
    description: "Judge prompts: NDJSON {id, text, role?} in, {id, verdict, score, reasons} out.",
    line: z.object({
      id: lineId,
      text: z.string(),
      role: z.enum(["system", "developer", "user", "assistant", "tool", "function", "definition"]).default("user"),
    }),
    shape: '{"id","text","role"?}',
    explain: "offsets, views and scores of each finding",
    example: 'echo \'{"id":"1","text":"hello"}\' | npx bartizan screen prompt',
    compile: (policy) => {
      const guard = compilePromptGuard(promptGuardOptions(policy));
      return ({ text, role }) => {
        const { verdicts, blocked, score } = judgePrompt([{ where: "text", role, text }], guard);
        const reasons = verdicts.map((verdict) => ({ ...verdict, where: verdict.where ?? "text" }));
        return { blocked: blocked !== null, score, reasons };
      };
    },
  });
}
