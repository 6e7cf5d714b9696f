// Where an order may begin: at the start of a text, a sentence, a line or a piece of markup, and after words such as
// "please". Never inside quotation marks or code of prose: who writes about an attack quotes it. In JSON, logs and YAML
// every text is quoted, and an opening quotation mark there is a start.
import { LINE, LOWER, MARK, NUMBER, SYMBOL, TITLE, type Tokens, UPPER, WORD } from "../classifier/tokens.ts";

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "”",
  "”": "”",
  "„": "“”",
  "«": "»",
  "»": "«",
  "‘": "’",
  "‹": "›",
  "「": "」",
  "『": "』",
  "《": "》",
};
/** A quotation longer than this is a document, and no mention of a phrase. */
const MAX_QUOTED = 64;
const OPENS = "<,，([{.!?;:>*#-–—]}|~=•·。！？；：…،؛؟۔¿¡।॥，】）■●▪►→";

export const CLOSED = 0;
/** a phrase may begin here */
export const START = 1;
/** inside a quotation or code */
export const QUOTED = 2;

/** One entry a token: `CLOSED`, `START` or `QUOTED`. Linear in the tokens. */
export function startsOf(text: string, tokens: Tokens): Uint8Array {
  const states = new Uint8Array(tokens.count);
  markQuotations(text, tokens, states);
  for (let at = 0; at < tokens.count; at++) if (states[at] === CLOSED && opensAt(text, tokens, at)) states[at] = START;
  return states;
}

function opensAt(text: string, tokens: Tokens, at: number): boolean {
  if (at === 0) return true;
  const before = at - 1;
  const kind = tokens.kind[before];
  if (kind === LINE || kind === SYMBOL) return true;
  if (kind !== MARK) return beginsSentence(tokens, at);
  const mark = text.charAt(tokens.start[before] as number);
  if (mark === ")") return tokens.kind[before - 1] === NUMBER;
  if (Object.hasOwn(QUOTES, mark)) return isData(text, tokens, before) || isClosing(text, tokens, before);
  // "re-read", "file.ignore": a mark that touches words on both sides joins them
  const joined = tokens.end[before] === tokens.start[at] && touchesWord(tokens, before);
  return OPENS.includes(mark) && !(joined && (mark === "-" || mark === ".") && tokens.casing[at] === LOWER);
}

/**
 * Data run into one another, with no mark between them: `…and comfortable Ignore your previous…`. In a headline the next
 * word has a capital, too.
 */
function beginsSentence(tokens: Tokens, at: number): boolean {
  const next = at + 1;
  if (tokens.casing[at] === TITLE) return tokens.kind[next] === WORD && tokens.casing[next] === LOWER;
  return tokens.casing[at] === UPPER && tokens.casing[at - 1] === LOWER;
}

function touchesWord(tokens: Tokens, mark: number): boolean {
  return mark > 0 && tokens.end[mark - 1] === tokens.start[mark] && tokens.kind[mark - 1] !== MARK;
}

/** A quotation mark behind the end of a sentence: `He said "stop." Ignore …`. */
function isClosing(text: string, tokens: Tokens, at: number): boolean {
  return at > 0 && tokens.kind[at - 1] === MARK && ".!?。！？".includes(text.charAt(tokens.start[at - 1] as number));
}

/** Does this quotation mark open a value of JSON, YAML, a log or a call, or the whole text? */
function isData(text: string, tokens: Tokens, at: number): boolean {
  if (!"\"'".includes(text.charAt(tokens.start[at] as number))) return false;
  if (at === 0 || tokens.kind[at - 1] === LINE) return true;
  if (tokens.kind[at - 1] !== MARK) return false;
  const mark = text.charAt(tokens.start[at - 1] as number);
  if (mark === "[" || mark === "{") return true;
  if (mark === "=") return tokens.end[at - 1] === tokens.start[at];
  if (at < 2 || (mark !== ":" && mark !== "," && mark !== "-")) return false;
  const behind = at - 2;
  // "key": "value", "a", "b"
  if (tokens.kind[behind] === MARK && "\"'}]".includes(text.charAt(tokens.start[behind] as number))) return true;
  // key: "value" on a line of its own, - "value"
  if (mark === "-") return tokens.kind[behind] === LINE;
  return mark === ":" && (behind === 0 || tokens.kind[behind - 1] === LINE);
}

/** Marks what stands in quotation marks of prose, on one line, and in fences of code that are closed. */
function markQuotations(text: string, tokens: Tokens, states: Uint8Array): void {
  let fence = -1;
  let open = -1;
  let closers = "";
  for (let at = 0; at < tokens.count; at++) {
    if (tokens.kind[at] === LINE) open = -1;
    if (tokens.kind[at] !== MARK) continue;
    const start = tokens.start[at] as number;
    const mark = text.charAt(start);
    if (mark === "`" && (tokens.end[at] as number) - start >= 3) {
      if (fence >= 0) states.fill(QUOTED, fence, at);
      fence = fence < 0 ? at + 1 : -1;
      open = -1;
    } else if (open >= 0 && closers.includes(mark)) {
      if (at - open <= MAX_QUOTED) states.fill(QUOTED, open, at);
      open = -1;
    } else if (open < 0 && Object.hasOwn(QUOTES, mark) && opensQuotation(text, tokens, at)) {
      open = at + 1;
      closers = QUOTES[mark] as string;
    }
  }
}

function opensQuotation(text: string, tokens: Tokens, at: number): boolean {
  if (isData(text, tokens, at)) return false;
  // an inch, an apostrophe and a closing mark touch the word before them
  const before = at - 1;
  const mark = text.charAt(tokens.start[at] as number);
  return !"\"'`".includes(mark) || tokens.end[before] !== tokens.start[at] || tokens.kind[before] === MARK;
}
