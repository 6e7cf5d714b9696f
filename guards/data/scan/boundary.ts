// Where a datum may start and end in a text. Letters and digits to the left continue a word, with three exceptions: the
// tail of an escape (`\n` in a JSON string, `%20` in a URL, `\u0022`) is the character that it stands for, and a script
// written without spaces (Chinese, Japanese, Korean, Thai) does not continue a number.
import { OTHER, symbolOf } from "./pattern.ts";

/** A word goes on here: nothing starts. */
export const WORD = -2;
const LINE_FEED = 10;

/** The symbol left of `at`: -1 at the start of the text, WORD inside a word. */
export function symbolBefore(text: string, at: number): number {
  if (at === 0) return -1;
  const code = text.charCodeAt(at - 1);
  if (code >= 128) return isForeignLetter(code) && isLetter(text.charCodeAt(at)) ? WORD : symbolOf(code);
  if (!isAlphanumeric(code)) return code;
  if (endsEscape(text, at, code)) return LINE_FEED;
  // what is no letter does not go on with a word: `x-----BEGIN …`
  return isLetter(text.charCodeAt(at)) ? WORD : code;
}

/** A letter or a digit on both sides. */
export function isWithinWord(text: string, at: number): boolean {
  return at > 0 && isAlphanumeric(text.charCodeAt(at - 1)) && isLetter(text.charCodeAt(at));
}

function isLetter(code: number): boolean {
  return isAlphanumeric(code) || (code >= 128 && isForeignLetter(code));
}

export function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** Whether a word goes on to the right. */
export function continuesWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 128 && symbolOf(code) === OTHER && isForeignLetter(code) && isLetter(text.charCodeAt(at - 1));
}

/** Latin beyond ASCII, Greek, Cyrillic, Armenian, Hebrew, Arabic, Indic: scripts that part words by spaces. */
function isForeignLetter(code: number): boolean {
  return (
    (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) ||
    (code >= 0x370 && code <= 0x5ff) ||
    (code >= 0x620 && code <= 0xdff)
  );
}

/** Whether a text holds what escapes begin with; without, letters and digits always continue a word. */
export function mayEscape(text: string): boolean {
  return text.includes("\\") || text.includes("%");
}

function endsEscape(text: string, at: number, code: number): boolean {
  const before = text.charCodeAt(at - 2);
  // "\n", "\t", "\r", "\f", "\b"
  if (before === 92) return code === 110 || code === 116 || code === 114 || code === 102 || code === 98;
  if (!isHex(code) || !isHex(before)) return false;
  if (text.charCodeAt(at - 3) === 37) return true;
  return text.charCodeAt(at - 6) === 92 && text.charCodeAt(at - 5) === 117 && text.slice(at - 4, at - 2) === "00";
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}
