// The logit at which each role's texts are blocked. Found on families that no training of the fold had seen (`lofo.ts`),
// at most 1% of ordinary and 5% of look-alike texts above it; written here by hand, so that a rebuild gives the same bytes.

/** [user, untrusted] */
export const OPERATING_POINT: readonly [number, number] = [0.3, 1.4];
