// The automaton against the platform's own expressions, the checksums against published vectors, and the work it does.
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { isBase58Check, isBech32, toBase58Check, toBech32 } from "../../../../guards/data/checks/addresses.ts";
import { crc32 } from "../../../../guards/data/checks/crc32.ts";
import { luhn, mod97, verhoeff } from "../../../../guards/data/checks/digits.ts";
import { sha256 } from "../../../../guards/data/checks/sha256.ts";
import { ALL_RULES, type DataRule } from "../../../../guards/data/index.ts";
import { sampleOf } from "../../../../guards/data/sample.ts";
import { Automaton, DEAD } from "../../../../guards/data/scan/automaton.ts";
import { parsePattern, symbolSet } from "../../../../guards/data/scan/pattern.ts";
import { Positions } from "../../../../guards/data/scan/positions.ts";
import { LONGEST, Scanner } from "../../../../guards/data/scan/scanner.ts";
import { Shapes } from "../../../../guards/data/scan/shapes.ts";
import { findAssignments } from "../../../../guards/data/secrets/assignment.ts";
import { toHex, utf8 } from "../../../../protocol/encoding.ts";
import { chance } from "./support.ts";

describe("the automaton", () => {
  const atoms = fc.constantFrom("a", "b", "c", "[ab]", "[^a]", "(a|bc)", "(ab?c)", "(a{2}|b)");
  const counts = fc.constantFrom("", "?", "*", "+", "{2}", "{1,3}", "{2,}", "{0,2}");
  const pattern = fc
    .array(fc.tuple(atoms, counts), { minLength: 1, maxLength: 5 })
    .map((parts) => `a${parts.map(([atom, count]) => atom + count).join("")}`);

  it("agrees with the platform's expressions on where a pattern may end", () => {
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[abcd]{0,12}$/), (source, tail) => {
        const text = `a${tail}`;
        const automaton = new Automaton([{ patterns: [source], notAfter: symbolSet("") }]);
        const whole = new RegExp(`^(?:${source})$`);
        const expected = [...text].map((_, at) => at + 1).filter((end) => whole.test(text.slice(0, end)));
        const ends: number[] = [];
        for (let at = 0, state = automaton.start(-1); at < text.length; state = automaton.stopped) {
          at = automaton.run(state, text, at, text.length);
          if (automaton.stopped === DEAD) break;
          if (automaton.ends(automaton.stopped) !== undefined) ends.push(at);
        }
        expect(ends).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses patterns that are none", () => {
    for (const source of ["(a", "a)", "*a", "a{3,1}", "a{x}"])
      expect(() => parsePattern(source), source).toThrow(SyntaxError);
    for (const source of ["a?", "(a|b?)", "(a?b?){2,4}", "a(b?)*", "a(b*|c)+"])
      expect(() => new Automaton([{ patterns: [source], notAfter: symbolSet("") }]), source).toThrow(SyntaxError);
  });

  it("is one for detectors of the same rules, and nothing before the first text", () => {
    const rules = ALL_RULES.filter(({ id }) => id.startsWith("secret.s"));
    const make = vi.spyOn(Positions.prototype, "add");
    const [first, second] = [new Scanner(rules, false), new Scanner(rules, true)];
    expect(make).not.toHaveBeenCalled();
    first.find("a token of some kind, xoxb-1", 0);
    const compiled = make.mock.calls.length;
    expect(compiled).toBeGreaterThan(0);
    expect(second.size).toBe(first.size);
    new Scanner([...rules].slice(1), false).find("another set of them", 0);
    expect(make).toHaveBeenCalledTimes(compiled);
    make.mockRestore();
  });

  it("writes out no more of a pattern than texts come to", () => {
    const shapes = new Shapes();
    const automaton = new Automaton([{ patterns: ["ab{400}(c|d{2,300})*"], notAfter: symbolSet("") }], shapes);
    automaton.run(automaton.start(-1), "zabz", 1, 4);
    expect(shapes.positions.sets.length).toBeLessThan(8);
  });
});

