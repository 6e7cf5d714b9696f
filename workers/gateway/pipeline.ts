// The straight line. Each step takes what the steps before it made, so none can be skipped, and a refusal ends it.
//
//   screen → authenticate → authorize → read → select → validate → admit → route → relay        POST
//   screen → authenticate → authorize → (catalogue) → admit → answer                            GET
//
// Before `authenticate` accepted, a refusal costs the gateway nothing but this answer. After it, every request makes
// exactly one ledger call: `admit`, or `refuse` here, which looks at revocation first (there 401 wins) and leaves a record.
import { CLIENT_ADDRESS, IGNORED_FIELDS, SERVED_MODEL } from "../../protocol/headers.ts";
import { ledgerName, newRequestId, type RequestId } from "../../protocol/ids.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { type AnswerContext, finish, json, refuse } from "./answer.ts";
import { type ByteClaim, claimBytes } from "./bytes-in-flight.ts";
import { countCapRefusal } from "./cap-refusals.ts";
import { catalogue } from "./catalogue.ts";
import { type GatewayConfig, type GatewayEnv, gatewayConfig } from "./config.ts";
import { preflight } from "./cors.ts";
import { discardBody } from "./discard-body.ts";
import { logFault } from "./fault-log.ts";
import { live, ready } from "./health.ts";
import { type LedgerClient, ledgerClient, sendDueCapRefusals } from "./ledger-client.ts";
import { GATEWAY_LIMITS } from "./limits.ts";
import { passThrough } from "./pass-through/serve.ts";
import {
  type Admitted,
  type Authenticated,
  type Authorized,
  type CatalogueRoute,
  type GenerateRoute,
  isRefusal,
  type OriginRoute,
  type RequestContext,
} from "./products.ts";
import { settleGuarded, settleRefused } from "./relayed.ts";
import { judgeSurface } from "./request-guard.ts";
import { findRoute } from "./routes.ts";
import { settlerFor } from "./settler.ts";
import { isUnserved } from "./snapshots.ts";
import { admit, admitCatalogue } from "./steps/admit.ts";
import { authenticate } from "./steps/authenticate.ts";
import { authorize, judgeLocalCap } from "./steps/authorize.ts";
import { read } from "./steps/read.ts";
import { type Refused, recordRefusal } from "./steps/record-refusal.ts";
import { relay } from "./steps/relay.ts";
import { route } from "./steps/route.ts";
import { screen } from "./steps/screen.ts";
import { secondOpinion } from "./steps/second-opinion.ts";
import { select } from "./steps/select.ts";
import { validate } from "./steps/validate.ts";
import { flushWhenDue, tallyRefusal } from "./tally.ts";
import { told } from "./told.ts";

export async function handleInference(request: Request, env: GatewayEnv, ctx: ExecutionContext): Promise<Response> {
  const response = await answer(request, env, ctx);
  if (response.status >= 400) await discardBody(request);
  return response;
}

