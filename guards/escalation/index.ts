// Public names of the second opinion.
export { OPINION_TOKENS, type Opinion, type OpinionFormat, opinionMessages, readOpinion } from "./opinion.ts";
