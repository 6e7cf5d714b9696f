// Asking for the hidden text that a model works under.
import type { PhraseRule } from "../rule.ts";

export const REVEAL: PhraseRule = {
  id: "phrase.reveal",
  roles: ["user", "untrusted"],
  reason: "asks for the system prompt or for what stands before the message",
  shapes: [
    {
      steps: ["show", "systemPrompt"],
      between: "me|fill|join|your|hidden|all|show",
      notBefore: "binder",
    },
    { steps: ["show", "your", "prompt"], between: "me|fill|join|hidden|all|show", notBefore: "binder" },
    { steps: ["ask", "your", "systemPrompt|prompt"], between: "fill|join|hidden|all", notBefore: "binder" },
    { steps: ["ask", "hidden", "prompt"], between: "fill|join|hidden|your", notBefore: "binder", ends: true },
    { steps: ["show", "what", "said"], between: "fill|join|all|me|hidden" },
    { steps: ["systemPrompt", "showLast"], between: "me|fill|join|your|all|hidden", before: { 0: "your|fill" } },
    { steps: ["your|hidden", "prompt", "showLast"], between: "me|fill|join|your|all|hidden" },
  ],
  examples: [],
  counterExamples: [],
};
