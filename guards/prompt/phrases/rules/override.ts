// Setting aside what a model was told before: the sentence that most attacks begin with, whoever they come from.
import type { PhraseRule } from "../rule.ts";

const QUALIFIED = "earlier|all|your";
const WITHIN = "fill|join|earlier|all|your|hidden|rules|me";

export const OVERRIDE: PhraseRule = {
  id: "phrase.override",
  roles: ["user", "untrusted"],
  reason: "tells the model to set aside its earlier instructions",
  shapes: [
    { steps: ["drop", QUALIFIED, "rules"], between: "fill|join|earlier|all|your|hidden|some", notBefore: "binder" },
    { steps: ["drop", "earlier", "rules"], between: "fill|join|all|your|hidden|rules" },
    { steps: ["drop", "rules", "earlier|said"], between: "fill|join|all|your|rules" },
    { steps: ["drop", "orders"], between: "fill|join", ends: true },
    { steps: ["erase", "earlier", "orders"], between: WITHIN },
    { steps: ["erase", "orders", "earlier|said"], between: WITHIN },
    { steps: ["drop", "what", "said"], between: "fill|join|all|earlier", notBefore: "binder" },
    { steps: ["drop", "all", "earlier"], between: "fill|join|all|earlier", ends: true },
    { steps: [QUALIFIED, "rules", "dropLast"], between: WITHIN },
    { steps: ["rules", QUALIFIED, "dropLast"], between: WITHIN },
    { steps: ["said|earlier", "what", "dropLast"], between: "fill|join|all|earlier|said" },
    { steps: ["what", "said|earlier", "dropLast"], between: "fill|join|all|earlier" },
    { steps: ["earlier|all|your", "rules", "void"], between: WITHIN, before: { 0: "fill" } },
    { steps: ["rules", "earlier|said", "void"], between: WITHIN, before: { 0: "fill" } },
  ],
  examples: [],
  counterExamples: [],
};
