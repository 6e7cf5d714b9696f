// Disguises of a text, one function a trick, for measuring what the decoded views give back. Seeded: the same seed makes
// the same disguise.
import { ARRANGEMENTS } from "./mutations/arrangements.ts";
import { CIPHERS } from "./mutations/ciphers.ts";
import { ENCODINGS } from "./mutations/encodings.ts";
import { SIGNS } from "./mutations/signs.ts";
import type { Mutation } from "./mutations/tools.ts";

export { type Mutation, random } from "./mutations/tools.ts";

export const MUTATIONS: readonly Mutation[] = [...SIGNS, ...ENCODINGS, ...CIPHERS, ...ARRANGEMENTS];
