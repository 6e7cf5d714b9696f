// Only the gateway is served: a request must carry its RFC 9421 signature, made for this origin, at most 30 s ago and
// never seen before, over method, path, query and the digest of the body.
import type { IncomingMessage } from "node:http";
import { originTag, REQUEST_LIFE_S } from "../../identity/http-signature.ts";
import { type SignatureFault, type SignatureKey, verifyRequest } from "../../identity/message-signature.ts";
import { ReplayCache } from "./replay-cache.ts";

export interface GatewayTrust {
  /** this origin's name, part of the signature's audience */
  readonly origin: string;
  /** the gateway's public request keys by `kid` */
  readonly keys: ReadonlyMap<string, SignatureKey>;
  readonly now: () => number;
}

/** Seconds by which clocks may differ, and a request's greatest age. */
const SKEW_S = 30;
/** Requests within one signature's life: more than the engine could ever answer. */
const MAX_NONCES = 100_000;

export type Authenticated =
  | {
      readonly ok: true;
      /** the request's own signature, which the reply's is tied to */
      readonly signature: string;
      /** what the body must hash to; null where there must be none */
      readonly contentDigest: string | null;
    }
  | { readonly ok: false; readonly fault: SignatureFault | "replayed" | "busy" };

/** A function that judges a request's head; the body's digest is checked once it is read. */
export function gatewayAuthenticator(trust: GatewayTrust): (request: IncomingMessage) => Promise<Authenticated> {
  const replays = new ReplayCache({ maxNonces: MAX_NONCES });
  const startedS = Math.floor(trust.now() / 1000);

  return async (request) => {
    const signature = single(request, "signature");
    const contentDigest = single(request, "content-digest");
    const nowS = trust.now() / 1000;
    const verdict = await verifyRequest(
      {
        method: request.method ?? "",
        target: request.url ?? "",
        contentType: contentDigest === null ? null : single(request, "content-type"),
        contentDigest,
      },
      { signatureInput: single(request, "signature-input"), signature },
      {
        tag: originTag(trust.origin),
        keyOf: (keyid) => trust.keys.get(keyid),
        nowS,
        skewS: SKEW_S,
        maxLifeS: REQUEST_LIFE_S,
      },
    );
    if (!verdict.ok) return verdict;
    // nonces seen before a restart are forgotten, so what may have been among them is over
    if (verdict.createdS < startedS) return { ok: false, fault: "replayed" };
    const novelty = replays.admit(`${verdict.keyid} ${verdict.nonce}`, verdict.expiresS, nowS);
    if (novelty !== "new") return { ok: false, fault: novelty === "seen" ? "replayed" : "busy" };
    return { ok: true, signature: signature ?? "", contentDigest };
  };
}

/** A header that came once; two fields of one name are no signature of ours. */
function single(request: IncomingMessage, name: string): string | null {
  const values = request.headersDistinct[name];
  return values?.length === 1 ? (values[0] ?? null) : null;
}
