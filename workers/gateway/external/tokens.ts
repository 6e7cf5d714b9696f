// Tokens of the external issuers that policy names: token → rule → keys → verdict → principal.
//
//   remembered?  → its issuer's keys, as they are now → the same generation: the principal
//   not ours, and a rule names its issuer and audience → keys → verified
//                                                      → not explained by them: newer keys, at most once a cool-down
//
// Everything here belongs to one policy and one isolate, and goes with that policy.
import { TOKEN_CACHE_LIMITS, TokenCache } from "../../../identity/cache.ts";
import { PROOF_KINDS } from "../../../identity/confirmation.ts";
import type { IssuerRule } from "../../../identity/issuer-rule.ts";
import {
  claimedIssuer,
  type ExternalFault,
  type ExternalIdentity,
  externalPrincipal,
  mayBeRotation,
  ruleFor,
  verifyExternalToken,
} from "../../../identity/issuers.ts";
import type { Principal } from "../../../identity/principal.ts";
import type { Policy } from "../../../policy/schema.ts";
import { subjectTerms } from "../../../policy/subjects.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import type { Snapshot } from "../config.ts";
import { type IssuerKeySet, IssuerKeys, type IssuerMeans } from "./issuer-keys.ts";

export type ExternalVerification =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false }
  | Refusal;

/** Half as many as of our own tokens: these may be twice as long. */
const LIMITS = { ...TOKEN_CACHE_LIMITS, maxEntries: TOKEN_CACHE_LIMITS.maxEntries / 2 };
/** Between two lines of the log that say the same of the same issuer. */
const SAY_AGAIN_MS = 60_000;

interface Known {
  readonly rule: IssuerRule;
  /** of the keys that explained it: it dies with them */
  readonly generation: number;
  readonly identity: ExternalIdentity;
  readonly expiresAtMs: number;
}

export class ExternalTokens {
  readonly #policy: Policy;
  readonly #keys = new IssuerKeys();
  readonly #known = new TokenCache<Known>(LIMITS);
  readonly #said = new Map<string, number>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** Whether this isolate took the token in the last minutes. */
  remembers(token: string, nowMs: number): boolean {
    return this.#known.get(token, 0, nowMs) !== null;
  }

  /** Null: no token of an issuer that policy names. A Refusal where its issuer's keys cannot be had. */
  async verify(
    token: string,
    { ownIssuer, nowMs }: { readonly ownIssuer: string; readonly nowMs: number },
    means: IssuerMeans,
  ): Promise<ExternalVerification | null> {
    const { issuers } = this.#policy;
    if (issuers.length === 0) return null;
    const known = this.#known.get(token, 0, nowMs);
    const rule = known?.rule ?? this.#ruleOf(token, ownIssuer);
    if (rule === null) return null;
    const keys = await this.#keys.current(rule, means);
    if (keys.kind === "unavailable") return { code: "issuer_unavailable", retryAfterMs: keys.retryAfterMs };
    if (known?.generation === keys.generation) return this.#accepted(known.identity);
    return await this.#judge(token, rule, keys, nowMs, means);
  }

  async #judge(
    token: string,
    rule: IssuerRule,
    keys: IssuerKeySet,
    nowMs: number,
    means: IssuerMeans,
  ): Promise<ExternalVerification> {
    const judge = (jwks: IssuerKeySet["keys"]) =>
      verifyExternalToken(token, { rule, jwks }, { nowMs, confirmations: PROOF_KINDS });
    let used = keys;
    let verdict = await judge(used.keys);
    if (!verdict.ok && mayBeRotation(verdict.fault)) {
      const newer = await this.#keys.newer(rule, used.fetchedAtMs, means);
      if (newer !== null) {
        used = newer;
        verdict = await judge(used.keys);
      }
    }
    if (!verdict.ok) return this.#refused(rule, verdict.fault, nowMs);
    const { identity } = verdict;
    const { generation } = used;
    this.#known.put(token, 0, { rule, generation, identity, expiresAtMs: identity.expiresAtMs }, nowMs);
    return this.#accepted(identity);
  }

  #ruleOf(token: string, ownIssuer: string): IssuerRule | null {
    const claimed = claimedIssuer(token);
    if (claimed === null || claimed.issuer === ownIssuer) return null;
    return ruleFor(this.#policy.issuers, claimed);
  }

  #accepted(identity: ExternalIdentity): ExternalVerification {
    const { jurisdiction } = subjectTerms(this.#policy, identity.tenant);
    return { ok: true, principal: externalPrincipal(identity, jurisdiction) };
  }

  /** The client hears what every bad token hears; who set the issuer up reads the reason in the log, now and then. */
  #refused({ issuer }: IssuerRule, fault: ExternalFault, nowMs: number): ExternalVerification {
    const about = `${issuer} ${fault}`;
    if (nowMs - (this.#said.get(about) ?? Number.NEGATIVE_INFINITY) >= SAY_AGAIN_MS) {
      this.#said.set(about, nowMs);
      console.warn(JSON.stringify({ event: "external_token_refused", issuer, fault }));
    }
    return { ok: false };
  }
}

/** Policies that an isolate meets at one time: the one in force, and the one before it while requests still hold it. */
const MAX_POLICIES = 4;
/**
 * By digest, not by object: the first requests of an isolate each parse the policy, and must find one another's fetch.
 * In the order of making.
 */
const byPolicy = new Map<string, ExternalTokens>();

export function externalTokens({ policy, policyDigest }: Pick<Snapshot, "policy" | "policyDigest">): ExternalTokens {
  const known = byPolicy.get(policyDigest);
  if (known !== undefined) return known;
  const [oldest] = byPolicy.keys();
  if (byPolicy.size >= MAX_POLICIES && oldest !== undefined) byPolicy.delete(oldest);
  const fresh = new ExternalTokens(policy);
  byPolicy.set(policyDigest, fresh);
  return fresh;
}
