// A backend's embeddings, read and written in the form that the client asked for. OpenAI's SDKs ask for base64 unless
// told otherwise and then decode whatever comes, so the gateway does the encoding for every backend.
import { fromBase64, toBase64 } from "../encoding.ts";
import { type EmbeddingsResponse, fields, readUsage } from "./responses.ts";

/**
 * @param value a backend's answer, parsed; numbers or base64
 * @param count how many embeddings the request asked for: an answer with more or fewer is no answer
 * @param estimatedTokens prompt tokens where the backend reports none
 * @returns null where the answer is not one of embeddings
 */
export function readEmbeddings(
  value: unknown,
  options: { readonly model: string; readonly count: number; readonly estimatedTokens: number },
): EmbeddingsResponse | null {
  const data = fields(value)?.data;
  if (!Array.isArray(data) || data.length !== options.count) return null;
  const vectors: (readonly number[])[] = [];
  for (const [at, item] of (data as unknown[]).entries()) {
    const read = fields(item);
    const vector = vectorOf(read?.embedding);
    const index = read?.index ?? at;
    // some backends answer in the order of completion: the index says which text a vector belongs to
    if (vector === null || typeof index !== "number" || !Object.hasOwn(data, index) || vectors[index]) return null;
    vectors[index] = vector;
  }
  const tokens = readUsage(value)?.prompt_tokens ?? options.estimatedTokens;
  return {
    object: "list",
    data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
    model: options.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** The response with its vectors as base64 of little-endian 32-bit floats, or as it is. */
export function encodeEmbeddings(response: EmbeddingsResponse, format: "float" | "base64"): EmbeddingsResponse {
  if (format === "float") return response;
  return {
    ...response,
    data: response.data.map((item) => ({
      ...item,
      embedding: typeof item.embedding === "string" ? item.embedding : toBase64(floatBytes(item.embedding)),
    })),
  };
}

function vectorOf(embedding: unknown): readonly number[] | null {
  if (typeof embedding === "string") return floatsIn(embedding);
  if (!Array.isArray(embedding) || embedding.length === 0) return null;
  return embedding.every((number) => typeof number === "number" && Number.isFinite(number)) ? embedding : null;
}

function floatBytes(numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [at, number] of numbers.entries()) view.setFloat32(4 * at, number, true);
  return new Uint8Array(view.buffer);
}

function floatsIn(text: string): readonly number[] | null {
  try {
    const bytes = fromBase64(text);
    if (bytes.length === 0 || bytes.length % 4 !== 0) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const numbers = Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
    return numbers.every(Number.isFinite) ? numbers : null;
  } catch {
    return null;
  }
}
