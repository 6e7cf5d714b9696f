// Guessing is slowed per client and per address, and locks nobody out from elsewhere. On a clock of the test's own.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { THROTTLE_LIMITS, Throttle } from "../../../durable-objects/key-directory/throttle.ts";

const ATTACKER = "203.0.113.7";
const HOME = "192.0.2.1";
const { pair, address, maxDelayMs, maxEntries } = THROTTLE_LIMITS;

/** Guesses as fast as it is let, for so long. */
function guesses(throttle: Throttle, client: () => string, from: string, forMs: number): number {
  let made = 0;
  for (let nowMs = 0; nowMs < forMs; nowMs += 100)
    if (throttle.judge(client(), from, nowMs).allowed) {
      throttle.wrong(client(), from, nowMs);
      made++;
    }
  return made;
}

describe("guessing", () => {
  it("one client's secret from one address comes down to one guess in its time", () => {
    const forMs = 600_000;
    const made = guesses(new Throttle(), () => "client_1", ATTACKER, forMs);
    expect(made).toBeLessThanOrEqual(pair.burst + Math.ceil(forMs / pair.forgiveMs));
  });

  it("many clients' secrets from one address is bounded too", () => {
    let next = 0;
    const forMs = 600_000;
    const made = guesses(new Throttle(), () => `client_${next++ % 1000}`, ATTACKER, forMs);
    expect(made).toBeLessThanOrEqual(address.burst + Math.ceil(forMs / address.forgiveMs));
  });

  it("from all over one IPv6 network is guessing from one address, however it is written", () => {
    const throttle = new Throttle();
    for (let i = 0; i < pair.burst; i++) throttle.wrong("c", `2001:db8:1:2::${i.toString(16)}`, 0);
    for (const same of ["2001:db8:1:2:ffff::1", "2001:0DB8:1:2:0:0:0:9", "2001:db8:1:2:3:4:5:6"])
      expect(throttle.judge("c", same, 0).allowed).toBe(false);
    expect(throttle.judge("c", "2001:db8:1:3::1", 0).allowed).toBe(true);
  });
});

describe("nobody is locked out", () => {
  it("a client goes on from its own address whatever is guessed from elsewhere", () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { minLength: 1, maxLength: 400 }), (addresses) => {
        const throttle = new Throttle();
        for (const from of addresses) if (from !== HOME) throttle.wrong("client_1", from, 0);
        return throttle.judge("client_1", HOME, 0).allowed;
      }),
    );
  });

  it("a client that was right from an address is let through there, though another is guessed at from it", () => {
    const throttle = new Throttle();
    throttle.right("good", ATTACKER, 0);
    for (let i = 0; i < 10_000; i++) throttle.wrong(`other_${i}`, ATTACKER, 0);
    expect(throttle.judge("good", ATTACKER, 0).allowed).toBe(true);
    expect(throttle.judge("new", ATTACKER, 0).allowed).toBe(false);
  });

  it("a right answer forgives the wrong ones before it", () => {
    const throttle = new Throttle();
    for (let i = 0; i < pair.burst - 1; i++) throttle.wrong("c", HOME, 0);
    throttle.right("c", HOME, 0);
    for (let i = 0; i < pair.burst - 1; i++) throttle.wrong("c", HOME, 0);
    expect(throttle.judge("c", HOME, 0).allowed).toBe(true);
  });

  it("only wrong answers wait where one client is guessed at from everywhere, and never long", () => {
    const throttle = new Throttle();
    let delay = 0;
    for (let i = 0; i < 1000; i++) delay = throttle.wrong("c", `198.51.${i % 250}.${i % 199}`, 0);
    expect(delay).toBe(maxDelayMs);
  });
});

describe("memory", () => {
  it("is bounded, whoever comes from wherever", () => {
    const throttle = new Throttle();
    for (let i = 0; i < 3 * maxEntries; i++) {
      throttle.wrong(`c${i}`, `2001:db8:${i.toString(16)}::1`, i);
      throttle.right(`c${i}`, `2001:db8:${i.toString(16)}::1`, i);
    }
    expect(throttle.size).toBeLessThanOrEqual(4 * maxEntries);
  });

  it("tells how long to wait, and then lets in", () => {
    const throttle = new Throttle();
    for (let i = 0; i < pair.burst; i++) throttle.wrong("c", HOME, 0);
    const judged = throttle.judge("c", HOME, 0);
    expect(judged.allowed).toBe(false);
    const waitMs = judged.allowed ? 0 : judged.retryAfterMs;
    expect(throttle.judge("c", HOME, waitMs - 1).allowed).toBe(false);
    expect(throttle.judge("c", HOME, waitMs).allowed).toBe(true);
  });
});
