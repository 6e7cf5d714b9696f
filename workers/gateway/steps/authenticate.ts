// Step 2: token → principal. Pure cryptography behind a bounded memory; no call leaves the isolate.
import { presentedCredential } from "../../../identity/bearer.ts";
import { TokenCache, verifyTokenCached } from "../../../identity/cache.ts";
import type { Authenticated, InferenceRoute, RequestContext, Screened, Step } from "../products.ts";

/** One an isolate: entries are plain data, which requests may share. */
const verified = new TokenCache();

export async function authenticate<Route extends InferenceRoute>(
  screened: Screened<Route>,
  headers: Headers,
  context: RequestContext,
): Promise<Step<Authenticated<Route>>> {
  const presented = presentedCredential(headers);
  if (presented.kind === "none") return { code: "invalid_api_key", presented: false };
  if (presented.kind === "malformed") return { code: "invalid_api_key", presented: true };
  const { keys, issuer, audience } = context.snapshot;
  const expected = { issuer, audience, nowMs: context.startedAtMs };
  const verification = await verifyTokenCached(presented.token, keys, expected, verified);
  // why it failed is for nobody outside: unknown, malformed, expired and forged all read alike
  if (!verification.ok) return { code: "invalid_api_key", presented: true };
  return { ...screened, principal: verification.principal };
}
