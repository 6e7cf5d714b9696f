// Measures the WAF: what it finds of public attack collections at paranoia 2, family by family and class by class, what it
// blocks of honest requests, and what judging costs. `node bench/guards/waf.ts` prints the figures.
import {
  compileWaf,
  DEFAULT_SURFACE_LIMITS,
  DEFAULT_WAF_CONFIG,
  type HttpSurface,
  parseRawRequest,
  type Waf,
} from "../../guards/waf/index.ts";
import { benignRequests } from "./waf/benign/index.ts";
import { type Carrier, haveCorpora, readCorpora } from "./waf/corpora.ts";
import { costs, type WafCosts } from "./waf/costs.ts";
import type { Sample } from "./waf/sample.ts";

export interface Share {
  readonly of: number;
  readonly blocked: number;
  /** percent */
  readonly percent: number;
}

export interface WafFigures {
  /** null where the collections are not beside this checkout */
  readonly detected: {
    readonly overall: Share;
    readonly families: Readonly<Record<string, Share>>;
    /** without bare words, names of headers, and texts of answers, which are no attacks by themselves */
    readonly families_substance: Readonly<Record<string, Share>>;
    readonly classes: Readonly<Record<string, Share>>;
    /** CRS regression by the paranoia level of the rule that each test is of, tests of answers left out */
    readonly crs_levels: Readonly<Record<string, Share>>;
    /** the same strings in other places; suites that bring their own requests stay as they are */
    readonly carriers: Readonly<Record<Carrier, Share>>;
  } | null;
  /** what collections hold as look-alikes; CRS's are those that one rule must not match, others may */
  readonly look_alikes: Readonly<Record<string, Share>> | null;
  readonly benign: {
    readonly overall: Share;
    readonly kinds: Readonly<Record<string, Share>>;
    readonly rules: Readonly<Record<string, number>>;
  };
  readonly cost: WafCosts;
}

export interface WafBenchOptions {
  readonly benign?: number;
  readonly seed?: number;
  /** all carriers take four times as long */
  readonly carriers?: readonly Carrier[];
}

const judge = (waf: Waf, request: string): boolean => waf(parseRawRequest(request, DEFAULT_SURFACE_LIMITS)).blocked;

export function measureWaf(options: WafBenchOptions = {}): WafFigures {
  const waf = compileWaf(DEFAULT_WAF_CONFIG);
  const samples = haveCorpora()
    ? readCorpora("query").map((sample) => ({ ...sample, blocked: judge(waf, sample.request) }))
    : null;
  return {
    detected: samples === null ? null : detected(waf, samples, options.carriers ?? ["query", "form", "json", "header"]),
    look_alikes:
      samples === null
        ? null
        : byKey(
            samples.filter((s) => !s.attack),
            (s) => s.family,
          ),
    benign: benign(waf, options.benign ?? 48_000, options.seed ?? 20_261_101),
    cost: costs(waf, sdkSurface()),
  };
}

type Judged = Sample & { readonly blocked: boolean };

function detected(
  waf: Waf,
  samples: readonly Judged[],
  carriers: readonly Carrier[],
): NonNullable<WafFigures["detected"]> {
  const attacks = samples.filter((s) => s.attack);
  const lists = (s: Sample): boolean => s.family === "libinjection" || s.family === "payloads";
  const shares: [Carrier, Share][] = carriers.map((carrier) => {
    if (carrier === "query") return [carrier, share(attacks.filter(lists))];
    const carried = readCorpora(carrier).filter((s) => s.attack && lists(s));
    return [carrier, share(carried.map((s) => ({ blocked: judge(waf, s.request) })))];
  });
  return {
    overall: share(attacks),
    families: byKey(attacks, (s) => s.family),
    families_substance: byKey(
      attacks.filter((s) => s.substance),
      (s) => s.family,
    ),
    classes: byKey(attacks, (s) => `${s.family}/${s.group}`),
    crs_levels: byKey(
      attacks.filter((s) => s.substance && s.level !== undefined),
      (s) => `level ${s.level}`,
    ),
    carriers: Object.fromEntries(shares) as Record<Carrier, Share>,
  };
}

function benign(waf: Waf, count: number, seed: number): WafFigures["benign"] {
  const judged: { kind: string; blocked: boolean }[] = [];
  const rules: Record<string, number> = {};
  for (const { kind, request } of benignRequests(count, seed)) {
    const verdict = waf(parseRawRequest(request, DEFAULT_SURFACE_LIMITS));
    judged.push({ kind, blocked: verdict.blocked });
    if (verdict.blocked) for (const { rule } of verdict.findings) rules[rule] = (rules[rule] ?? 0) + 1;
  }
  return { overall: share(judged), kinds: byKey(judged, (r) => r.kind), rules };
}

function share(judged: readonly { readonly blocked: boolean }[]): Share {
  const blocked = judged.filter((one) => one.blocked).length;
  return {
    of: judged.length,
    blocked,
    percent: judged.length === 0 ? 0 : Math.round((100_000 * blocked) / judged.length) / 1000,
  };
}

function byKey<T extends { readonly blocked: boolean }>(
  judged: readonly T[],
  key: (one: T) => string,
): Record<string, Share> {
  const groups = Map.groupBy(judged, key);
  return Object.fromEntries(
    [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, group]) => [name, share(group)]),
  );
}

/** What an OpenAI SDK sends through a proxy: twenty headers and two fields of prose. */
function sdkSurface(): HttpSurface {
  const lines = [
    "Host: gateway.example",
    "Accept: application/json",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Connection: keep-alive",
    "Content-Type: application/json",
    "User-Agent: AsyncOpenAI/Python 1.35.3",
    ...[
      "Lang: python",
      "Package-Version: 1.35.3",
      "OS: Linux",
      "Arch: x64",
      "Runtime: CPython",
      "Runtime-Version: 3.12.3",
      "Async: async:asyncio",
      "Retry-Count: 0",
      "Read-Timeout: 600",
    ].map((line) => `X-Stainless-${line}`),
    `Authorization: Bearer ${"eyJhbGciOiJFZERTQSJ9".repeat(3)}.${"eyJpc3MiOiJodHRwczovL2EifQ".repeat(6)}.${"c2lnbmF0dXJl".repeat(7)}`,
    "X-Forwarded-For: 203.0.113.5",
    "X-Forwarded-Proto: https",
    "CF-Ray: 8a1b2c3d4e5f6789-FRA",
    "X-Request-Id: 6f1c0a52-8f0e-4a55-9d1d-0a6f3b1c2d3e",
  ];
  const body = JSON.stringify({
    model: "m",
    messages: [],
    user: "user_1234",
    metadata: { title: "It's a note; about SQL" },
  });
  return parseRawRequest(
    `POST /v1/chat/completions HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`,
    DEFAULT_SURFACE_LIMITS,
  );
}

if (import.meta.main) {
  if (!haveCorpora())
    console.warn("the attack collections are not beside this checkout: only honest requests and costs are measured");
  console.log(JSON.stringify(measureWaf(), null, 2));
}
