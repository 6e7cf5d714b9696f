// How much of a finding a client is told, by policy: nothing, its category, or its rule. Offsets and scores stay in the
// log: they would show an attacker the way around.
import type { Policy } from "../../policy/schema.ts";

export function told(
  { category, rule }: { readonly category: string; readonly rule: string },
  { guards }: Policy,
): { readonly finding?: string } {
  if (guards.explain === "nothing") return {};
  return { finding: guards.explain === "category" ? category : rule };
}
