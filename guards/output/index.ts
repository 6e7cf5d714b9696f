// Public names of the guard on answers. What it guarantees, and what not, stands in guarantee.ts.
export { CanaryIndex } from "./canary-watch.ts";
export { type GuardedCompletion, guardCompletion } from "./chat-completion.ts";
export { ChatStreamGuard } from "./chat-stream.ts";
export { ChoiceGuard, type ChoiceStep, type Released } from "./choice.ts";
export { Findings, type OutputAction, type OutputFinding } from "./findings.ts";
export { LeakIndex } from "./leak-index.ts";
export { DEFAULT_OUTPUT_LIMITS, type OutputLimits } from "./limits.ts";
export { compileLinks, DEFAULT_LINKS, type ForeignLinks, type LinkOptions, type LinkRules } from "./link-rules.ts";
export { echoOf, requestTexts } from "./request-texts.ts";
export {
  compileOutput,
  type DataSource,
  type OutputMode,
  type OutputModes,
  type OutputOptions,
  type OutputRules,
} from "./rules.ts";
export { type GuardedText, guardText } from "./text.ts";
export type { OutputCategory } from "./watch.ts";
