import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../protocol/canonical-json.ts";
import {
  concat,
  equalBytes,
  fromBase64,
  fromBase64Url,
  fromHex,
  toBase64,
  toBase64Url,
  toHex,
} from "../../../protocol/encoding.ts";

const bytes = fc.uint8Array({ maxLength: 200 });

describe("encodings", () => {
  it("every byte string survives each encoding", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect(fromBase64(toBase64(given))).toEqual(given);
        expect(fromBase64Url(toBase64Url(given))).toEqual(given);
        expect(fromHex(toHex(given))).toEqual(given);
      }),
    );
  });

  it("each value has one spelling: what decodes encodes to the same text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ABCQgwxyz019-_"), maxLength: 12 }), (text) => {
        let decoded: Uint8Array;
        try {
          decoded = fromBase64Url(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          return;
        }
        expect(toBase64Url(decoded)).toBe(text);
      }),
    );
  });

  it.each(["AA==", "A", "AB", "A A", "AA\n", "AA+A", "AAAAA", "AAB"])("refuses base64url %j", (text) => {
    expect(() => fromBase64Url(text)).toThrow(SyntaxError);
  });

  it("comparison tells any difference in content or length", () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, flip) => {
        expect(equalBytes(given, given.slice())).toBe(true);
        expect(equalBytes(given, concat(given, new Uint8Array(1)))).toBe(false);
        if (given.length === 0) return;
        const other = given.slice();
        other[at % given.length] = (given[at % given.length] as number) ^ flip;
        expect(equalBytes(given, other)).toBe(false);
      }),
    );
  });
});

describe("canonical JSON", () => {
  it("orders keys by UTF-16 code units and writes numbers as ECMAScript does (RFC 8785, section 3.2)", () => {
    expect(canonicalJson({ "\u20ac": 1, "\r": 2, "1": 3, "\ud83d\ude00": 4, "\u00f6": 5, "\ufb33": 6 })).toBe(
      '{"\\r":2,"1":3,"\u00f6":5,"\u20ac":1,"\ud83d\ude00":4,"\ufb33":6}',
    );
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27])).toBe(
      "[333333333.3333333,1e+30,4.5,0.002,1e-27]",
    );
  });

  it("refuses what has no JSON form", () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
  });
});