async function answer(request: Request, env: GatewayEnv, ctx: ExecutionContext): Promise<Response> {
  const startedAtMs = Date.now();
  const requestId = freshRequestId(startedAtMs);
  let answering: AnswerContext = { request, requestId, policy: null };
  try {
    const config = await gatewayConfig(env);
    const snapshot = await config.snapshots.current({
      env,
      nowMs: startedAtMs,
      waitUntil: (work) => ctx.waitUntil(work),
    });
    answering = { request, requestId, policy: snapshot.policy };

    const url = new URL(request.url);
    const found = findRoute(url.pathname);
    if (found.route === null) {
      // what is nowhere may still be an attack, and is told from a mistyped path
      const { blocked } = isUnserved(snapshot) ? PASSED : judgeSurface(request, url, url.pathname, snapshot);
      return refuse(blocked ?? { code: found.code }, answering);
    }
    if (request.method === "OPTIONS" && snapshot.policy !== null)
      return finish(preflight(request, found.methods, snapshot.policy.cors), { ...answering, policy: null });
    if (found.route.name === "live" || found.route.name === "ready") {
      if (!found.methods.includes(request.method))
        return refuse({ code: "method_not_allowed", allow: found.methods }, answering);
      return finish(found.route.name === "live" ? live() : await ready(env, snapshot), answering);
    }
    if (isUnserved(snapshot)) return refuse({ code: `${snapshot.missing}_unavailable` }, answering);

    const context: RequestContext = { requestId, startedAtMs, snapshot, latency: {} };
    const { policyDigest } = snapshot;
    flushWhenDue(env.AUDIT, requestId, policyDigest, startedAtMs, (work) => ctx.waitUntil(work));
    sendDueCapRefusals(env, startedAtMs, (work) => ctx.waitUntil(work));
    const screened = screen(request, url, found.route, found.methods, snapshot);
    if (isRefusal(screened)) return refuseTallied(screened, answering, context);
    const authenticated = await authenticate(screened, request, context, {
      waitUntil: (work) => ctx.waitUntil(work),
      loopback: config.loopbackIssuers,
    });
    if (isRefusal(authenticated)) return refuseTallied(authenticated, answering, context);
    answering = { ...answering, dpopNonce: authenticated.nonce?.fresh };
    const capped = judgeLocalCap(authenticated, startedAtMs);
    if (capped !== null) {
      countCapRefusal({ ...authenticated, policyDigest }, startedAtMs, () => freshRequestId(startedAtMs));
      return refuse(capped, answering);
    }

    const { jurisdiction, account } = authenticated.principal;
    const waitUntil = (work: Promise<unknown>): void => ctx.waitUntil(work);
    const ledger = ledgerClient(env, jurisdiction, account, waitUntil);
    const flow = { request, env, config, waitUntil, clientSignal: request.signal, context, answering, ledger };
    return await answerAuthenticated(authenticated, flow);
  } catch (error) {
    logFault("internal_error", requestId, error);
    return refuse({ code: "internal_error" }, answering);
  }
}

/** Without a policy nothing is served, and nothing is looked for. */
const PASSED = { blocked: null };

function freshRequestId(nowMs: number): RequestId {
  return newRequestId(nowMs, crypto.getRandomValues(new Uint8Array(10)));
}

/** A refusal that no ledger hears of: counted, and the counts are sent to the log now and then. */
function refuseTallied(
  refusal: Refusal,
  answering: AnswerContext,
  { requestId, startedAtMs }: RequestContext,
): Response {
  tallyRefusal(refusal.code, answering.request.headers.get(CLIENT_ADDRESS), requestId, startedAtMs);
  return refuse(refusal, answering);
}

/** What the steps after `authenticate` have at hand. */
interface Flow {
  readonly request: Request;
  readonly env: GatewayEnv;
  readonly config: GatewayConfig;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly clientSignal: AbortSignal;
  readonly context: RequestContext;
  readonly answering: AnswerContext;
  readonly ledger: LedgerClient;
}

async function answerAuthenticated(authenticated: Authenticated, flow: Flow): Promise<Response> {
  try {
    const authorized = authorize(authenticated, flow.context);
    if (isRefusal(authorized)) return await refuseRecorded({ refusal: authorized, from: authenticated }, flow);
    if (authorized.route.name === "models" || authorized.route.name === "model")
      return await answerCatalogue(authorized as Authorized<CatalogueRoute>, flow);
    return await withinBytes(authorized, (claim) =>
      authorized.route.name === "origin"
        ? answerPassThrough(authorized as Authorized<OriginRoute>, claim, flow)
        : generate(authorized as Authorized<GenerateRoute>, claim, flow),
    );
  } catch (error) {
    // a fault leaves a record like any other end; once the ledger was asked, it has one
    if (flow.ledger.asked) throw error;
    logFault("internal_error", flow.context.requestId, error);
    return await refuseRecorded({ refusal: { code: "internal_error" }, from: authenticated }, flow);
  }
}

/** The bytes of a request's body count against its isolate, and its account's share of it, until it is answered. */
async function withinBytes({ principal }: Authorized, use: (claim: ByteClaim) => Promise<Response>): Promise<Response> {
  const claim = claimBytes(ledgerName(principal.jurisdiction, principal.account), GATEWAY_LIMITS);
  try {
    return await use(claim);
  } finally {
    claim.release();
  }
}

