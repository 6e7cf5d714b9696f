// The policy that `npm start` writes where there is none: everything the embedded platform serves, limits that a
// person at a laptop does not meet, guards on.
import type { Capability } from "../protocol/capability.ts";
import type { QuotaLimits } from "../protocol/limits.ts";
import type { PolicyInput } from "./schema.ts";

export interface DefaultModel {
  readonly id: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits of the plain model file; null where no one can attest it */
  readonly digest: string | null;
  readonly contextTokens: number;
  readonly capabilities: readonly Capability[];
  /** a key of the policy's `origins` */
  readonly origin: string;
  /** the name under which the origin knows the model */
  readonly backendModel: string;
  /** serves embeddings as well; the same as listing the capability */
  readonly embeddings?: boolean;
  /** Unix seconds, for `GET /v1/models` */
  readonly created?: number;
}

export interface DefaultPolicyOptions {
  readonly models: readonly DefaultModel[];
  /** browsers' origins for CORS, exact, or `*` */
  readonly allowedOrigins: readonly string[];
}

/** The name of the origin that `npm start` enrols by itself. */
export const LOCAL_ORIGIN = "local";

const GENEROUS: QuotaLimits = {
  requests_per_minute: 6000,
  requests_per_day: 1_000_000,
  concurrency: 64,
  tokens_per_day: 100_000_000,
};

/** At most so much of the context is answer unless the client says otherwise. */
const DEFAULT_OUTPUT_TOKENS = 512;

export function defaultPolicy(options: DefaultPolicyOptions): PolicyInput {
  const models: PolicyInput["models"] = {};
  const origins: NonNullable<PolicyInput["origins"]> = { [LOCAL_ORIGIN]: { kind: "bartizan" } };
  for (const model of options.models) {
    models[model.id] = modelPolicy(model);
    origins[model.origin] = { kind: "bartizan" };
  }
  return {
    version: 1,
    models,
    aliases: {},
    origins,
    tenants: { "*": { default_limits: { ...GENEROUS } } },
    cors: { allowed_origins: [...options.allowedOrigins] },
    guards: { prompt: { control_tokens: "block" } },
  };
}

function modelPolicy(model: DefaultModel): PolicyInput["models"][string] {
  const capabilities = new Set(model.capabilities);
  if (model.embeddings === true) capabilities.add("embeddings");
  return {
    current: model.version,
    versions: {
      [model.version]: {
        ...(model.digest === null ? {} : { digest: model.digest }),
        backends: [{ kind: "origin", origin: model.origin, model: model.backendModel }],
      },
    },
    capabilities: [...capabilities],
    context_tokens: model.contextTokens,
    max_output_tokens: model.contextTokens,
    default_output_tokens: Math.min(DEFAULT_OUTPUT_TOKENS, model.contextTokens),
    ...(model.created === undefined ? {} : { created: model.created }),
  };
}
