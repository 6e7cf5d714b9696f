// An enrolled origin: each request is signed (RFC 9421, with content digest and a short life), and a reply counts only
// when its head is signed by the origin's own key for this very request and names the model digest that was granted.
import type { OriginPeer } from "../../origin-client.ts";
import type { Backend } from "./backend.ts";
import { answerOfReply, PATHS, send } from "./http.ts";

export function originBackend(peer: OriginPeer, nowMs: () => number): Backend {
  return async (call) => {
    const path = PATHS[call.endpoint];
    const signed = await peer.sign("POST", path, call.upstream.sha256, nowMs());
    const headers = { accept: call.upstream.stream ? "text/event-stream" : "application/json", ...signed };
    const reply = await send(peer.url + path, { method: "POST", headers, body: call.upstream.body }, call.signal);
    if (!(reply instanceof Response)) return reply;
    // Someone else answers in the origin's place, or it serves another model than the grant names.
    if (!(await peer.verify(signed, reply, call.digest))) {
      reply.body?.cancel().catch(() => undefined);
      return { code: "backend_error" };
    }
    return answerOfReply(reply, call);
  };
}
