// Log probabilities repeat the text, token by token. They leave with the text that they belong to, and not at all where
// they say anything else than it does.
import { utf8 } from "../../protocol/encoding.ts";
import { fields } from "../../protocol/openai/responses.ts";

export type LogprobKey = "content" | "refusal";
export const LOGPROB_KEYS: readonly LogprobKey[] = ["content", "refusal"];

/** The tokens for one text; null where they do not spell just that. */
export function tokensOf(logprobs: unknown, key: LogprobKey, text: string): readonly unknown[] | null {
  const tokens = fields(logprobs)?.[key];
  if (!Array.isArray(tokens) || tokens.length === 0) return null;
  return spells(tokens, text) ? tokens : null;
}

function spells(tokens: readonly unknown[], text: string): boolean {
  let plain = "";
  const bytes: number[] = [];
  let allBytes = true;
  for (const given of tokens) {
    const { token, bytes: spelt } = fields(given) ?? {};
    if (typeof token !== "string") return false;
    plain += token;
    if (Array.isArray(spelt)) for (const byte of spelt) bytes.push(Number(byte));
    else allBytes = false;
  }
  if (plain === text) return true;
  // a character may be cut over two tokens, whose names then spell it as replacement characters
  if (!allBytes) return false;
  const expected = utf8(text);
  return bytes.length === expected.length && bytes.every((byte, at) => byte === expected[at]);
}
