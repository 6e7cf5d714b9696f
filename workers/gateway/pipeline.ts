// The straight line. Each step takes what the steps before it made, so none can be skipped, and a refusal ends it.
//
//   screen → authenticate → authorize → read → select → validate → admit → route → relay        POST
//   screen → authenticate → authorize → (catalogue) → admit → answer                            GET
//
// Before `authenticate` accepted, a refusal costs the gateway nothing but this answer. After it, every request makes
// exactly one ledger call: `admit`, or `refuse` here, which looks at revocation first (there 401 wins) and leaves a record.
import type { Verdict } from "../../protocol/audit.ts";
import { IGNORED_FIELDS, SERVED_MODEL } from "../../protocol/headers.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { answerOf, type Refusal } from "../../protocol/refusal.ts";
import { type AnswerContext, finish, json, refuse } from "./answer.ts";
import { type ByteClaim, claimBytes } from "./bytes-in-flight.ts";
import { catalogue } from "./catalogue.ts";
import { type GatewayEnv, gatewayConfig } from "./config.ts";
import { preflight } from "./cors.ts";
import { discardBody } from "./discard-body.ts";
import { live, ready } from "./health.ts";
import { type LedgerClient, ledgerClient } from "./ledger-client.ts";
import { GATEWAY_LIMITS } from "./limits.ts";
import {
  type Authenticated,
  type Authorized,
  type CatalogueRoute,
  type GenerateRoute,
  isRefusal,
  type RequestContext,
} from "./products.ts";
import { findRoute } from "./routes.ts";
import { admit, admitCatalogue, commonOf } from "./steps/admit.ts";
import { authenticate } from "./steps/authenticate.ts";
import { authorize } from "./steps/authorize.ts";
import { read } from "./steps/read.ts";
import { relay } from "./steps/relay.ts";
import { route } from "./steps/route.ts";
import { screen } from "./steps/screen.ts";
import { select } from "./steps/select.ts";
import { validate } from "./steps/validate.ts";

export async function handleInference(request: Request, env: GatewayEnv, ctx: ExecutionContext): Promise<Response> {
  const response = await answer(request, env, ctx);
  if (response.status >= 400) await discardBody(request);
  return response;
}

async function answer(request: Request, env: GatewayEnv, ctx: ExecutionContext): Promise<Response> {
  const startedAtMs = Date.now();
  const requestId = newRequestId(startedAtMs, crypto.getRandomValues(new Uint8Array(10)));
  let answering: AnswerContext = { request, requestId, policy: null };
  try {
    const config = await gatewayConfig(env);
    const snapshot = await config.snapshots.current();
    answering = { request, requestId, policy: snapshot?.policy ?? null };

    const url = new URL(request.url);
    const found = findRoute(url.pathname);
    if (found.route === null) return refuse({ code: found.code }, answering);
    if (request.method === "OPTIONS" && snapshot !== null)
      return finish(preflight(request, found.methods, snapshot.policy.cors), { ...answering, policy: null });
    if (found.route.name === "live" || found.route.name === "ready") {
      if (!found.methods.includes(request.method))
        return refuse({ code: "method_not_allowed", allow: found.methods }, answering);
      return finish(found.route.name === "live" ? live() : await ready(env, snapshot), answering);
    }
    if (snapshot === null) return refuse({ code: "policy_unavailable" }, answering);

    const context: RequestContext = { requestId, startedAtMs, snapshot, latency: {} };
    const screened = screen(request, url, found.route, found.methods, snapshot.policy);
    if (isRefusal(screened)) return refuse(screened, answering);
    const authenticated = await authenticate(screened, request.headers, context);
    if (isRefusal(authenticated)) return refuse(authenticated, answering);

    const { jurisdiction, account } = authenticated.principal;
    const flow: Flow = { request, env, ctx, context, answering, ledger: ledgerClient(env, jurisdiction, account) };
    const authorized = authorize(authenticated);
    if (isRefusal(authorized)) return await recordRefusal(authorized, authenticated, flow);
    if (authorized.route.name === "models" || authorized.route.name === "model")
      return await answerCatalogue(authorized as Authorized<CatalogueRoute>, flow);
    return await generate(authorized as Authorized<GenerateRoute>, flow);
  } catch (error) {
    // The name only: a message may hold what a client or a backend wrote.
    const name = error instanceof Error ? error.name : typeof error;
    console.error(JSON.stringify({ event: "internal_error", request_id: requestId, name }));
    return refuse({ code: "internal_error" }, answering);
  }
}

