// Public names of the protection of data: detectors and reversible redaction.
export { compileDetector, type DetectorOptions } from "./detect.ts";
export type { DataCategory, DataDetector, DataMatch } from "./detector.ts";
export { type KindModes, kindSelection, TOLD_KINDS } from "./kinds.ts";
export { Redaction, type RedactOptions, redact } from "./redaction/redaction.ts";
export { createRestorer, type Restorer, restore } from "./redaction/restorer.ts";
export type { DataRule } from "./rule.ts";
export { ALL_RULES, ruleOf } from "./rules.ts";
