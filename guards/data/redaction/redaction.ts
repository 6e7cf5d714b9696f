// Placeholders that stand for data in one request, and the map back. What an attacker who reads the map gains: the data
// of that one request. It lives in memory as long as the request and is never written or shared, so that no other
// request's answer can bring a datum back.
import type { DataMatch } from "../detector.ts";

export class Redaction {
  readonly #nonce: string;
  readonly #placeholders = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #longest = 0;

  /**
   * @param nonce six or more characters of [a-z0-9], drawn anew for each request. Nobody who writes a text of the request
   * knows it, so that a text which itself says `[EMAIL_1_…]` never stands for somebody's datum.
   */
  constructor(nonce: string) {
    if (!/^[a-z0-9]{6,32}$/.test(nonce)) throw new RangeError("a nonce of 6 to 32 characters of a-z and 0-9");
    this.#nonce = nonce;
  }

  /** The same value has one placeholder throughout the request: a model can still tell two people apart. */
  placeholderOf(value: string, kind: string): string {
    const known = this.#placeholders.get(value);
    if (known !== undefined) return known;
    const name = kind.toUpperCase().replace(/[^A-Z0-9]/g, "_");
    const number = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, number);
    const placeholder = `[${name}_${number}_${this.#nonce}]`;
    this.#placeholders.set(value, placeholder);
    this.#values.set(placeholder, value);
    this.#longest = Math.max(this.#longest, placeholder.length);
    return placeholder;
  }

  /** undefined for what is none of this request's placeholders. */
  valueOf(placeholder: string): string | undefined {
    return this.#values.get(placeholder);
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** Characters of the longest placeholder: the most that a restorer holds back. */
  get longest(): number {
    return this.#longest;
  }

  get nonce(): string {
    return this.#nonce;
  }
}

export interface RedactOptions {
  /** the text is JSON, or within it (a tool call's arguments): a value's escapes are its spelling there, not part of it */
  readonly json?: boolean;
}

/** The text with each match's placeholder in its place. Matches as a detector gives them: in order, none overlapping. */
export function redact(
  text: string,
  matches: readonly DataMatch[],
  redaction: Redaction,
  { json = false }: RedactOptions = {},
): string {
  let redacted = "";
  let at = 0;
  for (const { start, end, kind } of matches) {
    if (start < at) throw new RangeError("matches overlap or are out of order");
    const raw = text.slice(start, end);
    redacted += text.slice(at, start) + redaction.placeholderOf(json ? unescaped(raw) : raw, kind);
    at = end;
  }
  return redacted + text.slice(at);
}

/** What a JSON string of this spelling says; the spelling itself where it is none by itself. */
function unescaped(raw: string): string {
  if (!raw.includes("\\")) return raw;
  try {
    const value: unknown = JSON.parse(`"${raw}"`);
    return typeof value === "string" ? value : raw;
  } catch {
    return raw;
  }
}
