// Everything in one Worker, for `npm start` and `wrangler dev`. It serves only when it was set up for local work: with
// START_SECRET each request must carry it (the front of `npm start` adds it), with BARTIZAN_LOCAL (.dev.vars) any may.
// Otherwise, above all if it is ever deployed by mistake, it answers 503.

export { AccountLedger } from "../durable-objects/account-ledger/object.ts";
export { KeyDirectory } from "../durable-objects/key-directory/object.ts";
export { Switchboard } from "../durable-objects/switchboard/object.ts";
export { Append, VerificationKeys } from "./audit/entrypoints.ts";
export { AuditLog, Sink } from "./audit/objects.ts";
export { EmbeddedAi } from "./embedded-ai/index.ts";
export { Admin } from "./gateway/admin.ts";

import { equalBytes, utf8 } from "../protocol/encoding.ts";
import { REQUEST_ID, START_SECRET } from "../protocol/headers.ts";
import { newRequestId } from "../protocol/ids.ts";
import { answerOf, type Refusal, renderRefusal } from "../protocol/refusal.ts";
import { handleAudit } from "./audit/app.ts";
import type { AuditEnv } from "./audit/config.ts";
import { handleControl } from "./control/app.ts";
import type { ControlEnv } from "./control/config.ts";
import type { GatewayEnv } from "./gateway/config.ts";
import { handleInference } from "./gateway/pipeline.ts";

interface LocalEnv extends GatewayEnv, ControlEnv, AuditEnv {
  readonly START_SECRET?: string;
  readonly BARTIZAN_LOCAL?: string;
}

const CONTROL_PATHS = [
  "/admin/v1/",
  "/oauth/",
  "/origin/v1/",
  "/.well-known/oauth-authorization-server",
  "/.well-known/jwks.json",
];
const AUDIT_PATHS = ["/audit/v1/", "/.well-known/bartizan-log"];

export default {
  async fetch(request, env, ctx) {
    const refused = judgeStart(request.headers, env);
    if (refused !== null) return plainRefusal(refused, request);
    const { pathname } = new URL(request.url);
    if (CONTROL_PATHS.some((path) => pathname.startsWith(path))) return handleControl(request, env, ctx);
    if (AUDIT_PATHS.some((path) => pathname.startsWith(path))) return handleAudit(request, env, ctx);
    return handleInference(request, env, ctx);
  },
} satisfies ExportedHandler<LocalEnv>;

/** Who knows START_SECRET may speak to this Worker past the front, and so state any client address. */
function judgeStart(headers: Headers, env: LocalEnv): Refusal | null {
  if (env.START_SECRET)
    return equalBytes(utf8(headers.get(START_SECRET) ?? ""), utf8(env.START_SECRET)) ? null : { code: "not_found" };
  return env.BARTIZAN_LOCAL ? null : { code: "not_initialised", command: "npx bartizan init --local" };
}

function plainRefusal(refusal: Refusal, request: Request): Response {
  const given = answerOf(refusal);
  const requestId = newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  const { body, contentType } = renderRefusal(given, requestId, request.headers.get("accept"));
  const headers = {
    ...given.headers,
    "content-type": contentType,
    [REQUEST_ID]: requestId,
    "cache-control": "private, no-store",
  };
  return new Response(request.method === "HEAD" ? null : body, { status: given.status, headers });
}