describe("the work for a text", () => {
  const hostile: readonly (readonly [string, string])[] = [
    ["digits", "1"],
    ["groups of digits", "1 23-4 "],
    ["one letter and a dash", "a-"],
    ["starts of tokens", "-eyJ-eyJ.eyJ"],
    ["starts of keys", "-----BEGIN PRIVATE KEY-----\n"],
    ["an endless key", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ"],
    ["links", "a://b:c"],
    ["addresses", "a@b.c."],
    ["hexadecimal groups", "a1:b2:"],
    ["slashes", "\\\\%20\\n"],
    ["telephones", "+1 2 3 4 5 6 7 8 "],
    ["prose", "the token is a key to the password "],
  ];

  /** Symbols that the automaton reads for a text, dead ones included. */
  function work(scanner: Scanner, text: string): number {
    const run = Automaton.prototype.run;
    let read = 0;
    Automaton.prototype.run = function (state, of, from, to) {
      const at = run.call(this, state, of, from, to);
      read += at - from + 1;
      return at;
    };
    scanner.find(text, 0);
    Automaton.prototype.run = run;
    return read;
  }
  const filled = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

  it.each(hostile)("stays linear in %s, and the table small", (_, unit) => {
    const scanner = new Scanner(ALL_RULES, true);
    const [small, large] = [work(scanner, filled(unit, 16_384)), work(scanner, filled(unit, 32_768))];
    expect(large / small).toBeLessThan(2.5);
    expect(large / 32_768).toBeLessThan(64);
    expect(scanner.size).toBeLessThan(20_000);
  });

  it("stays linear in beginnings of what each rule finds, over and over", () => {
    const scanner = new Scanner(ALL_RULES, true);
    for (const [number, rule] of ALL_RULES.entries()) {
      const sample = sampleOf(rule, chance(number)) ?? "";
      for (const part of [
        sample.slice(0, 6),
        sample.slice(0, Math.ceil(sample.length * 0.8)),
        `${sample.slice(0, -1)}-`,
      ]) {
        const [small, large] = [work(scanner, filled(part, 3_000)), work(scanner, filled(part, 6_000))];
        expect(large / small, `${rule.id}: ${part}`).toBeLessThan(2.5);
        expect(large / 6_000, `${rule.id}: ${part}`).toBeLessThan(64);
      }
    }
    expect(scanner.size).toBeLessThan(20_000);
  }, 30_000);

  it("judges each stretch of an endless datum once, however it is filled", () => {
    const beginnings = [
      `-----BEGIN ${"PRIVATE"} KEY-----\n`,
      "LS0tLS1CRUdJTi",
      "eyJ",
      "eyJhbGciOiJ.",
      "sk-ant-api03-",
      "://a:",
    ];
    const fillings = ["A", "AAAA/", "aA1+", "MIIE\n", "word ", "0.", "=", "@a", "a@", "\\n", "'"];
    let characters = 0;
    const counting = ALL_RULES.map(({ judge, ...rule }): DataRule => {
      if (judge === undefined) return rule;
      const counted = (datum: string, match: string) => {
        characters += Math.min(match.length, 4096);
        return judge(datum, match);
      };
      return { ...rule, judge: counted };
    });
    const scanner = new Scanner(counting, true);
    for (const beginning of beginnings)
      for (const filling of fillings) {
        characters = 0;
        scanner.find(beginning + filled(filling, 8192), 0);
        expect(characters / 8192, `${beginning} ${filling}`).toBeLessThan(64);
      }
  });

  it("follows an assigned value once, however long and however full of names", () => {
    const text = `key=${"token=key:secret ".repeat(20_000)}`;
    const slice = vi.spyOn(String.prototype, "slice");
    const cuts = (length: number) => {
      slice.mockClear();
      findAssignments(text.slice(0, length), 0);
      return slice.mock.calls.length;
    };
    const [small, large] = [cuts(20_000), cuts(40_000)];
    slice.mockRestore();
    expect(large / small).toBeLessThan(2.5);
    expect(LONGEST).toBeGreaterThan(256);
  });
});

describe("checksums", () => {
  it("follow their published vectors", () => {
    expect(toHex(sha256(utf8("abc")))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(toHex(sha256(utf8("")))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(crc32("123456789")).toBe(0xcbf43926);
    expect(luhn("79927398713")).toBe(true);
    expect(verhoeff("2363")).toBe(true);
    expect(mod97("3214282912345698765432161182")).toBe(1);
    expect(isBech32("A12UEL5L")).toBe(true);
    expect(isBech32("a1lqfn3a")).toBe(true);
    expect(isBase58Check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")).toBe(true);
  });

  it("hash as the platform does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
        expect(toHex(sha256(bytes))).toBe(toHex(new Uint8Array(digest)));
      }),
      { numRuns: 50 },
    );
  });

  it("accept what they make and refuse it altered", () => {
    const payload = Uint8Array.from({ length: 21 }, (_, at) => at * 11);
    const address = toBase58Check(payload);
    expect(isBase58Check(address)).toBe(true);
    expect(isBase58Check(`${address.slice(0, -1)}${address.endsWith("2") ? "3" : "2"}`)).toBe(false);
    const segwit = toBech32("bc", [0, 1, 2, 3]);
    expect(isBech32(segwit)).toBe(true);
    expect(isBech32(`${segwit.slice(0, -1)}${segwit.endsWith("q") ? "p" : "q"}`)).toBe(false);
  });
});
