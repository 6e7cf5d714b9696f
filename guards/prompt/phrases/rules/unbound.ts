// Declaring a model free of its rules.
import type { PhraseRule } from "../rule.ts";

export const UNBOUND: PhraseRule = {
  id: "phrase.unbound",
  roles: ["user", "untrusted"],
  reason: "declares the model to be without rules, filters or restrictions",
  shapes: [
    { steps: ["become", "persona"], between: "some|fill|join|model|free|all" },
    { steps: ["become", "without", "limits"], between: "some|fill|join|model|free|all|your|limits|become", strangers: 2 },
    { steps: ["become", "free", "model"], between: "some|fill|join|model|free|all" },
    { steps: ["become", "model", "free"], between: "some|fill|join|model|all|become" },
    { steps: ["answer", "without", "limits"], between: "some|fill|join|all|me|your|limits", strangers: 3 },
    { steps: ["without", "limits", "answer"], between: "some|fill|join|all|limits" },
    { steps: ["enter", "mode"], between: "fill|join|some" },
    { steps: ["mode", "enter"], between: "fill|join" },
    { steps: ["become", "refuse"], between: "fill|join|must" },
  ],
  examples: [],
  counterExamples: [],
};
