// The gateway's DPoP nonces (RFC 9449, section 9). They need no memory: every isolate derives the same key from
// ORIGIN_REQUEST_KEY, so a nonce of one is good in all. They are made only for tenants whose policy demands them.
import { z } from "zod";
import { deriveNonceKey, isCurrentDpopNonce, issueDpopNonce, type NonceKeys } from "../../identity/dpop-nonce.ts";
import type { Principal } from "../../identity/principal.ts";
import { grantsAny } from "../../identity/scopes.ts";
import { type NonceRule, nonceRuleFor } from "../../policy/access.ts";
import type { Policy } from "../../policy/schema.ts";
import { fromBase64Url } from "../../protocol/encoding.ts";
import { parseJson } from "../../protocol/json.ts";
import type { Refusal } from "../../protocol/refusal.ts";

/** The seed of a private Ed25519 key (RFC 8037, section 2). */
const seedSchema = z.looseObject({ d: z.string().length(43).transform(fromBase64Url) });

/** Null where there is no such key. @param requestKey text of `ORIGIN_REQUEST_KEY`, which was found to be valid */
export async function gatewayNonces(requestKey: string | undefined, audience: string): Promise<NonceKeys | null> {
  if (!requestKey) return null;
  const { d } = seedSchema.parse(parseJson(requestKey));
  return { keys: [await deriveNonceKey(d, "bartizan/origin-request-key")], context: audience };
}

/** Whether the proof carries a nonce of ours that still counts, and the next one to give out. */
export interface ShownNonce {
  readonly current: boolean;
  readonly fresh: string;
}

/** The part of a request's context that is looked at; products.ts imports this file. */
interface NonceContext {
  readonly snapshot: { readonly policy: Policy; readonly nonces: NonceKeys | null };
  readonly startedAtMs: number;
}

/** Null where this tenant's policy asks for none, or the token is bound in another way. @param nonce the proof's own */
export async function shownNonce(
  { tenant, confirmation }: Principal,
  nonce: string | null,
  { snapshot: { policy, nonces }, startedAtMs }: NonceContext,
): Promise<ShownNonce | null> {
  // where policy demands nonces there are keys, or nothing is served: see config.ts
  if (confirmation?.kind !== "dpop" || nonces === null || nonceRuleFor(policy, tenant) === null) return null;
  return {
    current: nonce !== null && (await isCurrentDpopNonce(nonce, nonces, startedAtMs)),
    fresh: await issueDpopNonce(nonces, startedAtMs),
  };
}

/** @param needs what the request asks for (`modelNeeds`); null: not known yet */
export function judgeNonce(
  { nonce }: { readonly nonce: ShownNonce | null },
  rule: NonceRule | null,
  needs: readonly string[] | null,
): Refusal | null {
  if (nonce === null || nonce.current || rule === null) return null;
  const owed = rule.scopes === null || (needs !== null && grantsAny(rule.scopes, needs));
  return owed ? { code: "use_dpop_nonce", nonce: nonce.fresh } : null;
}
