// The classifier with the weights of this release. They are unpacked once an isolate, when first asked for.
import { fromBase64 } from "../../../protocol/encoding.ts";
import { type Classification, Classifier, type ClassifierRole } from "./classify.ts";
import type { Tokens } from "./tokens.ts";
import { WEIGHTS } from "./weights.ts";
import { decodeWeights } from "./weights-format.ts";

let shipped: Classifier | null = null;

export function shippedClassifier(): Classifier {
  shipped ??= new Classifier(decodeWeights(fromBase64(WEIGHTS)));
  return shipped;
}

/** Is this text an injection or a jailbreak? Linear in its length; see `Classification`. */
export function classify(text: string, role: ClassifierRole, tokens?: Tokens): Classification {
  return shippedClassifier().classify(text, role, tokens);
}
