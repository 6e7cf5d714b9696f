// Verified tokens, remembered: a signature check costs more than the rest of `authenticate` together. An entry lives
// at most five minutes, dies with the generation of the key set that judged it, and never outlives the token's `exp`.
// Revocation is not this cache's business: the account's ledger looks at every request.
//
// The key is the token's text itself. A SHA-256 of it costs some ten times the look-up that it would stand for (a good
// tenth of the verification that is saved), on every request, and would hide little: the same isolate holds the same
// text in the request's headers. Only tokens that verified are kept. What a reader of this isolate's memory gains: the
// tokens of the last five minutes, where he would otherwise have had to wait for their next use.
import type { KeySet } from "./keys.ts";
import type { Principal } from "./principal.ts";
import { type Expected, isAccepted, type Verification, verifyToken } from "./tokens.ts";

export interface TokenCacheLimits {
  /** Entries. With tokens of at most 8 KiB it bounds the memory that valid tokens can take; invalid ones take none. */
  readonly maxEntries: number;
  /** Milliseconds for which a verification is believed. */
  readonly maxAgeMs: number;
}

export const TOKEN_CACHE_LIMITS: TokenCacheLimits = { maxEntries: 2048, maxAgeMs: 5 * 60_000 };

interface Entry<Held> {
  readonly held: Held;
  readonly rememberedAtMs: number;
}

/** One an isolate, for one pair of issuer and audience. @typeParam Held what a token was found to be */
export class TokenCache<Held extends { readonly expiresAtMs: number } = Principal> {
  readonly #limits: TokenCacheLimits;
  /** insertion order is the order of age, since a hit does not prolong a life */
  readonly #entries = new Map<string, Entry<Held>>();
  #generation = -1;

  constructor(limits: TokenCacheLimits = TOKEN_CACHE_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(token: string, generation: number, nowMs: number): Held | null {
    this.#follow(generation);
    const entry = this.#entries.get(token);
    if (entry === undefined) return null;
    const age = nowMs - entry.rememberedAtMs;
    // a negative age: the clock was set back, and the entry could live for any time
    if (age >= 0 && age < this.#limits.maxAgeMs && nowMs < entry.held.expiresAtMs) return entry.held;
    this.#entries.delete(token);
    return null;
  }

  put(token: string, generation: number, held: Held, nowMs: number): void {
    // judged by a set that was replaced meanwhile: it says nothing about the new one
    if (generation < this.#generation) return;
    this.#follow(generation);
    this.#entries.delete(token);
    for (const [oldest, entry] of this.#entries) {
      const full = this.#entries.size >= this.#limits.maxEntries;
      if (!full && nowMs - entry.rememberedAtMs < this.#limits.maxAgeMs) break;
      this.#entries.delete(oldest);
    }
    if (this.#limits.maxEntries > 0) this.#entries.set(token, { held, rememberedAtMs: nowMs });
  }

  /** Another generation, higher or lower, forgets everything: what a withdrawn key signed is judged again. */
  #follow(generation: number): void {
    if (generation === this.#generation) return;
    this.#entries.clear();
    this.#generation = generation;
  }
}

/** As `verifyToken`, once per token and five minutes. Refusals are not remembered: they would crowd out the valid. */
export async function verifyTokenCached(
  token: string,
  keys: KeySet,
  expected: Expected,
  cache: TokenCache,
): Promise<Verification> {
  const known = cache.get(token, keys.generation, expected.nowMs);
  if (known !== null) {
    // remembered for a caller who asks for proofs; this one may not
    const { confirmation } = known;
    if (confirmation !== null && !isAccepted(confirmation, expected.confirmations))
      return { ok: false, reason: "confirmation" };
    return { ok: true, principal: known };
  }
  const verification = await verifyToken(token, keys, expected);
  if (verification.ok) cache.put(token, keys.generation, verification.principal, expected.nowMs);
  return verification;
}
