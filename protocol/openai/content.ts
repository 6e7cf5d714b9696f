// Content of messages: a text, or parts by type. Parts are told apart by `type` alone, so that a wrong field within one
// is named as such and no branch is tried in vain.
import { z } from "zod";
import { optional } from "./primitives.ts";

/** A hint for OpenAI's own cache. It has no effect here and is reported as ignored. */
const cacheBreakpoint = { prompt_cache_breakpoint: optional(z.record(z.string().max(64), z.unknown())) };

export const textPart = z.strictObject({ type: z.literal("text"), text: z.string(), ...cacheBreakpoint });

const refusalPart = z.strictObject({ type: z.literal("refusal"), refusal: z.string() });

const imagePart = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({
    url: z.string(),
    detail: optional(z.enum(["auto", "low", "high", "original"])),
  }),
  ...cacheBreakpoint,
});

const audioPart = z.strictObject({
  type: z.literal("input_audio"),
  input_audio: z.strictObject({ data: z.string(), format: z.enum(["wav", "mp3"]) }),
  ...cacheBreakpoint,
});

const filePart = z.strictObject({
  type: z.literal("file"),
  file: z.strictObject({
    file_data: optional(z.string()),
    /** names a file of OpenAI's own store: always refused (see media.ts) */
    file_id: optional(z.string().max(256)),
    filename: optional(z.string().max(1024)),
  }),
  ...cacheBreakpoint,
});

export const textContent = z.union([z.string(), z.array(textPart)]);
export const userContent = z.union([
  z.string(),
  z.array(z.discriminatedUnion("type", [textPart, imagePart, audioPart, filePart])),
]);
export const assistantContent = z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart, refusalPart]))]);

export type ContentPart =
  | z.output<typeof textPart>
  | z.output<typeof refusalPart>
  | z.output<typeof imagePart>
  | z.output<typeof audioPart>
  | z.output<typeof filePart>;
