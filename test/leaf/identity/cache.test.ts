// What a remembered verification must never outlive.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { TokenCache, verifyTokenCached } from "../../../identity/cache.ts";
import type { KeySet } from "../../../identity/keys.ts";
import type { Principal } from "../../../identity/principal.ts";
import { EXPECTED, goodToken, keySetOf, NOW_MS, newSigner, type Signer } from "./tokens-support.ts";

function principal(expiresAtMs: number): Principal {
  return {
    tenant: "t",
    account: "a",
    jurisdiction: "none",
    subject: "s",
    credentialId: "c",
    kind: "api_key",
    scopes: [],
    expiresAtMs,
    confirmation: null,
  };
}

const FAR = principal(Number.MAX_SAFE_INTEGER);
const MINUTES = 60_000;

describe("a remembered token", () => {
  it("is believed for five minutes and no longer, however often it is used", () => {
    const cache = new TokenCache();
    cache.put("t", 1, FAR, 0);
    for (let now = 0; now < 5 * MINUTES; now += MINUTES / 4) expect(cache.get("t", 1, now)).toBe(FAR);
    expect(cache.get("t", 1, 5 * MINUTES)).toBeNull();
    expect(cache.size).toBe(0);
  });
  it("is not believed past its own exp", () => {
    const cache = new TokenCache();
    cache.put("t", 1, principal(1000), 0);
    expect(cache.get("t", 1, 999)).not.toBeNull();
    expect(cache.get("t", 1, 1000)).toBeNull();
  });
  it("dies with the generation of the key set, in either direction", () => {
    for (const other of [2, 0]) {
      const cache = new TokenCache();
      cache.put("t", 1, FAR, 0);
      expect(cache.get("t", other, 1)).toBeNull();
      expect(cache.get("t", 1, 1)).toBeNull();
    }
  });
  it("that was judged by a replaced set is not put beside the new one's", () => {
    const cache = new TokenCache();
    cache.put("new", 2, FAR, 0);
    cache.put("old", 1, FAR, 0);
    expect(cache.get("new", 2, 1)).toBe(FAR);
    expect(cache.get("old", 2, 1)).toBeNull();
  });
  it("does not live on when the clock is set back", () => {
    const cache = new TokenCache();
    cache.put("t", 1, FAR, 10_000);
    expect(cache.get("t", 1, 9_999)).toBeNull();
  });
  it("is found by its whole text alone", () => {
    const cache = new TokenCache();
    cache.put("abc", 1, FAR, 0);
    for (const other of ["ab", "abcd", "ABC", "abc ", "__proto__", ""]) expect(cache.get(other, 1, 1)).toBeNull();
  });
});

describe("the cache", () => {
  it("never holds more than its limit, and drops the oldest first", () => {
    const cache = new TokenCache({ maxEntries: 3, maxAgeMs: MINUTES });
    for (const token of ["a", "b", "c", "d"]) cache.put(token, 1, FAR, 0);
    expect(cache.size).toBe(3);
    expect(cache.get("a", 1, 0)).toBeNull();
    expect(cache.get("d", 1, 0)).toBe(FAR);
  });
  it("that may hold nothing holds nothing", () => {
    const cache = new TokenCache({ maxEntries: 0, maxAgeMs: MINUTES });
    cache.put("a", 1, FAR, 0);
    expect(cache.size).toBe(0);
  });
  it("agrees with a model that looks everything up, in any order of calls", () => {
    const step = fc.record({
      put: fc.boolean(),
      token: fc.constantFrom("a", "b", "c", "d", "e"),
      advance: fc.nat(400),
      generation: fc.constantFrom(0, 0, 0, 1),
      life: fc.nat(1500),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = new TokenCache({ maxEntries: 3, maxAgeMs: 1000 });
        const put = new Map<string, { at: number; generation: number; principal: Principal }>();
        let now = 0;
        let generation = 0;
        for (const next of steps) {
          now += next.advance;
          generation += next.generation;
          if (next.put) {
            const fresh = principal(now + next.life);
            cache.put(next.token, generation, fresh, now);
            put.set(next.token, { at: now, generation, principal: fresh });
            expect(cache.get(next.token, generation, now) === fresh).toBe(next.life > 0);
          }
          const hit = cache.get(next.token, generation, now);
          const known = put.get(next.token);
          // it may forget, but what it says is the last that was put, in this generation, young and unexpired
          if (hit !== null) {
            expect(hit).toBe(known?.principal);
            expect(known?.generation).toBe(generation);
            expect(now - (known?.at ?? 0)).toBeLessThan(1000);
            expect(hit.expiresAtMs).toBeGreaterThan(now);
          }
          expect(cache.size).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});

describe("verification through the cache", () => {
  let signer: Signer;
  let keys: KeySet;
  beforeAll(async () => {
    signer = await newSigner("a");
    keys = await keySetOf([signer, "api_key"]);
  });

  it("verifies once, and gives the same principal again", async () => {
    const cache = new TokenCache();
    const token = await goodToken(signer);
    const first = await verifyTokenCached(token, keys, EXPECTED, cache);
    // without keys only memory can answer
    const again = await verifyTokenCached(token, { ...keys, byKid: new Map() }, EXPECTED, cache);
    expect(first.ok && again.ok && first.principal === again.principal).toBe(true);
  });
  it("refuses after the key was withdrawn with a new generation", async () => {
    const cache = new TokenCache();
    const token = await goodToken(signer);
    await verifyTokenCached(token, keys, EXPECTED, cache);
    const withdrawn = { generation: keys.generation + 1, byKid: new Map() };
    expect((await verifyTokenCached(token, withdrawn, EXPECTED, cache)).ok).toBe(false);
  });
  it("remembers no refusal", async () => {
    const cache = new TokenCache();
    await verifyTokenCached("a.b.c", keys, EXPECTED, cache);
    await verifyTokenCached(await goodToken(await newSigner("a")), keys, EXPECTED, cache);
    expect(cache.size).toBe(0);
  });
  it("refuses an expired token though it was good when it was remembered", async () => {
    const cache = new TokenCache();
    const token = await goodToken(signer, { exp: NOW_MS / 1000 + 10 });
    expect((await verifyTokenCached(token, keys, EXPECTED, cache)).ok).toBe(true);
    const later = { ...EXPECTED, nowMs: NOW_MS + 41_000 };
    expect(await verifyTokenCached(token, keys, later, cache)).toEqual({ ok: false, reason: "expired" });
  });
});
