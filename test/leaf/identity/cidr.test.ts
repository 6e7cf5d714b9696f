import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressIn, isCidr } from "../../../identity/cidr.ts";

describe("which text is a range", () => {
  test.each([
    "10.0.0.0/8",
    "10.1.2.3/8",
    "0.0.0.0/0",
    "203.0.113.7/32",
    "2001:db8::/32",
    "::/0",
    "::1/128",
    "::ffff:10.0.0.0/104",
    "::ffff:10.0.0.1/128",
  ])("takes %s", (text) => expect(isCidr(text)).toBe(true));
  test.each([
    "",
    "10.0.0.1",
    "10.0.0.0/",
    "/8",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "10.0.0.0/255.0.0.0",
    "10.1/16",
    "010.0.0.0/8",
    "0x0a.0.0.0/8",
    "167772160/8",
    "10.0.0.256/8",
    "2001:db8::/129",
    "fe80::1%eth0/64",
    "::ffff:010.0.0.1/128",
    "::ffff:10.1/128",
    "2001:db8::",
    "[::1]/128",
    " 10.0.0.0/8",
    "host/8",
  ])("refuses %j", (text) => expect(isCidr(text)).toBe(false));
});

describe("which address lies in it", () => {
  test.each([
    ["10.255.0.1", "10.0.0.0/8"],
    ["10.255.0.1", "10.9.9.9/8"],
    ["203.0.113.7", "203.0.113.7/32"],
    ["::ffff:10.0.0.1", "10.0.0.0/8"],
    ["::ffff:a00:1", "10.0.0.0/8"],
    ["10.0.0.1", "::ffff:10.0.0.0/104"],
    ["2001:DB8:0::5", "2001:db8::/32"],
    ["255.255.255.255", "0.0.0.0/0"],
  ])("%s in %s", (address, range) => expect(addressIn(address, [range])).toBe(true));
  test.each([
    ["11.0.0.1", "10.0.0.0/8"],
    ["203.0.113.8", "203.0.113.7/32"],
    ["10.0.0.1", "::/0"],
    ["::ffff:10.0.0.1", "::/0"],
    ["::a00:1", "10.0.0.0/8"],
    ["2001:db9::1", "2001:db8::/32"],
  ])("%s not in %s", (address, range) => expect(addressIn(address, [range])).toBe(false));

  test.each([
    null,
    undefined,
    "",
    "unknown",
    "10.1",
    "010.0.0.1",
    "0x0a000001",
    "167772161",
    "10.0.0.1:80",
    "10.0.0.1, 10.0.0.2",
    "fe80::1%eth0",
    "10.0.0.1 ",
  ])("an address that is missing or oddly spelt (%j) lies nowhere", (address) =>
    expect(addressIn(address, ["0.0.0.0/0", "::/0"])).toBe(false),
  );
  test("no range, or one that cannot be read, holds nothing", () => {
    expect(addressIn("10.0.0.1", [])).toBe(false);
    expect(addressIn("10.0.0.1", ["10.0.0.1", "nonsense"])).toBe(false);
    expect(addressIn("10.0.0.1", ["nonsense", "10.0.0.0/8"])).toBe(true);
  });

  test("IPv4 membership is arithmetic on 32 bits", () => {
    const word = fc.nat({ max: 0xff_ff_ff_ff });
    const dotted = (n: number) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join(".");
    fc.assert(
      fc.property(word, word, fc.nat({ max: 32 }), fc.boolean(), (address, base, bits, near) => {
        const shift = 2 ** (32 - bits);
        const one = near ? Math.floor(base / shift) * shift + (address % shift) : address;
        const inside = Math.floor(one / shift) === Math.floor(base / shift);
        expect(addressIn(dotted(one), [`${dotted(base)}/${bits}`])).toBe(inside);
        expect(addressIn(`::ffff:${dotted(one)}`, [`${dotted(base)}/${bits}`])).toBe(inside);
      }),
    );
  });
});
