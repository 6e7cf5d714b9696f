// THE field table of `POST /v1/embeddings`.
import { z } from "zod";
import { embeddingsInput } from "./embeddings-input.ts";
import { field } from "./fields.ts";

export const EMBEDDINGS_FIELDS = {
  model: field("enforced", z.string().min(1).max(256), { writer: "nobody" }),
  input: field("enforced", embeddingsInput, {
    writer: "caller",
    needs: (input) => (hasTokens(input) ? ["token_input"] : []),
  }),
  dimensions: field("passed", z.int().min(1).max(65_536), { needs: () => ["dimensions"] }),
  // the gateway asks every backend for numbers and encodes them itself: SDKs ask for base64 unless told otherwise
  encoding_format: field("enforced", z.enum(["float", "base64"]), { writer: "nobody" }),
  user: field("ignored", z.string().max(1024)),
} as const;

function hasTokens(input: z.output<typeof embeddingsInput>): boolean {
  return typeof input !== "string" && typeof input[0] !== "string";
}
