// The levels that the data rules reach on the corpora, with a small margin, so that a change that loses some is seen.
import { describe, expect, it } from "vitest";
import { measurePrompts } from "../../bench/guards/data.ts";
import { hasCorpora } from "../../bench/guards/data-corpora.ts";
import { measurePersonal } from "../../bench/guards/data-personal.ts";
import { measureSecrets } from "../../bench/guards/data-secrets.ts";

const present = hasCorpora();
if (!present) console.warn("data-corpora: skipped, there are no corpora beside the repository");

describe.skipIf(!present)("on the corpora", () => {
  it("secrets are found, and few of their look-alikes", () => {
    const { positives, found, foundWithoutIdentifiers, negatives, flagged, flaggedByItsOwnRules } = measureSecrets();
    expect(found / positives).toBeGreaterThanOrEqual(0.95);
    expect(foundWithoutIdentifiers / positives).toBeGreaterThanOrEqual(0.87);
    expect(flagged / negatives).toBeLessThanOrEqual(0.05);
    expect(flaggedByItsOwnRules / negatives).toBeLessThanOrEqual(0.035);
  });

  it("personal data are found, by F2", () => {
    const { all, withoutDatesAndLinks } = measurePersonal();
    expect(all.f2).toBeGreaterThanOrEqual(0.92);
    expect(withoutDatesAndLinks.f2).toBeGreaterThanOrEqual(0.92);
    expect(withoutDatesAndLinks.f2OverRecognizers).toBeGreaterThanOrEqual(0.885);
  });

  it("ordinary prompts hardly ever hold what is taken for a secret", () => {
    const { prompts, withSecret, withPersonalData } = measurePrompts();
    expect(withSecret / prompts).toBeLessThanOrEqual(0.002);
    expect(withPersonalData / prompts).toBeLessThanOrEqual(0.04);
  }, 120_000);
});
