// All rules of phrases, in the order in which they are told.
import type { PhraseRule } from "../rule.ts";
import { ADDRESSED } from "./addressed.ts";
import { OVERRIDE } from "./override.ts";
import { REVEAL } from "./reveal.ts";
import { UNBOUND } from "./unbound.ts";

export const PHRASE_RULES: readonly PhraseRule[] = [OVERRIDE, REVEAL, UNBOUND, ADDRESSED];
