// `private_key_jwt`: an OAuth client proves who it is with a JWT signed by its own key (RFC 7523, section 2.2 and 3).
//
//   assertedClient → the directory's JWKS of that client → verifyClientAssertion → replay cache → authenticated
//
// The assertion is for us alone: an audience beside ours would let another server that it was meant for, too, show it
// here (RFC 7523bis, section 4). It is good once: `replayKey` must be kept until `replayUntilMs`.
import type { JwkSet } from "./jwks.ts";
import type { JwsAlgorithm } from "./jws-algorithms.ts";
import { readCompactJws, readTokenJson } from "./jws-form.ts";
import { audiencesOf } from "./jwt-claims.ts";
import { type ReplayGuard, replayKeyOf } from "./replay.ts";
import { CLOCK_SKEW_S } from "./tokens.ts";
import { type JwtFault, verifyJwt } from "./verify-jws.ts";

/** Value of `client_assertion_type`. */
export const CLIENT_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** `token_endpoint_auth_signing_alg_values_supported` (RFC 8414). */
export const ASSERTION_ALGORITHMS: readonly JwsAlgorithm[] = [
  "ES256",
  "EdDSA",
  "Ed25519",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
];
/** Seconds from now until `exp`: what bounds the memory of assertions that were used. */
export const MAX_ASSERTION_LIFE_S = 300;

/** `client-authentication+jwt` is RFC 7523bis's; RFC 7523 asks for no type. Never a type that says something else. */
const TYPES = [null, "jwt", "client-authentication+jwt"] as const;
const MAX_ASSERTION_LENGTH = 8 * 1024;

export interface AssertionInput {
  readonly assertion: string;
  /** the client whose keys these are; `iss` and `sub` must be it */
  readonly clientId: string;
  readonly keys: JwkSet;
  /** this server's issuer and token endpoint */
  readonly audiences: readonly string[];
  readonly nowMs: number;
  readonly algorithms?: readonly JwsAlgorithm[];
}

export type AssertionFault = JwtFault | "subject" | "lifetime";

export type AssertionVerdict =
  | ({ readonly ok: true; readonly clientId: string } & ReplayGuard)
  | { readonly ok: false; readonly fault: AssertionFault };

/** The client that an assertion speaks of, unverified: whose keys to fetch. Null where `iss` and `sub` are not one. */
export function assertedClient(assertion: string): string | null {
  const read = readCompactJws(assertion, MAX_ASSERTION_LENGTH);
  const claims = read.ok ? readTokenJson(read.jws.payload) : null;
  if (claims === null || typeof claims.sub !== "string" || claims.iss !== claims.sub) return null;
  return /^[\x21-\x7e]{1,256}$/.test(claims.sub) ? claims.sub : null;
}

/** Judges an assertion under its client's registered keys. Never throws for what it says. */
export async function verifyClientAssertion(input: AssertionInput): Promise<AssertionVerdict> {
  const verdict = await verifyJwt(input.assertion, input.keys, {
    nowMs: input.nowMs,
    algorithms: input.algorithms ?? ASSERTION_ALGORITHMS,
    issuer: input.clientId,
    audiences: input.audiences,
    types: TYPES,
    limits: { maxTokenLength: MAX_ASSERTION_LENGTH, maxTries: 8 },
  });
  if (!verdict.ok) return refused(verdict.reason);
  const { registered } = verdict.claims;
  if (registered.sub !== input.clientId) return refused("subject");
  if (!audiencesOf(registered).every((audience) => input.audiences.includes(audience))) return refused("audience");
  const { exp, jti } = registered;
  if (exp === undefined || jti === undefined || jti.length > 256) return refused("claims");
  if (exp > input.nowMs / 1000 + MAX_ASSERTION_LIFE_S + CLOCK_SKEW_S) return refused("lifetime");
  return {
    ok: true,
    clientId: input.clientId,
    replayKey: await replayKeyOf("assertion", input.clientId, jti),
    replayUntilMs: Math.ceil((exp + CLOCK_SKEW_S) * 1000),
  };
}

function refused(fault: AssertionFault): AssertionVerdict {
  return { ok: false, fault };
}
