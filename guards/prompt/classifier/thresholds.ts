// At which score a text is blocked, and from which one policy may ask a guard model. One set for all texts: the weights
// carry each role's operating point, so that 0.5 means the same for both.
import type { ClassifierRole } from "./classify.ts";

export interface Band {
  /** from here a guard model may be asked, if policy says so */
  readonly escalate: number;
  /** from here the text is blocked */
  readonly block: number;
}

export const CLASSIFIER_THRESHOLDS: Readonly<Record<ClassifierRole, Band>> = {
  user: { escalate: 0.25, block: 0.5 },
  untrusted: { escalate: 0.25, block: 0.5 },
};
