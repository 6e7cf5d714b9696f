// Reads one HTML tag the way browsers do (HTML, section 13.2.5): slashes and quotes between attributes are noise, values
// may be bare, and the tag need not end. Bounded: a tag is read for at most `MAX_TAG` characters.

export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly attributes: readonly Attribute[];
  readonly end: number;
}

const MAX_TAG = 2048;
const MAX_ATTRIBUTES = 40;

/** The tag that the `<` at `at` opens, or null where a browser would take it for text. */
export function tagAt(lower: string, at: number): Tag | null {
  let i = at + 1;
  // `<\0script`, `< script` and `<<script` opened tags in older browsers and open them after some filters
  while (i < at + 8 && (lower.charCodeAt(i) < 32 || lower.charAt(i) === "<")) i++;
  const closing = lower.charAt(i) === "/";
  if (closing) i++;
  const nameStart = i;
  while (i < nameStart + 40 && isName(lower.charCodeAt(i))) i++;
  const name = lower.slice(nameStart, i);
  if (name === "" || !/^[a-z%]/.test(name)) return null;
  const attributes: Attribute[] = [];
  const limit = Math.min(lower.length, at + MAX_TAG);
  while (i < limit && attributes.length < MAX_ATTRIBUTES) {
    const code = lower.charCodeAt(i);
    if (code === 62 || code === 60) break;
    if (code <= 32 || code === 47 || code === 34 || code === 39 || code === 96 || code === 92) {
      i++;
      continue;
    }
    i = attribute(lower, i, limit, attributes);
  }
  return { name, closing, attributes, end: i };
}

function isName(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    code === 58 ||
    code === 45 ||
    code === 95 ||
    code === 37
  );
}

function attribute(lower: string, start: number, limit: number, into: Attribute[]): number {
  let i = start + 1;
  while (i < limit && !/[\s=>/<]/.test(lower.charAt(i))) i++;
  const name = lower.slice(start, Math.min(i, start + 64)).replace(/^["'`]+/, "");
  let j = i;
  while (j < limit && lower.charCodeAt(j) <= 32) j++;
  if (lower.charAt(j) !== "=") {
    into.push({ name, value: "" });
    return i;
  }
  j++;
  while (j < limit && lower.charCodeAt(j) <= 32) j++;
  const quote = lower.charAt(j);
  if (quote === '"' || quote === "'" || quote === "`") {
    let end = j + 1;
    while (end < limit && lower.charAt(end) !== quote) end++;
    into.push({ name, value: lower.slice(j + 1, end) || (end >= limit ? "\0" : "") });
    return Math.min(end + 1, limit);
  }
  let end = j;
  while (end < limit && lower.charCodeAt(end) > 32 && lower.charAt(end) !== ">") end++;
  // a value that is cut off is whatever the page has behind it
  into.push({ name, value: lower.slice(j, end) || (end >= limit ? "\0" : "") });
  return Math.max(end, j);
}
