// `bartizan screen prompt`: the pipeline's own prompt guard over recorded texts, a line in and a line out.
import type { Command } from "commander";
import { z } from "zod";
import { checkPrompt, DEFAULT_PROMPT_LIMITS, type PromptLimits } from "../../../guards/prompt/index.ts";
import { localCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { readNdjson, writeNdjson } from "../../ndjson.ts";
import { validPolicy } from "../policy/file.ts";

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]).default("user"),
});

export function screenPrompt(): Command {
  return localCommand("prompt", "Judge prompts: NDJSON {id, text, role?} in, {id, verdict, score, reasons} out.")
    .argument("[file]", "- is standard input", "-")
    .option("--policy <file>", "judge by this policy (default: the built-in one)")
    .addHelpText("after", '\nExample:\n  echo \'{"id":"1","text":"hello"}\' | npx bartizan screen prompt')
    .action(async (file: string, options: { policy?: string }) => {
      const limits = await limitsOf(options.policy);
      for await (const { line, value } of readNdjson(file)) {
        const parsed = lineSchema.safeParse(value);
        if (!parsed.success) throw new UsageError(`Line ${line} is not {"id","text","role"?}.`);
        const { id, text, role } = parsed.data;
        await writeNdjson(judge(id, checkPrompt([{ where: "text", role, text }], limits)));
      }
    });
}

function judge(id: string | number, { verdicts, blocked }: ReturnType<typeof checkPrompt>) {
  const reasons = verdicts.filter(({ action }) => action !== "pass").map(({ rule, where }) => ({ rule, where }));
  // rules, not a classifier: certain, noticed, or nothing
  const score = blocked !== null ? 1 : reasons.length > 0 ? 0.5 : 0;
  return { id, verdict: blocked === null ? "pass" : "block", score, reasons };
}

async function limitsOf(policyFile: string | undefined): Promise<PromptLimits> {
  if (policyFile === undefined) return DEFAULT_PROMPT_LIMITS;
  const { policy } = await validPolicy(policyFile);
  return {
    ...DEFAULT_PROMPT_LIMITS,
    maxPromptChars: policy.request.max_prompt_chars,
    controlTokens: policy.guards.prompt.control_tokens,
  };
}
