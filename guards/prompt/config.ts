// What judging prompts is told by policy, compiled once. Roles are told apart by who writes them: the operator writes the
// system prompt and the tool definitions, a user writes to the model, and a tool's result is written by whoever could.

import type { PromptText } from "../../protocol/openai/text-of.ts";
import type { DataCategory, DataDetector } from "../data/detector.ts";
import { compileDetector, type KindModes, kindSelection, TOLD_KINDS } from "../data/index.ts";
import { CLASSIFIER_THRESHOLDS, type ClassifierRole } from "./classifier/index.ts";

/** `block` refuses, `report` lets pass and records, `off` does not look. */
export type GuardMode = "block" | "report" | "off";
export type DataMode = "block" | "redact" | "report" | "off";

export interface InjectionConfig {
  readonly mode: GuardMode;
  /** by role: scores from here on are injections; absent: as calibrated */
  readonly thresholds?: Partial<Record<ClassifierRole, number>>;
  /** scores from here on, and below the threshold, may be asked of a guard model; absent: never */
  readonly escalateFrom?: number;
}

export interface PromptGuardOptions {
  readonly maxPromptChars: number;
  readonly maxVerdicts?: number;
  readonly controlTokens: GuardMode;
  readonly structure: GuardMode;
  readonly injection: InjectionConfig;
  /** whose texts are the operator's: not judged as injections */
  readonly trusted: readonly PromptText["role"][];
  readonly data: Readonly<Record<DataCategory, DataMode>>;
  /** by kind, over the category's */
  readonly kinds?: KindModes;
}

export interface PromptGuard extends Required<Omit<PromptGuardOptions, "injection">> {
  readonly injection: InjectionConfig & { readonly thresholds: Readonly<Record<ClassifierRole, number>> };
  /** null: no data is looked for */
  readonly detector: DataDetector | null;
}

const MAX_VERDICTS = 32;

export function compilePromptGuard(options: PromptGuardOptions): PromptGuard {
  const { kinds: named = {}, data, injection } = options;
  const wanted = (["secret", "personal_data"] as const).filter(
    // a category that is off is still looked for where one of its kinds is not; which kind is whose, the rules know
    (category) => data[category] !== "off" || Object.values(named).some((mode) => mode !== "off"),
  );
  const kinds = data.secret === "off" ? named : { ...TOLD_KINDS, ...named };
  return {
    ...options,
    kinds,
    maxVerdicts: options.maxVerdicts ?? MAX_VERDICTS,
    injection: {
      ...injection,
      thresholds: {
        user: injection.thresholds?.user ?? CLASSIFIER_THRESHOLDS.user.block,
        untrusted: injection.thresholds?.untrusted ?? CLASSIFIER_THRESHOLDS.untrusted.block,
      },
    },
    detector:
      wanted.length === 0 ? null : compileDetector({ categories: wanted, ...kindSelection(kinds), alone: true }),
  };
}

/** What becomes of a datum of this kind. */
export function dataMode(guard: PromptGuard, category: DataCategory, kind: string): DataMode {
  return (Object.hasOwn(guard.kinds, kind) ? guard.kinds[kind] : undefined) ?? guard.data[category];
}

/** Null for the operator's own words. What an assistant is said to have said is the client's to write. */
export function classifierRole(guard: PromptGuard, role: PromptText["role"], file: boolean): ClassifierRole | null {
  // who attaches a file seldom wrote it
  if (file) return "untrusted";
  if (guard.trusted.includes(role)) return null;
  return role === "tool" || role === "function" ? "untrusted" : "user";
}
