// Public names of the rules of phrases.
export { findPhrases, type PhraseFinding } from "./phrases.ts";
export type { PhraseRule } from "./rule.ts";
export { PHRASE_RULES } from "./rules/index.ts";
