// The policy that Bartizan is measured under: the defaults, with the mock upstream's two models.
import type { PolicyInput } from "../../policy/schema.ts";
import { MOCK_EMBEDDING_MODEL, MOCK_MODEL } from "../mock-upstream.ts";

const ORIGIN = "mock";

export function benchPolicy(upstreamUrl: string): PolicyInput {
  const versions = (model: string) => ({ "1": { backends: [{ kind: "origin" as const, origin: ORIGIN, model }] } });
  const sizes = { context_tokens: 131_072, max_output_tokens: 4096, default_output_tokens: 512 };
  return {
    version: 1,
    models: {
      [MOCK_MODEL]: {
        current: "1",
        versions: versions(MOCK_MODEL),
        capabilities: ["chat", "stream", "system_role", "stop", "seed", "penalties"],
        ...sizes,
      },
      [MOCK_EMBEDDING_MODEL]: {
        current: "1",
        versions: versions(MOCK_EMBEDDING_MODEL),
        capabilities: ["embeddings"],
        ...sizes,
      },
    },
    origins: { [ORIGIN]: { kind: "openai", url: upstreamUrl } },
  };
}
