// What a rule of phrases is: shapes, for whose texts they are judged, and examples that its tests read.
import type { ClassifierRole } from "../classifier/index.ts";
import type { ShapeSpec } from "./shape.ts";

export interface PhraseRule {
  /** stands in verdicts and in the audit record: never renamed */
  readonly id: string;
  readonly roles: readonly ClassifierRole[];
  readonly reason: string;
  readonly shapes: readonly ShapeSpec[];
  /** texts that must be found */
  readonly examples: readonly string[];
  /** texts that must not */
  readonly counterExamples: readonly string[];
}
