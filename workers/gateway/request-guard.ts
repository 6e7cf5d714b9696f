// The WAF at work: a request's transport surface before anyone is known, and all fields of a body where policy passes one
// through. Rules and judgement are guards/waf's; here are a Worker's Request, the policy's choices, and what is recorded.
import { verdictOf } from "../../guards/finding.ts";
import { cookiesOf, type Field, type HttpSurface, type Violation } from "../../guards/waf/index.ts";
import type { Verdict } from "../../protocol/audit.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { guardsOf, type PolicyInUse } from "./guards-of.ts";
import { told } from "./told.ts";

export interface RequestJudgement {
  readonly verdicts: readonly Verdict[];
  readonly blocked: Refusal | null;
}

const NOTHING: RequestJudgement = { verdicts: [], blocked: null };

/** The transport surface: method, path, query, headers, cookies. */
export function judgeSurface(request: Request, url: URL, route: string, inUse: PolicyInUse): RequestJudgement {
  return judge({ ...surfaceOf(request, url), route }, inUse);
}

export interface BodyFields {
  readonly fields: readonly Field[];
  readonly violations?: readonly Violation[];
}

/** Fields of a body alone: its request's surface was judged before. Each field is judged by itself, so nothing is lost. */
export function judgeFields(
  { fields, violations = [] }: BodyFields,
  route: string,
  inUse: PolicyInUse,
): RequestJudgement {
  return judge({ method: "POST", path: "/", query: "", headers: [], cookies: [], fields, violations, route }, inUse);
}

function judge(surface: HttpSurface, inUse: PolicyInUse): RequestJudgement {
  const { waf } = guardsOf(inUse);
  if (waf === null) return NOTHING;
  const verdict = waf(surface);
  const [worst] = [...verdict.findings].sort((a, b) => b.score - a.score);
  if (worst === undefined) return NOTHING;
  const verdicts = verdict.findings.map((finding) =>
    verdictOf(finding, verdict.blocked ? "block" : "report", finding.place),
  );
  if (!verdict.blocked) return { verdicts, blocked: null };
  return {
    verdicts,
    blocked: { code: "request_blocked", ...told({ category: worst.class, rule: worst.rule }, inUse.policy) },
  };
}

/** Credentials are judged where they are verified, and no finding may point into one. The platform's own fields are its own. */
const UNSEEN = new Set([
  "authorization",
  "x-api-key",
  "dpop",
  "cookie",
  "signature",
  "signature-input",
  // judged before: by the list of what a route takes, and as bytes that are counted
  "content-type",
  "content-length",
]);

function surfaceOf(request: Request, url: URL): HttpSurface {
  const headers: (readonly [string, string])[] = [];
  for (const [name, value] of request.headers)
    if (!UNSEEN.has(name) && !name.startsWith("cf-")) headers.push([name, value]);
  const cookie = request.headers.get("cookie");
  return {
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    headers,
    cookies: cookie === null ? [] : cookiesOf(cookie),
    fields: [],
  };
}
