// The log's read side over HTTP: C2SP tlog-tiles under /audit/v1, joined records, the sinks' state, the verifier key.
// It reads from the object of record; what it serves is byte for byte what R2 holds once that is published.

import { judgeNetwork } from "../../identity/network.ts";
import { networkListsFor } from "../../policy/access.ts";
import { type ActionOf, reachesNobody, reachOf } from "../../policy/matrix.ts";
import { CLIENT_ADDRESS } from "../../protocol/headers.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { type Answer, refuse, TEXT, toResponse } from "./answer.ts";
import { authenticateReader, type Reader } from "./authenticate.ts";
import { type AuditEnv, logConfig, readerConfig } from "./config.ts";
import { read } from "./read.ts";
import { readOwn } from "./read-own.ts";
import { actionOfRoute, routeOf } from "./routes.ts";

const METHODS = ["GET", "HEAD"];

/** Answers everything under `/audit/v1/` and `/.well-known/bartizan-log`; never rejects. */
export async function handleAudit(request: Request, env: AuditEnv, _ctx: ExecutionContext): Promise<Response> {
  const now = Date.now();
  const requestId = newRequestId(now, crypto.getRandomValues(new Uint8Array(10)));
  const answer = await judge(request, env, now).catch((error: unknown) => {
    // messages here are this project's own, or the platform's: no token and no record stands in them
    const message = error instanceof Error ? error.message : "unknown";
    console.error(JSON.stringify({ event: "audit_read_failed", request_id: requestId, error: message }));
    return refuse({ code: "log_unavailable" });
  });
  return toResponse(answer, request, requestId);
}

/** screen → authenticate → authorize → read */
async function judge(request: Request, env: AuditEnv, nowMs: number): Promise<Answer> {
  const routing = routeOf(new URL(request.url));
  if (!routing.ok)
    return refuse(
      routing.fault === "not_found" ? { code: "not_found" } : { code: "invalid_query", param: routing.param },
    );
  if (!METHODS.includes(request.method)) return refuse({ code: "method_not_allowed", allow: METHODS });
  const { route } = routing;
  if (route.kind === "vkey") {
    const { vkey } = await logConfig(env).signer(route.log);
    return { ok: true, body: `${vkey}\n`, contentType: TEXT, cacheControl: "public, max-age=300" };
  }
  const authentication = await authenticateReader(request.headers, env, nowMs);
  if (!authentication.ok) return refuse(authentication.refusal);
  const { reader } = authentication;
  const action = actionOfRoute(route);
  if (!(await comesFromAllowed(request, env, reader, action)))
    return refuse({ code: "permission_denied", need: "network" });
  const reach = reachOf(reader.scopes, action);
  if (reachesNobody(reach)) return refuse({ code: "permission_denied", need: "role" });
  return reach === "all" ? read(route, env) : readOwn(route, reach, env);
}

/** By policy's rules for the reader's tenant and for the route, and by those of his key. */
async function comesFromAllowed(
  request: Request,
  env: AuditEnv,
  reader: Reader,
  action: ActionOf<"audit">,
): Promise<boolean> {
  const { policy } = await readerConfig(env);
  const lists = policy === null ? { key: reader } : networkListsFor(policy, reader.tenant, action, reader);
  return judgeNetwork(request.headers.get(CLIENT_ADDRESS), lists).allowed;
}