interface Flow {
  readonly request: Request;
  readonly env: GatewayEnv;
  readonly ctx: ExecutionContext;
  readonly context: RequestContext;
  readonly answering: AnswerContext;
  readonly ledger: LedgerClient;
}

async function generate(authorized: Authorized<GenerateRoute>, flow: Flow): Promise<Response> {
  const claim = claimBytes(GATEWAY_LIMITS.maxBytesInFlight);
  try {
    return await generateWithin(authorized, claim, flow);
  } finally {
    claim.release();
  }
}

async function generateWithin(authorized: Authorized<GenerateRoute>, claim: ByteClaim, flow: Flow): Promise<Response> {
  const { request, env, ctx, context, ledger, answering } = flow;
  const typed = await read(authorized, request, claim, context);
  if (isRefusal(typed)) return recordRefusal(typed, authorized, flow);
  const grant = select(typed, context);
  if (isRefusal(grant)) return recordRefusal(grant, authorized, flow, typed.parsed.request.model);
  const prompt = validate(grant, context);
  if ("refusal" in prompt) return recordRefusal(prompt.refusal, authorized, flow, grant.id, prompt.verdicts);
  context.latency.judge = Date.now() - context.startedAtMs;

  const admitted = await reach(() => admit(prompt, ledger, context));
  if (isRefusal(admitted)) return refuse(admitted, answering);
  context.latency.admit = Date.now() - context.startedAtMs;
  const routed = route(admitted, env, await gatewayConfig(env), context);
  const relayed = await relay(routed, ledger, context, request.signal, (work) => ctx.waitUntil(work));
  if (isRefusal(relayed)) return refuse(relayed, answering);

  const { ignored } = typed.parsed;
  const headers: Record<string, string> = {
    ...admitted.limitHeaders,
    "content-type": relayed.contentType,
    [SERVED_MODEL]: `${grant.id}@${grant.version}`,
  };
  if (ignored.length > 0) headers[IGNORED_FIELDS] = ignored.join(", ");
  return finish(new Response(relayed.body, { headers }), answering);
}

async function answerCatalogue(authorized: Authorized<CatalogueRoute>, flow: Flow): Promise<Response> {
  const found = catalogue(authorized, flow.context);
  if (isRefusal(found)) return recordRefusal(found, authorized, flow);
  const admitted = await reach(() => admitCatalogue(authorized, flow.ledger, flow.context));
  if (isRefusal(admitted)) return refuse(admitted, flow.answering);
  return finish(json(found.document, admitted.limitHeaders), flow.answering);
}

/** The one ledger call of a request that is refused after `authenticate`; a revoked credential gets 401 instead. */
async function recordRefusal(
  refusal: Refusal,
  from: Authenticated,
  flow: Flow,
  model: string | null = null,
  verdicts: readonly Verdict[] = [],
): Promise<Response> {
  const reply = await reach(() =>
    flow.ledger.refuse({
      kind: "refuse",
      ...commonOf(from, flow.context, null),
      // the client's own word, which may be long
      model: model === null ? null : model.slice(0, 256),
      code: refusal.code,
      status: answerOf(refusal).status,
      verdicts,
    }),
  );
  if (isRefusal(reply)) return refuse(reply, flow.answering);
  return refuse(reply.override ?? refusal, flow.answering);
}

/** No ledger, no admission: a call that failed twice is a refusal of its own. */
async function reach<Product>(call: () => Promise<Product>): Promise<Product | Refusal> {
  try {
    return await call();
  } catch {
    return { code: "ledger_unavailable" };
  }
}
