// Bounds of the first prompt validation. The first two are policy's (`request.max_prompt_chars`, `guards.prompt`).

export type GuardMode = "block" | "report" | "off";

export interface PromptLimits {
  /** UTF-16 units of all texts together. Protects later guards and the backend from prompts no model could take. */
  readonly maxPromptChars: number;
  /** chat-template control tokens: `block` stops forged turns and reports mere mentions */
  readonly controlTokens: GuardMode;
  /** Verdicts of one request. Protects the audit leaf, which holds 16 KiB. */
  readonly maxVerdicts: number;
}

export const DEFAULT_PROMPT_LIMITS: PromptLimits = {
  maxPromptChars: 4_000_000,
  controlTokens: "block",
  maxVerdicts: 32,
};
