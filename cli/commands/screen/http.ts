// `bartizan screen http`: the WAF over recorded requests, each as the bytes that came over the wire.
import type { Command } from "commander";
import { z } from "zod";
import { compileWaf, DEFAULT_SURFACE_LIMITS, POINTS, parseRawRequest } from "../../../guards/waf/index.ts";
import { wafConfig } from "../../../policy/guard-options.ts";
import { lineId, screenCommand } from "./screen-command.ts";

export function screenHttp(): Command {
  return screenCommand({
    name: "http",
    description: "Judge requests: NDJSON {id, request} in, {id, verdict, score, reasons} out.",
    line: z.object({ id: lineId, request: z.string() }),
    shape: '{"id","request"}',
    explain: "offsets, views, scores and what each rule means",
    example:
      'echo \'{"id":"1","request":"GET /?q=1%27%20or%201=1-- HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"}\' | npx bartizan screen http',
    compile: (policy) => {
      const config = wafConfig(policy);
      if (config === null) return () => ({ blocked: false, score: 0, reasons: [] });
      const waf = compileWaf(config);
      // what one certain rule brings is as bad as it gets, unless policy wants more before it blocks
      const worst = Math.max(config.threshold, POINTS.critical);
      return ({ request }) => {
        const { blocked, score, findings } = waf(parseRawRequest(request, DEFAULT_SURFACE_LIMITS));
        const reasons = findings.map(({ rule, place, score: points, start, end, view, reason }) => ({
          rule,
          where: place,
          score: points,
          at: [start, end],
          ...(view === undefined ? {} : { view }),
          reason,
        }));
        return { blocked, score: Math.min(1, score / worst), reasons };
      };
    },
  });
}
