// STATE/policy.json: written with defaults where there is none, read at each start. A file that nobody touched since is
// written again when the model changed; one that somebody did is theirs.
import { createHash } from "node:crypto";
import { defaultPolicy, LOCAL_ORIGIN } from "../../policy/defaults.ts";
import { parsePolicy } from "../../policy/parse.ts";
import type { Policy, PolicyInput } from "../../policy/schema.ts";
import type { ModelFacts } from "../model/known.ts";
import type { Reporter } from "../report.ts";
import { StartError } from "../stop-reason.ts";
import { readText, type StatePaths, writePrivate } from "./folder.ts";

export interface LoadedPolicy {
  readonly text: string;
  readonly policy: Policy;
}

/** A name of Workers AI's catalogue, so that its form of backend can be tried: here the local model stands in for it. */
const WORKERS_AI_MODEL = "@cf/meta/llama-3.1-8b-instruct";

/** @throws StartError with the file's faults, one a line */
export async function loadPolicy(paths: StatePaths, model: ModelFacts, report: Reporter): Promise<LoadedPolicy> {
  const present = await readText(paths.policy);
  const ours = present === null || hashOf(present) === (await readText(paths.policyWritten))?.trim();
  const text = ours ? localPolicyText(model) : present;
  if (ours && text !== present) {
    // first the digest: a crash between the two leaves a file that counts as the user's, which is only ever warned about
    await writePrivate(paths.policyWritten, `${hashOf(text)}\n`);
    await writePrivate(paths.policy, text);
  }
  const read = await parsePolicy(text);
  if (!read.ok) throw new StartError(`${paths.policy} is not a valid policy:\n  ${read.issues.join("\n  ")}`);
  if (!offers(read.policy, model))
    report.warn(
      `${paths.policy} does not offer ${model.name}@${model.version} (${model.digest}). Add it, or move the file away to have it written anew.`,
    );
  return { text, policy: read.policy };
}

/** The default policy of a local platform that serves this model. */
export function localPolicyText(model: ModelFacts): string {
  return `${JSON.stringify(localPolicy(model), null, 2)}\n`;
}

function localPolicy(model: ModelFacts): PolicyInput {
  const policy = defaultPolicy({
    models: [
      {
        id: model.name,
        version: model.version,
        digest: model.digest,
        contextTokens: model.contextTokens,
        capabilities: ["chat", "embeddings", "stream", "system_role", "stop", "seed", "penalties"],
        origin: LOCAL_ORIGIN,
        backendModel: model.name,
      },
    ],
    allowedOrigins: [],
  });
  // half of a small context at most, or a prompt would find no room beside the answer that it reserves
  const default_output_tokens = Math.min(512, Math.floor(model.contextTokens / 2));
  const own = policy.models[model.name];
  if (own !== undefined) policy.models[model.name] = { ...own, default_output_tokens };
  policy.models[WORKERS_AI_MODEL] = {
    current: "1",
    versions: { "1": { backends: [{ kind: "workers-ai", model: WORKERS_AI_MODEL }] } },
    capabilities: ["chat", "stream", "system_role"],
    context_tokens: model.contextTokens,
    max_output_tokens: model.contextTokens,
    default_output_tokens,
  };
  return policy;
}

function offers(policy: Policy, model: ModelFacts): boolean {
  return Object.values(policy.models).some(({ versions }) =>
    Object.values(versions).some(
      ({ digest, backends }) =>
        digest === model.digest &&
        backends.some(
          (backend) => backend.kind === "origin" && backend.origin === LOCAL_ORIGIN && backend.model === model.name,
        ),
    ),
  );
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
