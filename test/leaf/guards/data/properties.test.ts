// What the guard on streams rests on: whatever a detector finds, it also holds back while it is on its way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL_RULES, compileDetector, type DataDetector } from "../../../../guards/data/index.ts";
import { sampleOf } from "../../../../guards/data/sample.ts";
import { chance, introduction } from "./support.ts";

const extraKinds = ALL_RULES.filter((rule) => rule.optional === true).map((rule) => rule.kind);
const detectors = [compileDetector({ extraKinds }), compileDetector({ extraKinds, alone: true })];
const [detector] = detectors as [DataDetector];

/** Every cut inside a match: either it is held from its start, or it is found already. */
function expectHeld(text: string, from = 0, using = detector): void {
  for (const { start, end, rule } of using.find(text)) {
    if (start < from) continue;
    for (let cut = start + 1; cut < end; cut++) {
      const part = text.slice(0, cut);
      if (using.openFrom(part) <= start) continue;
      const found = using.find(part).some((match) => match.start <= start && match.end > start);
      if (!found) throw new Error(`${rule} leaks at ${cut - start} of ${end - start}: ${JSON.stringify(text)}`);
    }
  }
}

describe.each(ALL_RULES.map((rule) => [rule.id, rule] as const))("rule %s", (id, rule) => {
  const only = compileDetector({
    categories: [rule.category],
    extraKinds: rule.optional === true ? [rule.kind] : [],
    alone: rule.context === undefined && rule.alone === true,
  });
  const before = introduction(rule);
  const samples = Array.from({ length: 4 }, (_, seed) => sampleOf(rule, chance(seed + 1)));

  it("has a reason, a word for its context, and examples that its own judgement accepts", () => {
    expect(rule.reason.length).toBeGreaterThan(8);
    expect(before).toBeDefined();
    for (const sample of samples) expect(sample).toBeDefined();
  });

  it("is found within its bounds, and held while it is on its way", () => {
    for (const sample of samples) {
      if (sample === undefined || before === undefined) continue;
      const alone = rule.context === undefined && rule.alone === true;
      const text = alone ? sample : `${before}${sample} …`;
      const [low, high] = rule.datum?.(sample) ?? [0, sample.length];
      const start = (alone ? 0 : before.length) + low;
      const covering = only.find(text).find((match) => match.start <= start && match.end >= start + high - low);
      expect(covering, `${id}: ${JSON.stringify(text)}`).toBeDefined();
      if (covering?.rule === id) expect([covering.start, covering.end]).toEqual([start, start + high - low]);
      expectHeld(text, 0, only);
    }
  });
});

const fragments = [
  ...[
    "gh",
    "p_",
    "AKIA",
    "eyJ",
    "sk-",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "hooks.slack.com/services/",
    "://",
    "@",
    "xoxb-",
  ],
  ...[
    "password",
    " = ",
    ": ",
    '"',
    "'",
    "api_key",
    "token",
    "Authorization: Bearer ",
    "is ",
    "\\n",
    "%20",
    "\n",
    " ",
    "-",
    ".",
  ],
  ...[
    "+49 ",
    "(",
    ")",
    "DE89",
    "0044",
    "4111",
    "1111",
    "123-45-6789",
    "12.34.56.78",
    "::1",
    "a1:b2:",
    "/",
    "_",
    "=",
    "ssn ",
  ],
  ...["x", "Zq3", "9f86d081", "mail", "@ex", ".com", "日本", "ü", "🙂", "2024-01-02", "born "],
];
const texts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...fragments) },
    { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9]{1,12}$/) },
    { weight: 1, arbitrary: fc.stringMatching(/^[0-9]{1,6}$/) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: ALL_RULES.length * 5 }).map(anySample) },
  ),
  { maxLength: 14 },
);

function anySample(number: number): string {
  const rule = ALL_RULES[number % ALL_RULES.length];
  return (rule === undefined ? undefined : sampleOf(rule, chance(number))) ?? "";
}

describe("a stream cut anywhere", () => {
  it("holds back every match from its start, whatever stands around it", () => {
    fc.assert(
      fc.property(texts, (parts) => {
        for (const using of detectors) expectHeld(parts.join(""), 0, using);
      }),
      { numRuns: 150 },
    );
  });

  it("never holds more than the longest match may be", () => {
    const repeated = fc
      .tuple(texts, fc.integer({ min: 1, max: 400 }))
      .map(([parts, times]) => parts.join("").repeat(times));
    fc.assert(
      fc.property(repeated, (text) => {
        const held = text.length - detector.openFrom(text.slice(-20_000)) - Math.max(0, text.length - 20_000);
        expect(held).toBeLessThanOrEqual(detector.maxHeld);
      }),
      { numRuns: 60 },
    );
  });

  it("holds a value that ends with the text, since it may still grow", () => {
    const value = `gh${"p_"}${"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR2uLk"}`;
    expect(detector.openFrom(`see ${value}`)).toBe(4);
    expect(detector.openFrom(`see ${value} `)).toBe(4 + value.length + 1);
    expect(detector.find(`see ${value}`)).toHaveLength(1);
    expect(detector.find(`see ${value}xyz`)).toHaveLength(0);
  });

  it("counts an endless match as one when it is as long as may be held, and finds it to its end", () => {
    const link = `${btoa('{"alg":"none","typ":"JWT"}').replaceAll("=", "")}.${"eyJhbGciOiJ".repeat(900)}`;
    const [match] = detector.find(link);
    expect([match?.start, match?.end]).toEqual([0, link.length]);
    expect(detector.openFrom(link.slice(0, detector.maxHeld - 1))).toBe(0);
    expect(detector.find(link.slice(0, detector.maxHeld))).toHaveLength(1);
  });

  it("holds nothing of plain prose but its last word", () => {
    const prose = "The quick brown fox jumps over the lazy dog, twice";
    expect(detector.openFrom(prose)).toBeGreaterThanOrEqual(prose.length - "twice".length);
    expect(detector.openFrom(`${prose}. `)).toBe(prose.length + 2);
  });

  it("starts no match before `from`, whose text is context only", () => {
    const text = `ssn ${"219-09-1234"} and ${"219-09-4321"}`;
    expect(detector.find(text, 8).map((match) => match.start)).toEqual([20]);
  });
});
