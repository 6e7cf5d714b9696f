// `bartizan screen http`: the WAF over recorded requests, each as the bytes that came over the wire.
import type { Command } from "commander";
import { z } from "zod";
import { compileWaf, DEFAULT_SURFACE_LIMITS, DEFAULT_WAF_CONFIG, parseRawRequest } from "../../../guards/waf/index.ts";
import { localCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { readNdjson, writeNdjson } from "../../ndjson.ts";
import { guardingOf, lineOf } from "./guarding.ts";

const lineSchema = z.object({ id: z.union([z.string(), z.number()]), request: z.string() });

/** A rule's points by which a field is an attack by itself. */
const CERTAIN = 5;

export function screenHttp(): Command {
  return localCommand("http", "Judge requests: NDJSON {id, request} in, {id, verdict, score, reasons} out.")
    .argument("[file]", "- is standard input", "-")
    .option("--policy <file>", "judge by this policy (default: the built-in one)")
    .option("--explain", "offsets, views, scores and what each rule means")
    .addHelpText(
      "after",
      '\nExample:\n  echo \'{"id":"1","request":"GET /?q=1%27%20or%201=1-- HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"}\' | npx bartizan screen http',
    )
    .action(async (file: string, options: { policy?: string; explain?: true }) => {
      const config = (await guardingOf(options.policy)).waf;
      const waf = config === null ? null : compileWaf(config);
      for await (const { line, value } of readNdjson(file)) {
        const parsed = lineSchema.safeParse(value);
        if (!parsed.success) throw new UsageError(`Line ${line} is not {"id","request"}.`);
        const { id, request } = parsed.data;
        if (waf === null) {
          await writeNdjson(lineOf(id, false, [], false));
          continue;
        }
        const { blocked, score, findings } = waf(parseRawRequest(request, DEFAULT_SURFACE_LIMITS));
        const reasons = findings.map((found) => ({
          rule: found.rule,
          where: found.place,
          score: found.score,
          at: [found.start, found.end] as const,
          ...(found.view === undefined ? {} : { view: found.view }),
          reason: found.reason,
        }));
        const threshold = Math.max(config?.threshold ?? DEFAULT_WAF_CONFIG.threshold, CERTAIN);
        await writeNdjson(lineOf(id, blocked, reasons, options.explain === true, Math.min(1, score / threshold)));
      }
    });
}
