// A request to an origin's own endpoint, from its body to its answer: counted, judged as a whole, admitted in the one ledger
// call with its audit intent, called, settled once.
//
//   read → scope → guard → admit → call → settle → answer
import { matchesContentDigest, sha256 } from "../../../identity/content-digest.ts";
import { grantsAny } from "../../../identity/scopes.ts";
import type { Verdict } from "../../../protocol/audit.ts";
import { toBase64Url } from "../../../protocol/encoding.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import type { ByteClaim } from "../bytes-in-flight.ts";
import type { GatewayConfig } from "../config.ts";
import type { LedgerClient } from "../ledger-client.ts";
import { type Authorized, isRefusal, type OriginRoute, type RequestContext, type Step } from "../products.ts";
import { readBody } from "../read-body.ts";
import { settleRefused } from "../relayed.ts";
import { settlerFor } from "../settler.ts";
import { commonOf, reach } from "../steps/ledger-call.ts";
import { callOrigin, type OriginReply } from "./call.ts";
import { type Endpoint, endpointOf } from "./endpoint.ts";
import { judgeRequest } from "./judge.ts";

export interface PassThroughMeans {
  readonly request: Request;
  readonly config: GatewayConfig;
  readonly context: RequestContext;
  readonly ledger: LedgerClient;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly clientSignal: AbortSignal;
}

export interface Answered extends OriginReply {
  readonly limitHeaders: Readonly<Record<string, string>>;
}

/** Refused before the ledger heard of it: the caller records it, with what the guard found. */
export interface NotAdmitted {
  readonly refusal: Refusal;
  readonly verdicts: readonly Verdict[];
}

interface Judged {
  readonly endpoint: Endpoint;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly verdicts: readonly Verdict[];
}

/** A refusal that comes after the ledger call is recorded already, and stands alone. */
export async function passThrough(
  authorized: Authorized<OriginRoute>,
  claim: ByteClaim,
  means: PassThroughMeans,
): Promise<Answered | NotAdmitted | Refusal> {
  const judged = await judge(authorized, claim, means);
  if ("refusal" in judged) return judged;
  const { context, ledger } = means;
  const digest = await sha256(judged.body);
  const { route } = authorized;
  const reply = await reach(
    () =>
      ledger.admit({
        kind: "admit",
        ...commonOf(authorized, context, { sha256: digest }),
        anyScope: [scopeOf(route)],
        // no tokens that anyone counts; a lease, so that its end is recorded even if this isolate is lost
        reserve: { promptTokens: 0, outputTokens: 0, leaseMs: context.snapshot.policy.lease_ms },
        intent: {
          model: null,
          version: null,
          digest: null,
          backend: `origin/${route.origin}`,
          verdicts: [...authorized.verdicts, ...judged.verdicts],
          latency_ms: { ...context.latency },
        },
      }),
    context,
  );
  if (isRefusal(reply)) return reply;
  if (!reply.admitted) return reply.refusal;
  const answered = await call(authorized, judged, means);
  return isRefusal(answered) ? answered : { ...answered, limitHeaders: reply.headers };
}

async function judge(
  authorized: Authorized<OriginRoute>,
  claim: ByteClaim,
  { request, context }: PassThroughMeans,
): Promise<Judged | NotAdmitted> {
  const refused = (refusal: Refusal, verdicts: readonly Verdict[] = []): NotAdmitted => ({ refusal, verdicts });
  const { route, principal, contentDigest } = authorized;
  const endpoint = endpointOf(context.snapshot.policy, route);
  if (endpoint === null) return refused({ code: "not_found" });
  const scope = scopeOf(route);
  if (!grantsAny(principal.scopes, [scope])) return refused({ code: "insufficient_scope", scope });
  const body = await readBody(
    request,
    { ...context.snapshot.policy.request, max_body_bytes: endpoint.rules.max_body_bytes },
    claim,
  );
  if (!(body instanceof Uint8Array)) return refused(body);
  if (contentDigest !== null && !(await matchesContentDigest(contentDigest, body)))
    return refused({ code: "digest_mismatch" });
  const { verdicts, blocked } = judgeRequest(request, route, body, context.snapshot);
  return blocked === null ? { endpoint, body, verdicts } : refused(blocked, verdicts);
}

async function call(
  { route }: Authorized<OriginRoute>,
  { endpoint, body }: Judged,
  { request, config, context, ledger, waitUntil, clientSignal }: PassThroughMeans,
): Promise<Step<OriginReply>> {
  const { reply: bounds } = context.snapshot.policy;
  const settler = settlerFor({ promptTokens: 0 }, ledger, context, Date.now);
  waitUntil(settler.settled);
  const backendName = `origin/${route.origin}`;
  const signal = AbortSignal.any([clientSignal, AbortSignal.timeout(bounds.first_byte_timeout_ms)]);
  const reply = await callOrigin({
    url: `${endpoint.baseUrl.replace(/\/+$/, "")}/${route.path}${new URL(request.url).search}`,
    method: request.method,
    contentType: request.headers.get("content-type"),
    accept: acceptable(request.headers.get("accept")),
    body: body.length === 0 ? null : body,
    apiKey: config.origins.apiKey(route.origin),
    maxReplyBytes: bounds.max_reply_bytes,
    signal,
  });
  if (isRefusal(reply)) return settleRefused(reply, { settler, clientSignal, backendName });
  settler.end({
    outcome: clientSignal.aborted ? "client_closed" : "completed",
    status: reply.status,
    backend: backendName,
    usage: null,
    delivered: true,
    estimatedTokens: 0,
    resultSha256: sha256(reply.body).then(toBase64Url),
  });
  return reply;
}

/** Media types and their weights (RFC 9110, section 12.5.1); whatever else stands there, the origin does not see. */
function acceptable(accept: string | null): string {
  const ranges = (accept ?? "").slice(0, 1024).split(",");
  return accept !== null && accept.length <= 1024 && ranges.every((range) => RANGE.test(range.trim())) ? accept : "*/*";
}

const RANGE = /^[\w*.+-]{1,64}\/[\w*.+-]{1,64}(?: *; *[\w-]{1,32}=[\w.+-]{1,64}){0,8}$/;

function scopeOf({ origin, path }: OriginRoute): string {
  return `call:${origin}/${path}`;
}
