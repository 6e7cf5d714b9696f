// What judging costs: CPU of a typical request, and how CPU grows with fields that were made to be slow.
import type { HttpSurface, Waf } from "../../../guards/waf/index.ts";

export interface WafCosts {
  /** CPU microseconds to judge an SDK's request with twenty headers, the best of several rounds */
  readonly sdk_request_us: number;
  /** CPU milliseconds for one field of a megabyte, by what it is made of */
  readonly megabyte_ms: Readonly<Record<string, number>>;
  /** the largest growth of CPU when a field's size doubles */
  readonly worst_ratio: number;
}

/** Each repeats what starts a look ahead, opens a context or makes many tokens. */
const UNITS: Readonly<Record<string, string>> = {
  conditions: "' or 1=1 -- ",
  parentheses: "or ((",
  calls: "concat(char(",
  unions: "union select ",
  cases: "case when ",
  comments: "/*/**/",
  tags: "<a b='",
  handlers: ' on="on',
  commands: ";ls -la ",
  substitutions: "`id`",
  climbing: "../",
  templates: "{{7*",
  lookups: `${"$"}{jndi:`,
  escapes: "%2527",
  references: "&#x26;",
  base64: "YWxlcnQoMSk",
  addresses: "http://a@",
  line_breaks: "\r\nSet-Cookie",
  quotes: "\"'`",
  one_letter: "a",
  prose: "lorem ipsum dolor ",
};
const MEGABYTE = 1 << 20;

export function costs(waf: Waf, sdk: HttpSurface): WafCosts {
  const megabyte: Record<string, number> = {};
  let worst = 0;
  for (const [name, unit] of Object.entries(UNITS)) {
    const quarter = best(3, () => void waf(field(unit, MEGABYTE / 4)));
    const whole = best(3, () => void waf(field(unit, MEGABYTE)));
    megabyte[name] = Math.round(whole / 1000);
    // over two doublings, so that one collection of garbage does not count as growth
    worst = Math.max(worst, Math.sqrt(whole / quarter));
  }
  const rounds = 4000;
  const request = best(5, () => {
    for (let i = 0; i < rounds; i++) waf(sdk);
  });
  return {
    sdk_request_us: Math.round((10 * request) / rounds) / 10,
    megabyte_ms: megabyte,
    worst_ratio: Math.round(worst * 100) / 100,
  };
}

function field(unit: string, size: number): HttpSurface {
  const value = unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  return {
    method: "POST",
    path: "/a",
    query: "",
    headers: [],
    cookies: [],
    fields: [{ place: "body.a", name: "a", value, kind: "json" }],
  };
}

/** CPU microseconds of the quickest run: other work on the machine only ever adds. */
function best(runs: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const before = process.cpuUsage();
    work();
    const used = process.cpuUsage(before);
    least = Math.min(least, used.user + used.system);
  }
  return least;
}
