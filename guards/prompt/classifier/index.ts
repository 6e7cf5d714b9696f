// Public names of the injection classifier.
export { type Classification, Classifier, type ClassifierRole, MAX_SPANS, type ScoredSpan } from "./classify.ts";
export { type Explanation, explain } from "./explain.ts";
export { classify, shippedClassifier } from "./shipped.ts";
export { type Band, CLASSIFIER_THRESHOLDS } from "./thresholds.ts";
export { type Tokens, tokensOf } from "./tokens.ts";