async function generate(authorized: Authorized<GenerateRoute>, claim: ByteClaim, flow: Flow): Promise<Response> {
  const { request, context, ledger, answering } = flow;
  const typed = await read(authorized, request, claim, context);
  if (isRefusal(typed)) return refuseRecorded({ refusal: typed, from: authorized }, flow);
  const grant = select(typed, context);
  const { model } = typed.parsed.request;
  if (isRefusal(grant)) return refuseRecorded({ refusal: grant, from: authorized, model }, flow);
  const prompt = validate(grant, context);
  if ("refusal" in prompt) return refuseRecorded({ ...prompt, from: authorized, model: grant.id }, flow);
  context.latency.judge = Date.now() - context.startedAtMs;

  const admitted = await admit(prompt, ledger, context);
  if (isRefusal(admitted)) return refuse(admitted, answering);
  context.latency.admit = Date.now() - context.startedAtMs;
  return serve(admitted, flow);
}

/** The request holds a reservation: settlement is registered before anything else, and every end comes to it. */
async function serve(admitted: Admitted, flow: Flow): Promise<Response> {
  const { env, config, context, ledger, answering, clientSignal } = flow;
  const { grant } = admitted.prompt;
  const settler = settlerFor(admitted.prompt, ledger, context, Date.now);
  flow.waitUntil(settler.settled);
  const means = { ledger, context, settler, clientSignal };
  try {
    const opinion = await secondOpinion(admitted, env, config, context);
    settler.note(opinion.verdicts);
    if (opinion.blocked) {
      const refusal: Refusal = {
        code: "content_policy",
        param: admitted.prompt.doubt?.where ?? null,
        ...told({ category: "injection", rule: "injection.guard_model" }, context.snapshot.policy),
      };
      return refuse(settleGuarded(refusal, { ...means, backendName: "none" }), answering);
    }
    const relayed = await relay(route(admitted, env, config, context), means);
    if (isRefusal(relayed)) return refuse(relayed, answering);
    const { ignored } = grant.typed.parsed;
    const headers: Record<string, string> = {
      ...admitted.limitHeaders,
      "content-type": relayed.contentType,
      [SERVED_MODEL]: `${grant.id}@${grant.version}`,
    };
    if (ignored.length > 0) headers[IGNORED_FIELDS] = ignored.join(", ");
    return finish(new Response(relayed.body, { headers }), answering);
  } catch (error) {
    // a fault of ours: the reservation must not wait for its lease
    settleRefused({ code: "internal_error" }, { ...means, backendName: "none" });
    throw error;
  }
}

async function answerPassThrough(authorized: Authorized<OriginRoute>, claim: ByteClaim, flow: Flow): Promise<Response> {
  const answered = await passThrough(authorized, claim, flow);
  if ("refusal" in answered) return refuseRecorded({ ...answered, from: authorized }, flow);
  if (isRefusal(answered)) return refuse(answered, flow.answering);
  const headers = { ...answered.limitHeaders, "content-type": answered.contentType };
  // 204 and 304 take no body, not even an empty one
  const body = answered.body.length === 0 ? null : answered.body;
  return finish(new Response(body, { status: answered.status, headers }), flow.answering);
}

async function answerCatalogue(authorized: Authorized<CatalogueRoute>, flow: Flow): Promise<Response> {
  const found = catalogue(authorized, flow.context);
  if (isRefusal(found)) return refuseRecorded({ refusal: found, from: authorized }, flow);
  const admitted = await admitCatalogue(authorized, flow.ledger, flow.context);
  if (isRefusal(admitted)) return refuse(admitted, flow.answering);
  return finish(json(found.document, admitted.limitHeaders), flow.answering);
}

async function refuseRecorded(refused: Refused, flow: Flow): Promise<Response> {
  return refuse(await recordRefusal(refused, flow.ledger, flow.context), flow.answering);
}
