// Log probabilities repeat the text, token by token, and say beside each token what else might have stood there. They leave
// with the text that they belong to, written anew from it, and not at all where they say anything else than it does: what
// a backend put into a token's bytes, or under a name of its own, was judged by nobody.
import { utf8 } from "../../protocol/encoding.ts";
import { fields } from "../../protocol/openai/responses.ts";

export type LogprobKey = "content" | "refusal";
export const LOGPROB_KEYS: readonly LogprobKey[] = ["content", "refusal"];

export interface Alternative {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[] | null;
}

export interface TokenLogprob extends Alternative {
  /** other texts than the answer's: judged by themselves (alternatives.ts) */
  readonly top_logprobs: readonly Alternative[];
}

/** OpenAI's maximum of `top_logprobs`. */
const MAX_ALTERNATIVES = 20;

/** The tokens for one text; null where they do not spell just that. */
export function tokensOf(logprobs: unknown, key: LogprobKey, text: string): readonly TokenLogprob[] | null {
  const given = fields(logprobs)?.[key];
  if (!Array.isArray(given) || given.length === 0) return null;
  const tokens = given.map((one: unknown) => fields(one) ?? {});
  if (tokens.some(({ token, logprob }) => typeof token !== "string" || typeof logprob !== "number")) return null;
  const names = tokens.map(({ token }) => token as string);
  if (names.join("") === text) return tokens.map((token, at) => tokenOf(token, names[at] ?? "", null));
  // a character may be cut over two tokens, whose names then spell it as replacement characters
  const bytes = tokens.map((token) => bytesOf(token.bytes));
  if (bytes.includes(null) || !same(bytes.flat(), utf8(text))) return null;
  return tokens.map((token, at) => {
    const spelt = bytes[at] ?? [];
    return tokenOf(token, new TextDecoder().decode(new Uint8Array(spelt)), spelt);
  });
}

/** @param bytes the text's own where the token is no whole character; else they are spelt from its name */
function tokenOf(
  given: Readonly<Record<string, unknown>>,
  token: string,
  bytes: readonly number[] | null,
): TokenLogprob {
  const { logprob, top_logprobs } = given;
  return {
    token,
    logprob: logprob as number,
    bytes: bytes ?? (Array.isArray(given.bytes) ? [...utf8(token)] : null),
    top_logprobs: (Array.isArray(top_logprobs) ? top_logprobs.slice(0, MAX_ALTERNATIVES) : []).flatMap(alternativeOf),
  };
}

function alternativeOf(value: unknown): Alternative[] {
  const { token, logprob, bytes } = fields(value) ?? {};
  if (typeof token !== "string" || typeof logprob !== "number") return [];
  // of half a character nothing but its bytes would tell what it is, and those nobody judges
  const spelt = Array.isArray(bytes) && !token.includes("\ufffd") ? [...utf8(token)] : null;
  return [{ token, logprob, bytes: spelt }];
}

function bytesOf(value: unknown): readonly number[] | null {
  return Array.isArray(value) && value.every(Number.isInteger) ? (value as readonly number[]) : null;
}

function same(bytes: readonly (number | null)[], expected: Uint8Array): boolean {
  return bytes.length === expected.length && bytes.every((byte, at) => byte === expected[at]);
}
