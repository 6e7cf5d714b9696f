import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBundle, formatTilePath, parseBundle, parseTilePath } from "../../../transparency/index.ts";

describe("tile paths", () => {
  it("spell the specification's example", () => {
    expect(formatTilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
    expect(formatTilePath({ level: "entries", index: 0, width: 7 })).toBe("tile/entries/000.p/7");
    expect(formatTilePath({ level: 2, index: 1000, width: 256 })).toBe("tile/2/x001/000");
  });

  it("are read back as they were written", () => {
    const level = fc.oneof(fc.constant("entries" as const), fc.nat(63));
    fc.assert(
      fc.property(
        level,
        fc.nat(Number.MAX_SAFE_INTEGER),
        fc.integer({ min: 1, max: 256 }),
        (tileLevel, index, width) => {
          const path = { level: tileLevel, index, width };
          expect(parseTilePath(formatTilePath(path))).toEqual(path);
        },
      ),
    );
  });

  it.each([
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/0/00",
    "tile/0/0000",
    "tile/0/x000/001",
    "tile/0/001/234",
    "tile/0/x001",
    "tile/0/x001/x234",
    "tile/0/000.p/0",
    "tile/0/000.p/01",
    "tile/0/000.p/256",
    "tile/0/000.p/",
    "tile/0/000.p",
    "tile/0/000/",
    "/tile/0/000",
    "tile//000",
    "tile/entries/000.p/1/",
    "tile/Entries/000",
    "tile/0/x999/x999/x999/x999/x999/999",
    "tile/0/٠٠٠",
    "tile/0/000\n",
    "checkpoint",
  ])("%j is none: one spelling a resource", (path) => {
    expect(parseTilePath(path)).toBeNull();
  });
});

describe("entry bundles", () => {
  it("hold what was put in, at every length up to 65,535", () => {
    const entry = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(65_535).fill(9)));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
        expect(parseBundle(encodeBundle(entries))).toEqual(entries.map((bytes) => new Uint8Array(bytes)));
      }),
      { numRuns: 10 },
    );
  });

  it("take no entry of 65,536 bytes and no 257th", () => {
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(RangeError);
    expect(() => encodeBundle(Array.from({ length: 257 }, () => new Uint8Array(1)))).toThrow(RangeError);
  });

  it("are none when cut anywhere but between entries", () => {
    const bundle = encodeBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
    const parsed = Array.from(
      { length: bundle.length + 1 },
      (_, at) => parseBundle(bundle.slice(0, at))?.length ?? null,
    );
    expect(parsed).toEqual([0, null, null, null, null, 1, null, null, 2]);
  });
});
