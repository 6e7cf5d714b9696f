// The recipe of the shipped weights: change it and the bytes change.
import { DEFAULTS, type TrainOptions } from "./trainer.ts";

export const SEED = 20251125;
/** words with a vector of their own */
export const VOCABULARY = 12_000;
/** rounds of composing; each gives about ten texts */
export const COMPOSED = 6000;
export const TRAINING: TrainOptions = { ...DEFAULTS, seed: SEED };
