// Public names of the prompt guard.
export { CLASSIFIER_THRESHOLDS } from "./classifier/index.ts";
export {
  compilePromptGuard,
  type DataMode,
  dataMode,
  type GuardMode,
  type InjectionConfig,
  type PromptGuard,
  type PromptGuardOptions,
} from "./config.ts";
export { type Block, type Doubt, judgePrompt, type PromptJudgement } from "./judge.ts";
export { TEMPLATE_RULES, type TemplateRule } from "./template-rules.ts";
