// `POST /v1/embeddings`: from a JSON object to a typed request, or to a refusal that names the field.
import type { Refusal } from "../refusal.ts";
import { EMBEDDINGS_FIELDS } from "./embeddings-fields.ts";
import { inputTokens } from "./embeddings-input.ts";
import type { FieldTable, RequestOf } from "./fields.ts";
import { invalid } from "./issues.ts";
import { DEFAULT_REQUEST_LIMITS, type RequestLimits } from "./limits.ts";
import { type Need, type Refused, readFields } from "./read-fields.ts";

export type EmbeddingsRequest = RequestOf<typeof EMBEDDINGS_FIELDS, "model" | "input">;

/** As for chat: see chat-request.ts. */
export interface EmbeddingsReading {
  readonly ok: true;
  readonly request: EmbeddingsRequest;
  readonly engine: Readonly<Record<string, unknown>>;
  readonly unknownNested: readonly string[];
  readonly ignored: readonly string[];
  readonly needs: readonly Need[];
}

const TABLE = EMBEDDINGS_FIELDS as unknown as FieldTable;

export function parseEmbeddingsRequest(
  json: Readonly<Record<string, unknown>>,
  limits: RequestLimits = DEFAULT_REQUEST_LIMITS,
): EmbeddingsReading | Refused {
  const read = readFields(json, TABLE);
  if (!read.ok) return read;
  for (const name of ["model", "input"])
    if (!read.values.has(name)) return { ok: false, refusal: invalid([name], "is missing") };
  const request = Object.fromEntries(read.values) as unknown as EmbeddingsRequest;
  const fault = boundsFault(request, limits);
  if (fault !== null) return { ok: false, refusal: fault };
  const { engine, unknownNested, ignored } = read;
  const needs: readonly Need[] = [{ capability: "embeddings", param: "model" }, ...read.needs];
  return { ok: true, request, engine, unknownNested, ignored, needs };
}

function boundsFault({ input }: EmbeddingsRequest, limits: RequestLimits): Refusal | null {
  const oneList = typeof input === "string" || typeof input[0] === "number";
  if (!oneList && input.length > limits.maxInputs) return invalid(["input"], `expected at most ${limits.maxInputs}`);
  return inputTokens(input) > limits.maxInputTokens
    ? invalid(["input"], `expected at most ${limits.maxInputTokens} tokens in all`)
    : null;
}
