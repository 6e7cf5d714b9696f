// The life of signing keys: no valid token fails because keys rotate, and none lives on because they do not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNext, advance, recordSigned, rotateNow } from "../../../identity/key-lifecycle.ts";
import {
  CREDENTIAL_KINDS,
  currentKey,
  EMPTY_SET,
  LIFECYCLE_RULES,
  type LifecycleOutcome,
  type LifecycleSet,
  published,
} from "../../../identity/key-set.ts";
import { withdraw, withdrawalOf } from "../../../identity/key-withdrawal.ts";
import type { CredentialKind } from "../../../identity/keys.ts";
import { CLOCK_SKEW_S, MAX_LIFETIME_S } from "../../../identity/tokens.ts";

const R = LIFECYCLE_RULES;
const DAY = 86_400_000;
const HOUR = 3_600_000;
const SKEW = CLOCK_SKEW_S * 1000;

function done(outcome: LifecycleOutcome): LifecycleSet {
  if (!outcome.done) throw new Error(outcome.fault);
  return outcome.set;
}
const fresh = (kid: string, signs: CredentialKind = "access_token") => ({ kid, signs, alg: "EdDSA" as const });
const statesOf = (set: LifecycleSet) => set.keys.map(({ kid, state }) => `${kid}:${state}`).join(" ");

/** As the directory's alarm does it: time passes, then a next is made for each kind that has none. */
function tick(set: LifecycleSet, nowMs: number, newKid: (kind: CredentialKind) => string): LifecycleSet {
  const { set: advanced, wanted } = advance(set, nowMs, R);
  return wanted.reduce((one, kind) => {
    const added = addNext(one, fresh(newKid(kind), kind), nowMs, R);
    return added.done ? added.set : one;
  }, advanced);
}

/** k1 signs access tokens since 0, k2 is published and old enough to follow. */
function started(): LifecycleSet {
  const first = advance(done(addNext(EMPTY_SET, fresh("k1"), 0, R)), 0, R).set;
  return done(addNext(first, fresh("k2"), 0, R));
}

describe("rotation", () => {
  it("on a schedule: next → current → retiring → gone, each at its time", () => {
    let set = started();
    expect(statesOf(set)).toBe("k1:current k2:next");
    const due = R.rotateAfterMs.access_token;
    expect(statesOf(advance(set, due - 1, R).set)).toBe("k1:current k2:next");
    set = advance(set, due, R).set;
    expect(statesOf(set)).toBe("k1:retiring k2:current");
    const lastToken = due + R.publishAheadMs + HOUR + SKEW;
    expect(statesOf(advance(set, lastToken, R).set)).toBe("k1:retiring k2:current");
    expect(statesOf(advance(set, lastToken + 1, R).set)).toBe("k1:gone k2:current");
  });
  it("at once, with a key that every verifier knows already, and not with one that it cannot know", () => {
    const set = started();
    expect(rotateNow(set, "access_token", R.publishAheadMs - 1, R)).toEqual({
      done: false,
      fault: "too_young",
      readyAtMs: R.publishAheadMs,
    });
    expect(statesOf(done(rotateNow(set, "access_token", R.publishAheadMs, R)))).toBe("k1:retiring k2:current");
    expect(rotateNow(set, "api_key", DAY, R)).toMatchObject({ done: false, fault: "unknown" });
  });
  it("does not wait for a next to sign the very first token", () => {
    expect(statesOf(advance(done(addNext(EMPTY_SET, fresh("k1"), 5, R)), 5, R).set)).toBe("k1:current");
    expect(advance(EMPTY_SET, 0, R).wanted).toEqual(CREDENTIAL_KINDS);
    expect(currentKey(EMPTY_SET, "api_key")).toBeNull();
  });
  it("of API keys: the old key goes only with the longest-lived key that it signed", () => {
    let set = advance(done(addNext(EMPTY_SET, fresh("k1", "api_key"), 0, R)), 0, R).set;
    set = done(recordSigned(set, "k1", 20 * DAY));
    set = done(recordSigned(set, "k1", 90 * DAY));
    set = done(recordSigned(set, "k1", 30 * DAY));
    set = advance(done(addNext(set, fresh("k2", "api_key"), 0, R)), 30 * DAY, R).set;
    expect(statesOf(set)).toBe("k1:retiring k2:current");
    expect(statesOf(advance(set, 90 * DAY + SKEW, R).set)).toContain("k1:retiring");
    expect(statesOf(advance(set, 90 * DAY + SKEW + 1, R).set)).toContain("k1:gone");
  });
  it("a key that signs no more records no signature: the minter takes the current one", () => {
    const set = done(rotateNow(started(), "access_token", R.publishAheadMs, R));
    expect(recordSigned(set, "k1", DAY)).toMatchObject({ done: false, fault: "not_current" });
    expect(recordSigned(set, "k9", DAY)).toMatchObject({ done: false, fault: "unknown" });
    expect(recordSigned(set, "k2", DAY).done).toBe(true);
  });
  it("never gives a kid twice, nor a kind two nexts, nor more keys than verifiers take", () => {
    const set = started();
    expect(addNext(set, fresh("k1"), 1, R)).toMatchObject({ done: false, fault: "taken" });
    expect(addNext(set, fresh("k3"), 1, R)).toMatchObject({ done: false, fault: "taken" });
    expect(addNext(set, fresh("k3", "api_key"), 1, { ...R, maxPublished: 2 })).toMatchObject({
      done: false,
      fault: "too_many",
    });
  });
});

