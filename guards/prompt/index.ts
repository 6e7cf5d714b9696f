// Public names of the prompt guard.
export { checkPrompt, type PromptCheck } from "./check.ts";
export { DEFAULT_PROMPT_LIMITS, type GuardMode, type PromptLimits } from "./limits.ts";
export { TEMPLATE_RULES, type TemplateRule } from "./template-rules.ts";
