// The logit at which each role's texts are blocked, written here by hand, so that a rebuild gives the same bytes. Chosen on
// innocent texts that no training of their fold had seen (`lofo.ts`): some 1% of ordinary and 5% of look-alike ones are above.

/** [user, untrusted] */
export const OPERATING_POINT: readonly [number, number] = [0.4, 1.2];
