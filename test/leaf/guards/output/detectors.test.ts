// The guard with the rules for secrets and personal data that the product has: an example of each kind, cut into pieces,
// leaves as it would in one, which is not at all where the rule is sure.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileDetector } from "../../../../guards/data/index.ts";
import { PERSONAL_RULES } from "../../../../guards/data/personal/index.ts";
import { SECRET_RULES } from "../../../../guards/data/secrets/index.ts";
import { compileOutput, guardText } from "../../../../guards/output/index.ts";
import { base64, hex, modes, percent, pieces, streamed } from "./support.ts";

const detector = compileDetector();
const block = compileOutput({
  modes: modes("block"),
  data: [{ detector, categories: ["secret", "personal_data"] }],
});
const redact = compileOutput({
  modes: modes("redact"),
  data: [{ detector, categories: ["secret", "personal_data"] }],
});

/** Numbers that look random and are the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const EXAMPLES = [...SECRET_RULES, ...PERSONAL_RULES].flatMap(({ id, sample }, at) =>
  sample === undefined ? [] : [{ id, value: sample(seeded(at + 7)) }],
);

describe("an example of each kind", () => {
  it("there are enough of them for this to mean something", () => {
    expect(EXAMPLES.length).toBeGreaterThan(5);
  });

  for (const { id, value } of EXAMPLES)
    it(`${id}: leaves cut into pieces as it does in one`, () => {
      const text = `Here you are: ${value} and that is all.`;
      for (const rules of [block, redact]) {
        const whole = guardText(text, rules);
        if (whole.findings.length > 0 && rules === block) expect(text.startsWith(whole.text)).toBe(true);
        const [found] = detector.find(text);
        if (found !== undefined) expect(whole.text).not.toContain(text.slice(found.start, found.end));
        for (const lengths of [[1], [2, 3], [5], [17, 1], [64]])
          expect(streamed(pieces(text, lengths), rules)).toEqual(whole);
        expect(streamed(pieces(text, [5]), rules, 300)).toEqual(whole);
      }
    });

  it("encoded, they do not leave either", () => {
    const missed: string[] = [];
    for (const { id, value } of EXAMPLES) {
      if (detector.find(value).length === 0) continue;
      for (const [view, text] of [
        ["base64", base64(value)],
        ["hex", hex(value)],
        ["unescaped", percent(value)],
      ] as const) {
        const whole = guardText(`It is ${text} .`, block);
        if (!whole.cut) missed.push(`${id} in ${view}`);
        expect(streamed(pieces(`It is ${text} .`, [1]), block)).toEqual(whole);
      }
    }
    expect(missed).toEqual([]);
  });

  it("among others, in any pieces", () => {
    const values = fc.constantFrom(...EXAMPLES.map(({ value }) => value));
    const part = fc.oneof(values, fc.constantFrom(" ", ", ", "key=", "\n", "id ", "user@", "+49 ", "4111", "\u200b"));
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), cuts, (parts, lengths) => {
        const text = parts.join(" ");
        expect(streamed(pieces(text, lengths), redact)).toEqual(guardText(text, redact));
      }),
      { numRuns: 60 },
    );
  });
});
