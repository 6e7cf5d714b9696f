// What of an answer leaves beside the texts that a guard reads. A server that repeats what it generated under a name of its
// own (`text`, `token_ids`, a note) would carry past the guard what the guard keeps; so where something is kept, the rest
// of the answer is names that OpenAI's API knows, and numbers.
import { fields } from "../../protocol/openai/index.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Strings that the server makes, not the model. */
const NAMES = new Set(["id", "object", "created", "model", "system_fingerprint", "service_tier"]);
const NAME = /^[a-z][a-z0-9_]{0,63}$/i;
const REASON = /^[a-z][a-z_]{0,31}$/;

/**
 * @param answer a completion, or a chunk of one
 * @param read where in a choice the texts stand that the guard reads, whatever is in there
 */
export function envelopeOf(answer: Fields, read: "message" | "delta"): Fields {
  return kept(answer, (name, value) => {
    if (name === "choices" && Array.isArray(value))
      return (value as readonly unknown[])
        .map(fields)
        .filter((choice) => choice !== null)
        .map((choice) => choiceOf(choice, read));
    return NAMES.has(name) && typeof value === "string" ? value : numbersOf(value);
  });
}

function choiceOf(choice: Fields, read: "message" | "delta"): Fields {
  return kept(choice, (name, value) => {
    if (name === read) return kept(fields(value) ?? {}, (_, part) => part);
    if (name === "logprobs") return value;
    // a reason that nobody knows is still an end
    if (name === "finish_reason" && typeof value === "string") return REASON.test(value) ? value : "stop";
    return numbersOf(value);
  });
}

/** Counts and times. Lists are none: numbers of tokens are a text. */
function numbersOf(value: unknown): unknown {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  const inner = fields(value);
  return inner === null ? undefined : kept(inner, (_, part) => numbersOf(part));
}

function kept(from: Fields, of: (name: string, value: unknown) => unknown): Fields {
  const left = Object.entries(from).flatMap(([name, value]): [string, unknown][] => {
    const part = NAME.test(name) ? of(name, value) : undefined;
    return part === undefined ? [] : [[name, part]];
  });
  return Object.fromEntries(left);
}
