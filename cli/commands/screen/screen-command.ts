// What the `screen` commands share: recorded traffic in, a line of judgement out for each, by the pipeline's own guards under
// a policy. Lines that do not read end the command, after the judgements of those before.
import type { Command } from "commander";
import { z } from "zod";
import type { Guarding } from "../../../policy/guard-options.ts";
import { guardsSchema } from "../../../policy/guards.ts";
import { localCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { readNdjson, writeNdjson } from "../../ndjson.ts";
import { validPolicy } from "../policy/file.ts";

export const lineId = z.union([z.string(), z.number()]);

export interface Reason {
  readonly rule: string;
  readonly where: string;
  readonly [detail: string]: unknown;
}

export interface Judged {
  readonly blocked: boolean;
  /** 0 to 1 */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

export interface ScreenCommand<Line> {
  readonly name: string;
  readonly description: string;
  readonly line: z.ZodType<Line>;
  /** how a line looks, for who sent another: `{"id","text"}` */
  readonly shape: string;
  readonly explain: string;
  readonly example: string;
  /** compiles the policy's guards, once */
  readonly compile: (policy: Guarding) => (line: Line) => Judged;
}

const BUILT_IN_MAX_PROMPT_CHARS = 4_000_000;

export function screenCommand<Line extends { readonly id: string | number }>(spec: ScreenCommand<Line>): Command {
  return localCommand(spec.name, spec.description)
    .argument("[file]", "- is standard input", "-")
    .option("--policy <file>", "judge by this policy (default: the built-in one)")
    .option("--explain", spec.explain)
    .addHelpText("after", `\nExample:\n  ${spec.example}`)
    .action(async (file: string, options: { policy?: string; explain?: true }) => {
      const judge = spec.compile(await policyOf(options.policy));
      for await (const { line, value } of readNdjson(file)) {
        const parsed = spec.line.safeParse(value);
        if (!parsed.success) throw new UsageError(`Line ${line} is not ${spec.shape}.`);
        const { blocked, score, reasons } = judge(parsed.data);
        await writeNdjson({
          id: parsed.data.id,
          verdict: blocked ? "block" : "pass",
          score: Math.round(score * 1000) / 1000,
          reasons: options.explain === true ? reasons : reasons.map(({ rule, where }) => ({ rule, where })),
        });
      }
    });
}

async function policyOf(file: string | undefined): Promise<Guarding> {
  if (file !== undefined) return (await validPolicy(file)).policy;
  return { guards: guardsSchema.parse({}), request: { max_prompt_chars: BUILT_IN_MAX_PROMPT_CHARS } };
}
