// Policy as code: one JSON document, checked by this schema, published with its digest (see digest.ts).
// What a user may set is here; bounds that protect the gateway itself are each room's own limits type.
import { z } from "zod";
import { CAPABILITIES, type Capability } from "../protocol/capability.ts";
import { quotaLimitsSchema } from "../protocol/limits.ts";
import { issuersSchema, routesSchema, tenantAccessShape } from "./access.ts";
import { guardsSchema } from "./guards.ts";
import { passThroughRoutesSchema } from "./pass-through.ts";

/** Model ids: what a client writes before `@`. Slashes are common (`@cf/meta/llama…`), `@` only as a first character. */
const modelId = z.string().regex(/^@?[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/);
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);
const tokens = z.int().min(1).max(10_000_000);

/** What a backend can do. A request for anything else is refused before it leaves. */
export const capabilitySchema = z.enum(CAPABILITIES);
export type { Capability };

export const backendSchema = z.discriminatedUnion("kind", [
  /** An origin agent of ours, or any server that speaks OpenAI's API: `origins` says which. */
  z.strictObject({ kind: z.literal("origin"), origin: name, model: z.string().min(1).max(256) }),
  z.strictObject({ kind: z.literal("workers-ai"), model: z.string().min(1).max(256) }),
]);
export type BackendRef = z.infer<typeof backendSchema>;

export const modelVersionSchema = z.strictObject({
  /** `sha256:` and 64 hex digits of the plain model file; absent where no one can attest it */
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional(),
  backends: z.array(backendSchema).min(1).max(8),
});

export type ModelVersion = z.infer<typeof modelVersionSchema>;

export const modelSchema = z.strictObject({
  /** the version that the bare id means */
  current: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  versions: z.record(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), modelVersionSchema),
  capabilities: z.array(capabilitySchema).min(1),
  /** prompt and output together */
  context_tokens: tokens,
  max_output_tokens: tokens,
  /** sent, and reserved, when the client names no limit */
  default_output_tokens: tokens,
  /** fields outside OpenAI's API that this model's engine may be sent (`top_k`, `min_p`, …); those that replace the prompt never are */
  engine_fields: z.array(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/)).default([]),
  /** the name under which the backend knows the output limit */
  output_limit_field: z.enum(["max_tokens", "max_completion_tokens"]).default("max_tokens"),
  /** prompt tokens that one image part counts as */
  image_tokens: tokens.default(1500),
  owned_by: z.string().max(64).default("bartizan"),
  created: z.int().min(0).default(0),
});
export type ModelPolicy = z.infer<typeof modelSchema>;

export const originSchema = z.discriminatedUnion("kind", [
  /** enrolled, signs its replies; its address and public keys are the gateway's configuration */
  z.strictObject({ kind: z.literal("bartizan") }),
  /** any server that speaks OpenAI's API: not attested, an upstream key of its own from the gateway's secrets */
  z.strictObject({
    kind: z.literal("openai"),
    url: z.url(),
    /** its endpoints outside OpenAI's API that this gateway passes on, by path below the origin's host */
    pass_through: passThroughRoutesSchema,
  }),
]);

export const policySchema = z
  .strictObject({
    version: z.literal(1),
    models: z.record(modelId, modelSchema),
    aliases: z.record(modelId, z.string()).default({}),
    origins: z.record(name, originSchema).default({}),
    /** by tenant; `*` is any other tenant */
    tenants: z
      .record(
        name.or(z.literal("*")),
        z.strictObject({
          /** what a key's absent limits become */
          default_limits: quotaLimitsSchema.default({}),
          ...tenantAccessShape,
        }),
      )
      .default({}),
    /** network rules by route: `keys.create`, `admin.*` (actions.ts) */
    routes: routesSchema,
    /** external issuers whose tokens count, each for the tenants that it names */
    issuers: issuersSchema,
    cors: z
      .strictObject({
        /** exact origins, or `*` for any (credentials are never allowed together with it) */
        allowed_origins: z.array(z.string().max(256)).default([]),
        max_age_s: z.int().min(0).max(86_400).default(600),
      })
      .prefault({}),
    request: z
      .strictObject({
        max_body_bytes: z
          .int()
          .min(1024)
          // the share of one account in an isolate's memory: a larger one could never be read
          .max(32 * 1024 * 1024)
          .default(16 * 1024 * 1024),
        /** in place of the gateway's own: a body that stands still so long is given up (408) */
        body_idle_ms: z.int().min(100).max(120_000).optional(),
        /** a whole body may take so long, and more for what has come of it */
        body_timeout_ms: z.int().min(100).max(600_000).optional(),
        max_messages: z.int().min(1).max(10_000).default(1024),
        max_tools: z.int().min(0).max(1024).default(128),
        max_prompt_chars: z.int().min(1).max(64_000_000).default(4_000_000),
      })
      .prefault({}),
    guards: guardsSchema,
    reply: z
      .strictObject({
        max_reply_bytes: z.int().min(1024).max(256_000_000).default(16_000_000),
        /** a stream silent for longer is ended */
        idle_timeout_ms: z.int().min(100).max(600_000).default(60_000),
        /** until the backend's first byte */
        first_byte_timeout_ms: z.int().min(100).max(600_000).default(95_000),
      })
      .prefault({}),
    /** how long a reservation lives without being renewed */
    lease_ms: z.int().min(1000).max(3_600_000).default(300_000),
  })
  .superRefine((policy, context) => {
    for (const [id, model] of Object.entries(policy.models)) {
      if (!Object.hasOwn(model.versions, model.current))
        context.addIssue({ code: "custom", path: ["models", id, "current"], message: "names no version" });
      if (model.default_output_tokens > model.max_output_tokens)
        context.addIssue({
          code: "custom",
          path: ["models", id, "default_output_tokens"],
          message: "above the maximum",
        });
      for (const [version, { backends }] of Object.entries(model.versions))
        for (const backend of backends)
          if (backend.kind === "origin" && !Object.hasOwn(policy.origins, backend.origin))
            context.addIssue({ code: "custom", path: ["models", id, "versions", version], message: "unknown origin" });
    }
    const guardModel = policy.guards.prompt.injection.escalation?.model;
    if (guardModel !== undefined && !namesModel(policy.models, guardModel))
      context.addIssue({
        code: "custom",
        path: ["guards", "prompt", "injection", "escalation", "model"],
        message: "names no model",
      });
    for (const [alias, target] of Object.entries(policy.aliases)) {
      if (Object.hasOwn(policy.models, alias))
        context.addIssue({ code: "custom", path: ["aliases", alias], message: "is a model's own id" });
      if (!namesModel(policy.models, target))
        context.addIssue({ code: "custom", path: ["aliases", alias], message: "points at no model" });
    }
  });

/** `id` or `id@version`; never an alias. */
function namesModel(models: Readonly<Record<string, ModelPolicy>>, text: string): boolean {
  const [id, version] = splitModelName(text);
  const model = Object.hasOwn(models, id) ? models[id] : undefined;
  return model !== undefined && (version === null || Object.hasOwn(model.versions, version));
}

export type Policy = z.infer<typeof policySchema>;
export type PolicyInput = z.input<typeof policySchema>;

/** `id@version` → both parts; a leading `@` belongs to the id. The version is null where none is named. */
export function splitModelName(text: string): [id: string, version: string | null] {
  const at = text.indexOf("@", 1);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
