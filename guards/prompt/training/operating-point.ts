// The logit at which each role's texts are blocked, written here by hand, so that a rebuild gives the same bytes.
//
// Chosen on families that no training of the fold had seen (`lofo.ts`): there it blocks 2.4 % of ordinary and 8.3 % of
// look-alike texts of users, 1.8 % and 3.0 % of untrusted ones, and finds 64 % and 47 % (means over families). At the gates'
// own 1 % and 5 % it would find 35 % and 33 %; docs/model-card.md has the curve.

/** [user, untrusted] */
export const OPERATING_POINT: readonly [number, number] = [2.5, 2.5];
