// The pattern language of the rules: regular expressions without anchors, look-around and capture, so that one
// automaton can run all of them at once and tell what a text cut anywhere could still become. Beyond literals, classes,
// groups, `|`, `?`, `*`, `+`, `{m}`, `{m,n}` and `{m,}` there are the shorthands of SHORTHANDS. A class may be negated;
// what lies outside ASCII is one symbol, OTHER, in every negated class, save spaces and dashes, which count as ` ` and `-`.

/** A set of symbols: one byte a symbol, ASCII first, OTHER last. */
export type SymbolSet = Uint8Array;
export const OTHER = 128;
export const SYMBOLS = 129;

export type Pattern =
  | { readonly type: "set"; readonly set: SymbolSet }
  | { readonly type: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly type: "choice"; readonly parts: readonly Pattern[] }
  | { readonly type: "repeat"; readonly part: Pattern; readonly min: number; readonly max: number };

const SHORTHANDS: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "A-Za-z0-9_",
  a: "A-Za-z",
  A: "A-Z",
  h: "0-9a-f",
  H: "0-9a-fA-F",
  /** base64url */
  u: "A-Za-z0-9_\\-",
  /** base64 */
  b: "A-Za-z0-9+/",
  x: "A-Za-z0-9",
  s: " \t\r\n",
};
const CONTROLS: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n" };

/** The symbol of a UTF-16 unit. */
export function symbolOf(code: number): number {
  if (code < 128) return code;
  if (code === 0xa0 || code === 0x202f || code === 0x2009) return 32;
  if ((code >= 0x2010 && code <= 0x2013) || code === 0x2212) return 45;
  return OTHER;
}

/** A set from the inside of a class (`A-Z0-9_`), `ignoreCase` adding the other case of each letter. */
export function symbolSet(inside: string, ignoreCase = false): SymbolSet {
  const key = `${ignoreCase ? "i" : "c"}${inside}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const read = readSet(inside, ignoreCase);
  KNOWN.set(key, read);
  return read;
}

/** Patterns repeat few sets many times. */
const KNOWN = new Map<string, SymbolSet>();

function readSet(inside: string, ignoreCase: boolean): SymbolSet {
  const set = new Uint8Array(SYMBOLS);
  let at = 0;
  const negated = inside[0] === "^";
  if (negated) at = 1;
  while (at < inside.length) {
    if (inside[at] === "\\") {
      const name = inside[at + 1] ?? "";
      const shorthand = SHORTHANDS[name];
      at += 2;
      if (shorthand === undefined) add(set, (CONTROLS[name] ?? name).charCodeAt(0), undefined, ignoreCase);
      else unite(set, symbolSet(shorthand));
      continue;
    }
    const low = inside.charCodeAt(at);
    const ranged = inside[at + 1] === "-" && at + 2 < inside.length;
    add(set, low, ranged ? inside.charCodeAt(at + 2) : undefined, ignoreCase);
    at += ranged ? 3 : 1;
  }
  if (negated) for (let symbol = 0; symbol < SYMBOLS; symbol++) set[symbol] = set[symbol] === 1 ? 0 : 1;
  return set;
}

function unite(set: SymbolSet, other: SymbolSet): void {
  for (let symbol = 0; symbol < SYMBOLS; symbol++) if (other[symbol] === 1) set[symbol] = 1;
}

function add(set: SymbolSet, low: number, high = low, ignoreCase = false): void {
  for (let code = low; code <= high; code++) {
    const symbol = symbolOf(code);
    set[symbol] = 1;
    if (!ignoreCase) continue;
    if (symbol >= 65 && symbol <= 90) set[symbol + 32] = 1;
    if (symbol >= 97 && symbol <= 122) set[symbol - 32] = 1;
  }
}

/** @throws SyntaxError where the pattern is not of the language; a rule that does not compile is a fault of the build */
export function parsePattern(source: string, ignoreCase = false): Pattern {
  let at = 0;
  const choice = (): Pattern => {
    const parts = [sequence()];
    while (source[at] === "|") {
      at++;
      parts.push(sequence());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: "choice", parts };
  };
  const sequence = (): Pattern => {
    const parts: Pattern[] = [];
    while (at < source.length && source[at] !== "|" && source[at] !== ")") parts.push(quantified(atom()));
    return { type: "sequence", parts };
  };
  const atom = (): Pattern => {
    const char = source[at++] ?? "";
    if (char === "(") {
      const inner = choice();
      if (source[at++] !== ")") throw new SyntaxError(`no closing bracket in ${source}`);
      return inner;
    }
    if (char === "[") {
      const start = at;
      while (at < source.length && source[at] !== "]") at += source[at] === "\\" ? 2 : 1;
      return { type: "set", set: symbolSet(source.slice(start, at++), ignoreCase) };
    }
    if (char === "\\") return { type: "set", set: symbolSet(`\\${source[at++] ?? ""}`, ignoreCase) };
    if ("*+?{".includes(char)) throw new SyntaxError(`nothing to repeat in ${source}`);
    return { type: "set", set: symbolSet(/[A-Za-z0-9]/.test(char) ? char : `\\${char}`, ignoreCase) };
  };
  const quantified = (part: Pattern): Pattern => {
    const char = source[at];
    if (char === "?" || char === "*" || char === "+") {
      at++;
      return { type: "repeat", part, min: char === "+" ? 1 : 0, max: char === "?" ? 1 : Number.POSITIVE_INFINITY };
    }
    if (char !== "{") return part;
    const close = source.indexOf("}", at);
    const [low = "", high] = source.slice(at + 1, close).split(",");
    at = close + 1;
    const min = Number(low);
    const max = high === undefined ? min : high === "" ? Number.POSITIVE_INFINITY : Number(high);
    if (!Number.isInteger(min) || Number.isNaN(max) || max < min) throw new SyntaxError(`bad count in ${source}`);
    return { type: "repeat", part, min, max };
  };
  const whole = choice();
  if (at !== source.length) throw new SyntaxError(`stray bracket in ${source}`);
  return whole;
}
