// `bartizan screen prompt`: the pipeline's own prompt guards over recorded texts, a line in and a line out.
import type { Command } from "commander";
import { z } from "zod";
import { compilePromptGuard, judgePrompt } from "../../../guards/prompt/index.ts";
import { localCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { readNdjson, writeNdjson } from "../../ndjson.ts";
import { guardingOf, lineOf } from "./guarding.ts";

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function", "definition"]).default("user"),
});

export function screenPrompt(): Command {
  return localCommand("prompt", "Judge prompts: NDJSON {id, text, role?} in, {id, verdict, score, reasons} out.")
    .argument("[file]", "- is standard input", "-")
    .option("--policy <file>", "judge by this policy (default: the built-in one)")
    .option("--explain", "offsets, views and scores of each finding")
    .addHelpText("after", '\nExample:\n  echo \'{"id":"1","text":"hello"}\' | npx bartizan screen prompt')
    .action(async (file: string, options: { policy?: string; explain?: true }) => {
      const guard = compilePromptGuard((await guardingOf(options.policy)).prompt);
      for await (const { line, value } of readNdjson(file)) {
        const parsed = lineSchema.safeParse(value);
        if (!parsed.success) throw new UsageError(`Line ${line} is not {"id","text","role"?}.`);
        const { id, text, role } = parsed.data;
        const { verdicts, blocked, score } = judgePrompt([{ where: "text", role, text }], guard);
        const reasons = verdicts.map((verdict) => ({ ...verdict, where: verdict.where ?? "text" }));
        await writeNdjson(lineOf(id, blocked !== null, reasons, options.explain === true, score));
      }
    });
}
