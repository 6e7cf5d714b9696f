// Policies for end-to-end tests: a model that the fault upstream serves, beside whatever else there is.
import type { PolicyInput } from "../../policy/schema.ts";

export const FAULT_MODEL = "faulty";
export const ALLOWED_ORIGIN = "https://app.example";

/** Adds the fault upstream as an origin of kind `openai`, and the browser origin that the suite uses. */
export function withFaults(policy: PolicyInput, faultUrl: string): PolicyInput {
  return {
    ...policy,
    models: {
      ...policy.models,
      [FAULT_MODEL]: {
        current: "1",
        versions: { "1": { backends: [{ kind: "origin", origin: "faults", model: "upstream-name" }] } },
        capabilities: ["chat", "embeddings", "stream", "tools", "images", "stop", "seed"],
        context_tokens: 32_768,
        max_output_tokens: 4096,
        default_output_tokens: 256,
      },
    },
    origins: { ...policy.origins, faults: { kind: "openai", url: faultUrl } },
    cors: { ...policy.cors, allowed_origins: [ALLOWED_ORIGIN] },
  };
}

export const EMPTY_POLICY: PolicyInput = { version: 1, models: {} };
