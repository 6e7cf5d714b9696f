// What a threshold costs and finds: shares of innocent texts blocked and of attacks found, over logits, from trainings that
// never saw the texts.
import { HARD_NEGATIVES, NO_GATE } from "../../guards/prompt/training/families.ts";
import type { Judged } from "../../guards/prompt/training/lofo.ts";

export interface Point {
  readonly logit: number;
  /** shares of texts blocked, 0 to 1: families never seen, and texts never seen of families that were */
  readonly ordinary: number;
  readonly ordinaryTexts: number;
  readonly lookalikes: number;
  readonly lookalikeTexts: number;
  /** mean over families of the share found, by the classifier alone and with the rules of phrases */
  readonly classified: number;
  readonly recall: number;
  /** the families with the least */
  readonly least: string;
}

const LOGITS = [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3];
/** Smaller families say little by themselves. */
const FEWEST = 5;

/** The curve of one role (0 user, 1 untrusted). @param phrased texts that hold a phrase of attacks, whatever their logit */
export function curve(judged: readonly Judged[], phrased: ReadonlySet<Judged>, role: number): Point[] {
  const rows = judged.filter((row) => row.role === role);
  const innocent = rows.filter(({ label, harmful }) => label === 0 && !harmful);
  const attacks = [
    ...Map.groupBy(
      rows.filter(({ label }) => label === 1),
      ({ family }) => family,
    ),
  ].filter(([family, { length }]) => length >= FEWEST && !NO_GATE.has(family));
  return LOGITS.map((logit) => {
    const share = (hard: boolean, unseen: Judged["unseen"]) =>
      above(
        innocent.filter((row) => HARD_NEGATIVES.has(row.family) === hard && row.unseen === unseen),
        logit,
        phrased,
      );
    const found = attacks
      .map(([family, of]) => ({ family, share: above(of, logit, phrased) }))
      .sort((a, b) => a.share - b.share);
    return {
      logit,
      ordinary: share(false, "family"),
      ordinaryTexts: share(false, "text"),
      lookalikes: share(true, "family"),
      lookalikeTexts: share(true, "text"),
      classified: mean(attacks.map(([, of]) => above(of, logit))),
      recall: mean(found.map((one) => one.share)),
      least: found
        .slice(0, 3)
        .map(({ family, share: of }) => `${family} ${of}`)
        .join(", "),
    };
  });
}

function above(rows: readonly Judged[], logit: number, phrased?: ReadonlySet<Judged>): number {
  return round(
    rows.filter((row) => row.logit >= logit || phrased?.has(row) === true).length / Math.max(1, rows.length),
  );
}

function mean(shares: readonly number[]): number {
  return round(shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length));
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
