// Allow and deny lists of key, tenant and route.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressIn } from "../../../identity/cidr.ts";
import { judgeNetwork, type NetworkRules } from "../../../identity/network.ts";

const TEN = ["10.0.0.0/8"];
const ONE = ["10.0.0.1/32"];

describe("network rules", () => {
  it("without any list let everyone in, address or not", () => {
    for (const address of ["10.0.0.1", "::1", null, undefined, "nonsense"]) {
      expect(judgeNetwork(address, {})).toEqual({ allowed: true });
      expect(judgeNetwork(address, { key: { allow_cidrs: [], deny_cidrs: [] }, route: [{}] })).toEqual({
        allowed: true,
      });
    }
  });
  it("deny wins, whoever's it is", () => {
    expect(judgeNetwork("10.0.0.1", { key: { allow_cidrs: TEN, deny_cidrs: ONE } })).toEqual({
      allowed: false,
      by: "key",
      why: "denied",
    });
    expect(judgeNetwork("10.0.0.1", { key: { allow_cidrs: TEN }, tenant: { deny_cidrs: ONE } })).toEqual({
      allowed: false,
      by: "tenant",
      why: "denied",
    });
    expect(judgeNetwork("10.0.0.1", { tenant: { allow_cidrs: TEN }, route: [{}, { deny_cidrs: ONE }] })).toEqual({
      allowed: false,
      by: "route",
      why: "denied",
    });
    expect(judgeNetwork("10.0.0.2", { key: { allow_cidrs: TEN, deny_cidrs: ONE } })).toEqual({ allowed: true });
  });
  it("each allow list that is there must hold the address", () => {
    expect(judgeNetwork("10.0.0.2", { tenant: { allow_cidrs: TEN }, key: { allow_cidrs: ONE } })).toEqual({
      allowed: false,
      by: "key",
      why: "not_allowed",
    });
    expect(judgeNetwork("10.0.0.1", { tenant: { allow_cidrs: TEN }, key: { allow_cidrs: ONE } })).toEqual({
      allowed: true,
    });
    expect(judgeNetwork("11.0.0.1", { tenant: { allow_cidrs: TEN } })).toEqual({
      allowed: false,
      by: "tenant",
      why: "not_allowed",
    });
  });
  it("a missing or unreadable address is refused where any list is there, a deny list too", () => {
    for (const address of [null, undefined, "", "unknown", "010.0.0.1", "10.0.0.1, 10.0.0.2", "fe80::1%eth0"])
      for (const rules of [{ allow_cidrs: ["0.0.0.0/0", "::/0"] }, { deny_cidrs: ONE }])
        expect(judgeNetwork(address, { route: [rules] })).toEqual({ allowed: false, by: "route", why: "no_address" });
  });
  it("an IPv4 address in IPv6's clothes does not slip by", () => {
    expect(judgeNetwork("::ffff:10.0.0.1", { tenant: { deny_cidrs: ONE } }).allowed).toBe(false);
    expect(judgeNetwork("::ffff:a00:1", { tenant: { deny_cidrs: ONE } }).allowed).toBe(false);
  });
  it("allow exactly what no deny holds and every allow list does (property)", () => {
    const cidr = fc.tuple(fc.nat(3), fc.constantFrom(8, 30, 31, 32)).map(([last, bits]) => `10.0.0.${last}/${bits}`);
    const rules: fc.Arbitrary<NetworkRules> = fc.record({
      allow_cidrs: fc.array(cidr, { maxLength: 2 }),
      deny_cidrs: fc.array(cidr, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.nat(5), rules, rules, fc.array(rules, { maxLength: 2 }), (last, key, tenant, route) => {
        const address = `10.0.0.${last}`;
        const all = [key, tenant, ...route];
        const expected = all.every(
          ({ allow_cidrs = [], deny_cidrs = [] }) =>
            !addressIn(address, deny_cidrs) && (allow_cidrs.length === 0 || addressIn(address, allow_cidrs)),
        );
        expect(judgeNetwork(address, { key, tenant, route }).allowed).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});
