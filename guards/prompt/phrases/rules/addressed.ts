// A document, a page or a tool's result that speaks to the model which reads it, and gives it orders.
import type { PhraseRule } from "../rule.ts";

export const ADDRESSED: PhraseRule = {
  id: "phrase.addressed",
  roles: ["untrusted"],
  reason: "text that somebody else wrote addresses the model and gives it orders",
  shapes: [
    { steps: ["note", "toward", "model", "mark", "order|must|before|ifYou"], between: "fill|join|all|model|note", strangers: 2 },
    { steps: ["ifYou", "model", "order|must"], between: "fill|join|all|some|mark", strangers: 2 },
    { steps: ["model", "mark", "must|drop", "order"], between: "fill|join|all|some|mark|must" },
    { steps: ["fromMe", "toYou", "model"], between: "fill|join|mark", strangers: 4 },
    { steps: ["drop", "user", "request"], between: "fill|join|all|earlier|your|user" },
    { steps: ["before", "must", "order"], between: "fill|join|all|user|request|must|mark|some", strangers: 8 },
    { steps: ["hush", "user"], between: "fill|join|all|what" },
    { steps: ["system", "mark", "must|drop|order"], between: "fill|join|mark|note" },
  ],
  examples: [],
  counterExamples: [],
};
