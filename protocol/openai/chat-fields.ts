// THE field table of `POST /v1/chat/completions`: every documented field (OpenAI's API reference as of 2026), its
// class, its form, and what a backend must be able to do when it asks for something.
import { z } from "zod";
import type { Capability } from "../capability.ts";
import { textPart } from "./content.ts";
import { field } from "./fields.ts";
import { messageSchema } from "./messages.ts";
import { positiveCount, shortList } from "./primitives.ts";
import { responseFormatSchema } from "./response-format.ts";
import { functionCallSchema, legacyFunctionDefinition, toolChoiceSchema, toolSchema } from "./tools.ts";

const penalty = z.number().min(-2).max(2);
const label = z.string().max(1024);
const stopText = z.string().min(1).max(1024);

const logitBias = z.custom<Readonly<Record<string, number>>>(
  isLogitBias,
  "expected at most 1024 token numbers, each with a number from -100 to 100",
);

const metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((pairs) => Object.keys(pairs).length <= 16, "expected at most 16 pairs");

export const CHAT_FIELDS = {
  // the backend is told its own name of the model
  model: field("enforced", z.string().min(1).max(256), { writer: "nobody" }),
  messages: field("enforced", z.array(messageSchema).min(1), { writer: "turns" }),

  // limits: the gateway reserves and forwards one number, under the name that the backend knows
  max_tokens: field("enforced", positiveCount),
  max_completion_tokens: field("enforced", positiveCount),
  n: field("enforced", positiveCount, { neutral: (n) => n === 1, needs: always("n") }),

  stream: field("enforced", z.boolean(), { neutral: (on) => !on, needs: always("stream") }),
  stream_options: field(
    "enforced",
    z.strictObject({
      include_usage: z.nullish(z.boolean()),
      /** padding against traffic analysis: not done here, ignored */
      include_obfuscation: z.nullish(z.boolean()),
    }),
  ),

  // sampling
  temperature: field("passed", z.number().min(0).max(2)),
  top_p: field("passed", z.number().min(0).max(1)),
  presence_penalty: field("passed", penalty, { needs: (value) => (value === 0 ? [] : ["penalties"]) }),
  frequency_penalty: field("passed", penalty, { needs: (value) => (value === 0 ? [] : ["penalties"]) }),
  logit_bias: field("passed", logitBias, {
    neutral: (bias) => Object.keys(bias).length === 0,
    needs: always("logit_bias"),
  }),
  seed: field("passed", z.int(), { needs: always("seed") }),
  stop: field("passed", z.union([stopText, shortList(stopText, 4)]), {
    writer: "caller",
    neutral: (stop) => stop.length === 0,
    needs: always("stop"),
  }),

  // the answer's form
  logprobs: field("passed", z.boolean(), { neutral: (on) => !on, needs: always("logprobs") }),
  top_logprobs: field("passed", z.int().min(0).max(20), {
    neutral: (count) => count === 0,
    needs: always("logprobs"),
  }),
  response_format: field("passed", responseFormatSchema, {
    writer: "operator",
    neutral: (format) => format.type === "text",
    needs: (format) => (format.type === "text" ? [] : [format.type]),
  }),
  modalities: field("enforced", shortList(z.enum(["text", "audio"]), 2), {
    writer: "nobody",
    neutral: (kinds) => !kinds.includes("audio"),
    refuses: (kinds) => kinds.includes("audio"),
  }),
  audio: field("refused", z.unknown()),
  verbosity: field("passed", z.enum(["low", "medium", "high"]), {
    writer: "nobody",
    neutral: (value) => value === "medium",
    needs: always("verbosity"),
  }),
  reasoning_effort: field("passed", z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]), {
    writer: "nobody",
    needs: always("reasoning_effort"),
  }),
  prediction: field(
    "passed",
    z.strictObject({ type: z.literal("content"), content: z.union([z.string(), shortList(textPart, 1024)]) }),
    { writer: "caller", needs: always("prediction") },
  ),

  // tools
  tools: field("passed", z.array(toolSchema), {
    writer: "operator",
    neutral: (tools) => tools.length === 0,
    needs: (tools) => (tools.some((tool) => tool.type === "custom") ? ["tools", "custom_tools"] : ["tools"]),
  }),
  tool_choice: field("passed", toolChoiceSchema, { writer: "operator", needs: always("tools") }),
  parallel_tool_calls: field("passed", z.boolean(), {
    neutral: (on) => on,
    needs: always("parallel_tool_calls"),
  }),
  functions: field("passed", z.array(legacyFunctionDefinition), {
    writer: "operator",
    neutral: (functions) => functions.length === 0,
    needs: always("functions"),
  }),
  function_call: field("passed", functionCallSchema, { writer: "operator", needs: always("functions") }),
  web_search_options: field("refused", z.unknown()),

  // OpenAI's own housekeeping
  user: field("ignored", label),
  safety_identifier: field("ignored", label),
  metadata: field("ignored", metadata),
  service_tier: field("ignored", z.enum(["auto", "default", "flex", "scale", "priority", "fast"]), {
    refuses: (tier) => tier !== "auto" && tier !== "default",
  }),
  prompt_cache_key: field("ignored", label),
  prompt_cache_retention: field("ignored", z.enum(["in_memory", "24h"])),
  prompt_cache_options: field(
    "ignored",
    z.strictObject({ mode: z.nullish(z.enum(["implicit", "explicit"])), ttl: z.nullish(z.string().max(16)) }),
  ),
  store: field("ignored", z.boolean(), { neutral: (on) => !on, refuses: (on) => on }),
  moderation: field("refused", z.unknown()),
} as const;

function isLogitBias(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= 1024 &&
    entries.every(([token, bias]) => /^\d{1,9}$/.test(token) && typeof bias === "number" && Math.abs(bias) <= 100)
  );
}

function always(...capabilities: Capability[]): () => readonly Capability[] {
  return () => capabilities;
}
