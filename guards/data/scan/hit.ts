// Matches as the scanners find them, and how overlapping ones become one.
import type { DataMatch } from "../detector.ts";

/** A match with its weight against others in the same place. */
export interface Hit extends DataMatch {
  readonly weight: number;
}

/**
 * Matches in order, none overlapping another. Where several overlap, the weightiest names the span. Of personal data its
 * bounds count, since neighbouring words must stay; as soon as a secret takes part, all that any of them covers does,
 * since half a secret is one.
 */
export function resolved(hits: readonly Hit[]): readonly DataMatch[] {
  const sorted = [...hits].sort((a, b) => a.start - b.start || b.weight - a.weight || b.end - a.end);
  const matches: Hit[] = [];
  for (const hit of sorted) {
    const last = matches.at(-1);
    if (last === undefined || hit.start >= last.end) {
      matches.push(hit);
      continue;
    }
    matches[matches.length - 1] = joined(last, hit);
  }
  return matches.map(({ weight: _, ...match }) => match);
}

function joined(left: Hit, right: Hit): Hit {
  const named = rankOf(right) > rankOf(left) ? right : left;
  if (left.category === "personal_data" && right.category === "personal_data" && right.end <= left.end) return left;
  if (named === left && left.category === "personal_data" && right.category === "personal_data") return left;
  const { growth: _, ...same } = named;
  const growth =
    left.end > right.end ? left.growth : (right.growth ?? (left.end === right.end ? left.growth : undefined));
  return {
    ...same,
    start: left.start,
    end: Math.max(left.end, right.end),
    ...(growth === undefined ? {} : { growth }),
  };
}

/** What the least certain rule for secrets weighs: below are names of systems, which are none. */
export const GENERIC = 4;

/** A password in a link looks like a mail address with its host; policy must hear of the secret. */
function rankOf({ category, weight }: Hit): number {
  return category === "secret" && weight > GENERIC ? 100 + weight : weight;
}
