// `POST /v1/chat/completions` as this engine understands it. A field beyond it is refused by name, unless its value asks
// for nothing: silence about an option is the one answer that a caller cannot see.
import { z } from "zod";
import type { Refusal } from "../../protocol/refusal.ts";
import type { ChatTurn, GenerateRequest } from "../engine/engine.ts";

const text = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal("text"), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join("\n")),
]);
const message = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "developer"]), content: text }),
  z.object({ role: z.literal("user"), content: text }),
  z.object({
    role: z.literal("assistant"),
    content: text,
    tool_calls: z.null().optional(),
    function_call: z.null().optional(),
  }),
]);
const tokenLimit = z.int().min(1).max(10_000_000).nullish();
const penalty = z.number().min(-2).max(2).nullish();
const stopText = z.string().min(1).max(1024);

const chatSchema = z.object({
  model: z.string(),
  messages: z.array(message).min(1).max(10_000),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  seed: z.int().nullish(),
  presence_penalty: penalty,
  frequency_penalty: penalty,
  stop: z.union([stopText, z.array(stopText).max(4)]).nullish(),
});

/** Known fields that this engine lacks, with the values that ask for nothing. */
const NEUTRAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  tools: (value) => Array.isArray(value) && value.length === 0,
  functions: (value) => Array.isArray(value) && value.length === 0,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => typeof value === "object" && value !== null && Object.keys(value).length === 0,
  response_format: (value) => typeof value === "object" && value !== null && "type" in value && value.type === "text",
  tool_choice: (value) => value === "none" || value === "auto",
  parallel_tool_calls: () => true,
};
/** Never had an effect on an answer. */
const WITHOUT_EFFECT = new Set(["user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key"]);

export interface ChatRequest extends GenerateRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

export function parseChatRequest(value: Record<string, unknown>): ChatRequest | Refusal {
  for (const [name, given] of Object.entries(value)) {
    if (Object.hasOwn(chatSchema.shape, name) || WITHOUT_EFFECT.has(name) || given === null) continue;
    if (!(Object.hasOwn(NEUTRAL, name) && NEUTRAL[name]?.(given)))
      return { code: "unsupported_parameter", param: name };
  }
  const parsed = chatSchema.safeParse(value);
  if (!parsed.success) return invalid(parsed.error);
  const body = parsed.data;
  return {
    model: body.model,
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
    turns: body.messages.map(turnOf),
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? null,
    stop: typeof body.stop === "string" ? [body.stop] : (body.stop ?? []),
    sampling: {
      temperature: body.temperature ?? undefined,
      // a nucleus of nothing still holds the likeliest token
      topP: body.top_p === 0 ? Number.EPSILON : (body.top_p ?? undefined),
      seed: body.seed ?? undefined,
      presencePenalty: body.presence_penalty ?? undefined,
      frequencyPenalty: body.frequency_penalty ?? undefined,
    },
  };
}

function turnOf(message: z.output<typeof chatSchema>["messages"][number]): ChatTurn {
  return { role: message.role === "developer" ? "system" : message.role, text: message.content };
}

/** The first fault, under the name that the caller gave the field: `messages[3].content`. */
export function invalid(error: z.ZodError): Refusal {
  const path = error.issues[0]?.path ?? [];
  const param = path.map((step, i) =>
    typeof step === "number" ? `[${step}]` : i === 0 ? String(step) : `.${String(step)}`,
  );
  return { code: "invalid_request", param: param.join("") || null, expected: "a value that this model's engine takes" };
}