describe("the generation", () => {
  it("rises when the published set changes, and only then", () => {
    const set = started();
    expect(set.generation).toBe(2);
    const rotated = done(rotateNow(set, "access_token", R.publishAheadMs, R));
    // the same keys are published: nothing that was verified has to be verified again
    expect(rotated.generation).toBe(2);
    const gone = advance(rotated, DAY, R).set;
    expect(gone.generation).toBe(3);
    expect(advance(gone, DAY, R).set).toEqual(gone);
    expect(done(withdraw(gone, "k2", DAY, R)).generation).toBe(4);
    expect(done(recordSigned(gone, "k2", DAY)).generation).toBe(3);
  });
});

describe("withdrawal", () => {
  const signed = [
    { id: "alive", kid: "k1", expiresAtMs: 10 * DAY },
    { id: "in-skew", kid: "k1", expiresAtMs: 2 * DAY - SKEW + 1 },
    { id: "dead", kid: "k1", expiresAtMs: 2 * DAY - SKEW },
    { id: "other", kid: "k2", expiresAtMs: 10 * DAY },
  ];
  it("lists first what dies with the key, and changes nothing by that", () => {
    expect(withdrawalOf(started(), "k1", signed, 2 * DAY, R)).toEqual({
      kid: "k1",
      signs: "access_token",
      signedFromMs: 0,
      signedToMs: null,
      goodUntilMs: 2 * DAY + HOUR + SKEW,
      credentials: ["alive", "in-skew"],
    });
    expect(withdrawalOf(started(), "k9", signed, 0, R)).toBeNull();
  });
  it("of the current key puts the next in its place at once, and the withdrawn one is published no more", () => {
    const set = done(withdraw(started(), "k1", 1, R));
    expect(statesOf(set)).toBe("k1:gone k2:current");
    expect(published(set).map(({ kid }) => kid)).toEqual(["k2"]);
    expect(set.keys[0]).toMatchObject({ withdrawn: true, gone_at_ms: 1 });
    expect(withdraw(set, "k1", 2, R)).toMatchObject({ done: false, fault: "unknown" });
    expect(withdrawalOf(set, "k1", signed, 2, R)).toBeNull();
  });
  it("of the last key leaves none to sign with, until one is made", () => {
    const set = done(withdraw(done(withdraw(started(), "k2", 1, R)), "k1", 1, R));
    expect(currentKey(set, "access_token")).toBeNull();
    expect(advance(set, 1, R).wanted).toContain("access_token");
    expect(
      statesOf(
        tick(
          tick(set, 2, () => "k3"),
          2,
          () => "k4",
        ),
      ),
    ).toContain("k3:current");
  });
});

describe("at every time", () => {
  interface Signed {
    readonly kid: string;
    readonly untilMs: number;
  }
  const step = fc.record({
    advance: fc.oneof(fc.nat(30 * 60_000), fc.nat(30 * 60_000), fc.nat(5 * DAY)),
    act: fc.constantFrom("none", "none", "none", "rotate", "rotate", "withdraw"),
    kind: fc.constantFrom(...CREDENTIAL_KINDS),
    life: fc.double({ min: 0.01, max: 1, noNaN: true }),
    pick: fc.nat(),
  });

  it("a token that the then-current key signed verifies for its whole life, in sets up to ten minutes old, unless withdrawn", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
        let count = 0;
        const newKid = () => `k${++count}`;
        let now = 0;
        let set = tick(tick(EMPTY_SET, 0, newKid), 0, newKid);
        const history: { readonly at: number; readonly kids: ReadonlySet<string> }[] = [];
        const tokens: Signed[] = [];
        const signers: { readonly at: number; readonly kind: CredentialKind; readonly kid: string }[] = [];
        const withdrawn = new Set<string>();
        const publish = () => history.push({ at: now, kids: new Set(published(set).map(({ kid }) => kid)) });
        publish();
        for (const { advance: by, act, kind, life, pick } of steps) {
          now += by;
          set = tick(set, now, newKid);
          if (act === "rotate") {
            const rotated = rotateNow(set, kind, now, R);
            if (rotated.done) set = tick(rotated.set, now, newKid);
          }
          if (act === "withdraw") {
            const victim = published(set)[pick % published(set).length];
            if (victim !== undefined) {
              withdrawn.add(victim.kid);
              set = tick(done(withdraw(set, victim.kid, now, R)), now, newKid);
              // an emergency: what was published before is not to be believed, and verifiers are told at once
              history.length = 0;
            }
          }
          publish();
          const signer = currentKey(set, kind);
          expect(signer).not.toBeNull();
          if (signer === null) continue;
          signers.push({ at: now, kind, kid: signer.kid });
          const untilMs = now + Math.floor(life * MAX_LIFETIME_S[kind] * 1000);
          // an API key is recorded before it leaves; an access token is not, and may come from an isolate whose idea of
          // the current key is ten minutes old
          if (kind === "api_key") set = done(recordSigned(set, signer.kid, untilMs));
          const stale = signers.find((one) => one.kind === kind && one.at >= now - R.publishAheadMs);
          const kid = kind === "access_token" ? (stale?.kid ?? signer.kid) : signer.kid;
          tokens.push({ kid, untilMs: untilMs + SKEW });
          // every set that some verifier may hold now: the newest, and each that was still the newest ten minutes ago
          const held = history.filter((_, index) => (history[index + 1]?.at ?? now) >= now - R.publishAheadMs);
          for (const token of tokens)
            if (token.untilMs > now && !withdrawn.has(token.kid))
              for (const { kids } of held) expect(kids.has(token.kid)).toBe(true);
          // and nothing withdrawn is published, one key a kind signs, and the list stays bounded
          expect(published(set).some(({ kid }) => withdrawn.has(kid))).toBe(false);
          for (const one of CREDENTIAL_KINDS)
            expect(set.keys.filter(({ signs, state }) => signs === one && state === "current")).toHaveLength(1);
          expect(published(set).length).toBeLessThanOrEqual(R.maxPublished);
        }
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});
