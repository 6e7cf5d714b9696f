// Backslash escapes of JavaScript, JSON, PHP, C and shells: \uXXXX, \u{X}, \xXX and octal \NNN.
import { hex } from "./url.ts";

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const digit = hex(text.charCodeAt(from + i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** The escape at `at` (a backslash), or null. Never longer than its source. */
export function backslashEscape(text: string, at: number): { point: number; next: number } | null {
  const kind = text.charCodeAt(at + 1);
  if (kind === 117 || kind === 85) {
    if (text.charCodeAt(at + 2) === 123) return braced(text, at + 3);
    const point = digits(text, at + 2, 4);
    return point < 0 ? null : { point, next: at + 6 };
  }
  if (kind === 120 || kind === 88) {
    const point = digits(text, at + 2, 2);
    return point < 0 ? null : { point, next: at + 4 };
  }
  if (kind < 48 || kind > 51) return null;
  const second = text.charCodeAt(at + 2) - 48;
  const third = text.charCodeAt(at + 3) - 48;
  if (!(second >= 0 && second < 8 && third >= 0 && third < 8)) return null;
  return { point: (kind - 48) * 64 + second * 8 + third, next: at + 4 };
}

function braced(text: string, from: number): { point: number; next: number } | null {
  let point = 0;
  let at = from;
  for (; at - from < 8; at++) {
    const digit = hex(text.charCodeAt(at));
    if (digit < 0) break;
    point = point * 16 + digit;
  }
  if (at === from || text.charCodeAt(at) !== 125 || point > 0x10ffff) return null;
  return { point, next: at + 1 };
}
