// All rules together, and the one of an id: what `--explain` shows of a finding.
import { PERSONAL_RULES } from "./personal/index.ts";
import type { DataRule } from "./rule.ts";
import { SECRET_RULES } from "./secrets/index.ts";

export const ALL_RULES: readonly DataRule[] = [...SECRET_RULES, ...PERSONAL_RULES];

const ASSIGNED: Pick<DataRule, "id" | "category" | "kind" | "reason"> = {
  id: "secret.assigned",
  category: "secret",
  kind: "secret",
  reason: "something drawn by chance, or chosen as a password, that is given to a name for a secret",
};

const BY_ID = new Map(
  [...ALL_RULES, ASSIGNED].map(({ id, category, kind, reason }) => [id, { id, category, kind, reason }]),
);

/** What a person may read of the rule of a finding; undefined for no rule of these. */
export function ruleOf(id: string): Pick<DataRule, "id" | "category" | "kind" | "reason"> | undefined {
  return BY_ID.get(id);
}
