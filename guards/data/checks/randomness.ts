// Whether a text looks drawn by chance, as keys are, or written by a person: placeholders, words, counting, padding.

/** Judged on the first characters, so that a long body costs no more. */
const SAMPLE = 256;

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  const sample = text.slice(0, SAMPLE);
  for (const char of sample) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / sample.length) * Math.log2(count / sample.length);
  return bits;
}

/** The share of characters that repeat, or count from, the one before, or count from the one before that: `a1b2`, `d4c3`. */
export function monotony(text: string): number {
  const sample = text.slice(0, SAMPLE);
  const plain = sample.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
  return Math.max(counting(sample, 1, -1, 1), counting(plain, 2, 1, 1), counting(plain, 2, -1, -1));
}

function counting(sample: string, stride: number, least: number, most: number): number {
  let steps = 0;
  for (let at = stride; at < sample.length; at++) {
    const step = sample.charCodeAt(at) - sample.charCodeAt(at - stride);
    if (step >= least && step <= most) steps++;
  }
  return sample.length <= stride ? 0 : steps / (sample.length - stride);
}

/** The longest run of characters that count up or down by one, `0` after `9`: by chance a key of 40 has none of five. */
export function longestCount(text: string): number {
  let [longest, up, down] = [0, 1, 1];
  for (let at = 1; at < Math.min(text.length, SAMPLE); at++) {
    const [before, code] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
    up = code === before + 1 || (before === 57 && code === 48) ? up + 1 : 1;
    down = code === before - 1 || (before === 48 && code === 57) ? down + 1 : 1;
    longest = Math.max(longest, up, down);
  }
  return longest;
}

/** The form of a UUID, with letters that no hexadecimal digit is: somebody typed it. */
const TYPED_UUID =
  /(?:^|[^0-9a-z])(?=[0-9a-f-]{0,35}[g-z])[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}$/i;

const WORDS =
  /example|placeholder|your[_-]?|y0ur|change[_-]?me|changeit|replace|redacted|dummy|sample|insert[_-]|todo|fixme|xxxx|\*\*\*|\.\.\.|0{10}|1234567890?abc|abcdefghij|test[_-]?(?:key|token|secret)|fake|my[_-]?(?:api|secret|token|key|access|super)|not[_-]?(?:a[_-]?)?real|lorem|deadbeef{2}|token[_-]?here|key[_-]?here|_here\b|here_|eyJzdWIiOiIxMjM0NTY3ODkwI/i;

/** Somebody wrote it to stand for a key. */
export function isPlaceholder(text: string): boolean {
  const start = text.slice(0, 96);
  return WORDS.test(start) || TYPED_UUID.test(start) || monotony(text) > 0.6 || longestRepeat(text) >= 8;
}

function longestRepeat(text: string): number {
  let longest = 0;
  let run = 0;
  for (let at = 0; at < Math.min(text.length, SAMPLE); at++) {
    run = at > 0 && text.charCodeAt(at) === text.charCodeAt(at - 1) ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Entropy of at least `bits`, and nothing of a placeholder. */
export function isRandom(text: string, bits: number): boolean {
  return entropy(text) >= bits && !isPlaceholder(text);
}

/** Kinds of characters: lower, upper, digit, other. */
export function kindsOf(text: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
}

/** Words run together or joined by separators or case, without the jumps between letters and digits that keys have. */
export function isWordy(text: string): boolean {
  if (/^[A-Za-z]+(?:[ _.\-/:][A-Za-z]+)*$/.test(text)) return pronounceable(text);
  const jumps = text.match(/[A-Za-z][0-9]|[0-9][A-Za-z]/g)?.length ?? 0;
  return jumps <= 1 + text.length / 24 && pronounceable(text.replace(/[0-9]/g, ""));
}

/** Vowels as often as in a language, and not more than four consonants in a row, mostly in one case a word. */
function pronounceable(text: string): boolean {
  const letters = text.replace(/[^A-Za-z]/g, "");
  if (letters.length === 0) return false;
  const vowels = letters.match(/[aeiouy]/gi)?.length ?? 0;
  const share = vowels / letters.length;
  const clusters = text.match(/[b-df-hj-np-tv-xz]{5}/gi)?.length ?? 0;
  const cases = text.match(/[a-z][A-Z]/g)?.length ?? 0;
  return share >= 0.2 && share <= 0.65 && clusters === 0 && cases <= letters.length / 4;
}
