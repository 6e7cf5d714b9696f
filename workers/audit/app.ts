// The log's read side over HTTP: C2SP tlog-tiles under /audit/v1, joined records, the sinks' state, the verifier key.
// It reads from the object of record; what it serves is byte for byte what R2 holds once that is published.
import { newRequestId } from "../../protocol/ids.ts";
import { type Answer, IMMUTABLE, NO_STORE, refuse, toResponse } from "./answer.ts";
import { authenticateAuditor } from "./authenticate.ts";
import { callLog } from "./call.ts";
import { type AuditEnv, logConfig } from "./config.ts";
import { renderRecords } from "./records.ts";
import { type Route, routeOf } from "./routes.ts";

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

/** screen → authenticate → read */
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
  const authentication = await authenticateAuditor(request.headers, env, nowMs);
  return authentication.ok ? read(route, env) : refuse(authentication.refusal);
}

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

async function read(route: Exclude<Route, { readonly kind: "vkey" }>, env: AuditEnv): Promise<Answer> {
  switch (route.kind) {
    case "checkpoint": {
      const note = await callLog(env, route.log, (log) => log.checkpoint(route.log));
      return note === null ? NOTHING : { ok: true, body: note, contentType: TEXT, cacheControl: NO_STORE };
    }
    case "resource": {
      const bytes = await callLog(env, route.log, (log) => log.resource(route.log, route.path));
      if (bytes === null) return NOTHING;
      return { ok: true, body: bytes, contentType: "application/octet-stream", cacheControl: IMMUTABLE };
    }
    case "records": {
      const page = await callLog(env, route.log, (log) => log.records(route.log, route.before, route.limit));
      if (page === null) return NOTHING;
      return { ok: true, body: renderRecords(route.log, page), contentType: JSON_TYPE, cacheControl: NO_STORE };
    }
    case "sinks": {
      const names = [...logConfig(env).sinks.keys()];
      const sinks = await Promise.all(names.map((name) => env.SINK.getByName(name).state(name)));
      return { ok: true, body: JSON.stringify({ sinks }), contentType: JSON_TYPE, cacheControl: NO_STORE };
    }
  }
}

const NOTHING = refuse({ code: "not_found" });
