// The agent's HTTP server, on loopback. The Host header is not looked at: a tunnel sets it as it likes, and the audience
// of a request is in its signature.
//
//   head verified → nonce remembered → body read and matched to its digest → route → reply with a signed head
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { SignatureKey, Signer } from "../../identity/message-signature.ts";
import { formatEvent } from "../../protocol/sse.ts";
import type { Engine } from "../engine/engine.ts";
import { faultOf, log } from "../log.ts";
import { gatewayAuthenticator } from "./authenticate.ts";
import { isRefusal, readBody } from "./body.ts";
import { Reply, refuseUnsigned } from "./reply.ts";
import { route } from "./routes.ts";

export interface ServerLimits {
  /** bytes of one request's body; the gateway's own bound is 16 MiB */
  readonly maxBodyBytes: number;
  /** bytes of a request's head */
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  /** until a request's head, and until all of it, was read: a slow sender holds a connection no longer */
  readonly headTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  maxBodyBytes: 17 * 1024 * 1024,
  maxHeaderBytes: 16 * 1024,
  maxConnections: 1024,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
};

export interface ServerInput {
  readonly origin: string;
  readonly gatewayKeys: ReadonlyMap<string, SignatureKey>;
  /** signs replies; its key id is the origin's name */
  readonly signer: Signer;
  /** null while models are loading */
  readonly engines: () => readonly Engine[] | null;
  readonly now: () => number;
  /** ends what is running */
  readonly signal: AbortSignal;
  readonly limits?: ServerLimits;
}

export function createOriginServer(input: ServerInput): Server {
  const limits = input.limits ?? DEFAULT_SERVER_LIMITS;
  const { origin, now } = input;
  const authenticate = gatewayAuthenticator({ origin, keys: input.gatewayKeys, now });

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (path === "/healthz" && (request.method === "GET" || request.method === "HEAD")) {
      health(response, input.engines() !== null);
      return;
    }
    const caller = await authenticate(request);
    if (!caller.ok) {
      log("refused", { path: path.slice(0, 64), fault: caller.fault });
      const refusal =
        caller.fault === "busy"
          ? ({ code: "busy" } as const)
          : ({ code: "invalid_api_key", presented: false } as const);
      refuseUnsigned(response, refusal, now());
      return;
    }
    // a reader that is gone is seen by `close`
    response.on("error", () => {});
    const left = new AbortController();
    response.once("close", () => left.abort());
    const reply = new Reply(response, input.signer, caller.signature, now);
    const body = await readBody(request, caller.contentDigest, limits.maxBodyBytes);
    if (isRefusal(body)) {
      // a body that was changed under way: the sender is not the signer
      if (body.code === "digest_mismatch")
        refuseUnsigned(response, { code: "invalid_api_key", presented: false }, now());
      else await reply.refuse(body);
      return;
    }
    const signal = AbortSignal.any([left.signal, input.signal]);
    const method = request.method ?? "";
    try {
      const refusal = await route({ method, path, body, engines: input.engines(), reply, signal, nowMs: now() });
      if (refusal !== null) await reply.refuse(refusal);
    } catch (error) {
      if (!left.signal.aborted) await fail(reply, error, input.signal.aborted);
    }
  };

  const server = createServer(
    { maxHeaderSize: limits.maxHeaderBytes, requireHostHeader: false },
    (request, response) => {
      serve(request, response).catch((error) => {
        log("request_failed", { fault: faultOf(error) });
        response.destroy();
      });
    },
  );
  server.maxConnections = limits.maxConnections;
  server.headersTimeout = limits.headTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  // longer than the gateway's side keeps an idle connection, so that it never sends into one that just closed
  server.keepAliveTimeout = 75_000;
  return server;
}

/** Open to whoever reaches the port, a tunnel's probe included: it says whether, not what. */
function health(response: ServerResponse, ready: boolean): void {
  const body = JSON.stringify({ status: ready ? "ok" : "loading" });
  response.writeHead(ready ? 200 : 503, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** After the head, an `error` event and the end, without [DONE]: nobody is to take a stump for an answer. */
async function fail(reply: Reply, error: unknown, stopping: boolean): Promise<void> {
  if (!stopping) log("engine_failed", { fault: faultOf(error) });
  if (!reply.begun) {
    await reply.refuse(stopping ? { code: "backend_unavailable", missing: null } : { code: "internal_error" });
    return;
  }
  const failure = { message: "The model's engine failed.", type: "server_error", param: null, code: "backend_error" };
  reply.write(formatEvent(JSON.stringify({ error: failure })));
  await reply.end();
}
