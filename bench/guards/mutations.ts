// The same attacks in every disguise: what is found as it stands, and how much less when one decoding trick hides it. All
// guards together, as the pipeline has them; the whole judgement counts, whichever guard it was that blocked.
import { compilePromptGuard, judgePrompt, type PromptGuard } from "../../guards/prompt/index.ts";
import { haveCorpora, readCorpora } from "../../guards/prompt/training/corpora.ts";
import { promptGuardOptions } from "../../policy/guard-options.ts";
import { guardsSchema } from "../../policy/guards.ts";
import { MUTATIONS, random } from "../../test/support/mutations.ts";

/** The gate: points of recall that a disguise may cost. */
const MAY_COST = 0.05;
/** Longer attacks say the same again and again. */
const MAX_CHARS = 1200;

export interface MutationReport {
  readonly attacks: number;
  /** share found without a disguise */
  readonly plain: number;
  /** by trick: of the attacks found without it, the share that is lost with it */
  readonly lost: Readonly<Record<string, number>>;
  readonly misses: readonly string[];
}

/** @param count attacks, drawn over all families of direct injections */
export function measureMutations(count: number): MutationReport | { readonly skipped: string } {
  if (!haveCorpora()) return { skipped: "no corpora beside the repository: ../shared/corpora is absent" };
  const guard = compilePromptGuard(
    promptGuardOptions({ guards: guardsSchema.parse({}), request: { max_prompt_chars: 4_000_000 } }),
  );
  const attacks = sample(count);
  const found = attacks.filter((text) => isBlocked(text, guard));
  const lost: Record<string, number> = {};
  for (const { name, mutate } of MUTATIONS) {
    const missed = found.filter((text, at) => !isBlocked(mutate(text, at), guard)).length;
    lost[name] = Math.round((1000 * missed) / Math.max(1, found.length)) / 1000;
  }
  return {
    attacks: attacks.length,
    plain: Math.round((1000 * found.length) / Math.max(1, attacks.length)) / 1000,
    lost,
    misses: Object.entries(lost)
      .filter(([, share]) => share > MAY_COST)
      .map(([name, share]) => `${name}: ${(share * 100).toFixed(1)} points lost, at most ${MAY_COST * 100} wanted`),
  };
}

/** As many of each family, drawn with a fixed seed. */
function sample(count: number): string[] {
  const byFamily = new Map<string, string[]>();
  for (const { label, role, corpus, text } of readCorpora())
    if (label === "injection" && role !== "tool" && text.length <= MAX_CHARS)
      byFamily.set(corpus, [...(byFamily.get(corpus) ?? []), text]);
  const each = Math.ceil(count / Math.max(1, byFamily.size));
  const next = random(1);
  return [...byFamily.values()].flatMap((texts) =>
    texts
      .map((text) => ({ text, order: next() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, each)
      .map(({ text }) => text),
  );
}

function isBlocked(text: string, guard: PromptGuard): boolean {
  return judgePrompt([{ where: "messages[0].content", role: "user", text }], guard).blocked !== null;
}
