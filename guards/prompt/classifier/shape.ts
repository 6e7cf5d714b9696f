// The network's shape, the same for training and for the Worker: embedded tokens → two groups of convolution filters →
// the strongest answer of each filter in a block and around it → a small layer → one logit for each role.

/** numbers per token vector */
export const DIM = 24;
export interface FilterGroup {
  /** tokens that a filter sees, odd, centred */
  readonly width: number;
  readonly filters: number;
}
export const GROUPS: readonly FilterGroup[] = [
  { width: 3, filters: 32 },
  { width: 7, filters: 32 },
];
export const FILTERS = GROUPS.reduce((sum, group) => sum + group.filters, 0);
/** what the pieces of a word weigh together, beside the word itself */
export const PIECE_SHARE = 0.5;
/** one product per filter and offset: what a token adds to each filter at each place */
export const PRODUCTS = GROUPS.reduce((sum, group) => sum + group.filters * group.width, 0);
/** the widest filter's reach to one side, in tokens */
export const REACH = Math.max(...GROUPS.map((group) => group.width >> 1));

/** tokens in a block: what is judged, and where an injection is said to stand */
export const BLOCK = 16;
/** blocks on either side whose strongest answers and mean a block is judged with: what stands around a short instruction */
export const SURROUND = 2;
export const EXTRAS = 10;
/** a block's strongest answers, those of its surroundings, the mean there, its shape */
export const INPUTS = 2 * FILTERS + DIM + EXTRAS;
export const HIDDEN = 32;

export const USER = 0;
export const UNTRUSTED = 1;

/** Token flags that are counted per block. */
export const FLAG_LINE = 1;
export const FLAG_MARK = 2;
export const FLAG_UPPER = 4;
export const FLAG_FOREIGN = 8;
export const FLAG_NUMBER = 16;
export const FLAG_TITLE = 32;
export const FLAGS = 6;

/**
 * What a block is, besides its words: at the border of the text or within, how full, and the shares of line ends,
 * marks, capitals, other scripts and numbers; and the role. Written into `into` at `at`.
 */
export function writeExtras(
  into: Float32Array,
  at: number,
  counts: ArrayLike<number>,
  tokens: number,
  first: boolean,
  last: boolean,
  role: number,
): void {
  const share = tokens === 0 ? 0 : 1 / tokens;
  into[at] = first ? 1 : 0;
  into[at + 1] = last ? 1 : 0;
  into[at + 2] = tokens / BLOCK;
  into[at + 3] = tokens < 12 ? 1 : 0;
  for (let flag = 0; flag < 5; flag++) into[at + 4 + flag] = (counts[flag] ?? 0) * share;
  into[at + 9] = role;
}
