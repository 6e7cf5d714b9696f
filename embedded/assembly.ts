// What stands behind the front: Workers, origin agent, a sealed model that the agent serves, and credentials. Policy and
// the one-time secret are the Workers' configuration, but two things are known only once they run: whether the chosen
// model can be had, and whether the kept credentials are still known. Where either is not as assumed, they are set up a
// second time with what is known then.

import type { ConfigureInput } from "../origin/messages.ts";
import { LOCAL_ORIGIN } from "../policy/defaults.ts";
import { START_SECRET } from "../protocol/headers.ts";
import { AdminClient } from "./admin/client.ts";
import { areKnown, type Credentials, mintCredentials, readCredentials } from "./admin/credentials.ts";
import type { ModelFacts } from "./model/known.ts";
import { factsOf, provideModel } from "./model/provide.ts";
import { forgetSealed } from "./model/seal.ts";
import type { ModelChoice } from "./options.ts";
import { OriginFailure, type OriginProcess, startOrigin } from "./process/origin.ts";
import { Teardown } from "./process/teardown.ts";
import type { Tether } from "./process/tether.ts";
import type { Reporter } from "./report.ts";
import { publicOf, workerEnvironment } from "./state/environment.ts";
import type { StatePaths } from "./state/folder.ts";
import { type LoadedPolicy, loadPolicy } from "./state/policy-file.ts";
import { randomKey, type Secrets } from "./state/secrets.ts";
import { type Runtime, readSources, type Sources, startRuntime } from "./workers/runtime.ts";

export interface AssemblyInput {
  readonly choice: ModelChoice;
  readonly paths: StatePaths;
  readonly storage: string;
  readonly secrets: Secrets;
  readonly startSecret: string;
  readonly sinks: readonly Readonly<Record<string, unknown>>[];
  readonly tether: Tether;
  readonly report: Reporter;
  readonly signal: AbortSignal;
  readonly onFailure: (sentence: string) => void;
}

export interface Assembly {
  readonly sources: Sources;
  readonly policy: LoadedPolicy;
  readonly model: ModelFacts;
  readonly runtime: Runtime;
  readonly origin: OriginProcess;
  readonly credentials: Credentials;
}

interface Assumed {
  readonly model: ModelFacts;
  /** null where no credential of this state can be used */
  readonly credentials: Credentials | null;
  /** the origin has refused what lay in the bucket once */
  readonly sealedAnew: boolean;
}

/** The bytes in the bucket are at fault, not the way to them. */
function isRejection(code: OriginFailure["code"]): boolean {
  return code === "artifact_rejected" || code === "digest_mismatch" || code === "data_key_rejected";
}

/** At most: as assumed, then with another model, then without the credentials, then sealed anew. */
const MAX_ATTEMPTS = 4;

export async function assemble(input: AssemblyInput, teardown: Teardown): Promise<Assembly> {
  const { paths, choice } = input;
  // built while the origin agent comes up
  const sources = readSources(paths.cache);
  sources.catch(() => {});
  const [facts, kept] = await Promise.all([factsOf(choice), readCredentials(paths.credentials, Date.now())]);
  let assumed: Assumed = { model: facts, credentials: kept, sealedAnew: false };
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    input.signal.throwIfAborted();
    const own = new Teardown();
    teardown.add(() => own.run());
    const outcome = await attemptWith(input, sources, facts, assumed, own);
    if ("runtime" in outcome) return outcome;
    await own.run();
    assumed = outcome;
  }
  throw new Error("the platform did not settle");
}

/** The running assembly, or what to assume instead. */
async function attemptWith(
  input: AssemblyInput,
  building: Promise<Sources>,
  chosen: ModelFacts,
  assumed: Assumed,
  teardown: Teardown,
): Promise<Assembly | Assumed> {
  const { paths, secrets, report, signal } = input;
  const bootstrapSecret = assumed.credentials === null ? randomKey() : null;
  const parts = await startParts(input, building, assumed.model, bootstrapSecret, teardown);
  const { runtime, origin } = parts;

  const choice = assumed.model === chosen ? input.choice : "edge-mini";
  const model = await provideModel(choice, assumed.model, paths, runtime.vault, secrets, report, signal);
  if (model !== assumed.model) return { ...assumed, model };

  const headers = { [START_SECRET]: input.startSecret };
  const clientFor = (key: string | null): AdminClient => new AdminClient(runtime.directUrl, key, headers);
  if (assumed.credentials !== null && !(await areKnown(assumed.credentials, clientFor)))
    return { ...assumed, credentials: null };
  const loading = origin.load({ type: "load", control_url: runtime.directUrl, headers });
  loading.catch(() => {});
  const credentials =
    assumed.credentials ?? (await mintCredentials(paths.credentials, bootstrapSecret ?? "", clientFor));
  try {
    await loading;
  } catch (error) {
    if (assumed.sealedAnew || !(error instanceof OriginFailure) || !isRejection(error.code)) throw error;
    report.warn(`The sealed model does not verify (${error.code}). It is sealed anew.`);
    await forgetSealed(model, runtime.vault);
    return { model, credentials, sealedAnew: true };
  }
  return { ...parts, model, credentials };
}

/** The origin agent first: the Workers' configuration names its port. */
async function startParts(
  input: AssemblyInput,
  building: Promise<Sources>,
  model: ModelFacts,
  bootstrapSecret: string | null,
  teardown: Teardown,
): Promise<Pick<Assembly, "sources" | "policy" | "origin" | "runtime">> {
  const { paths, secrets, startSecret, sinks, report, tether } = input;
  const policy = await loadPolicy(paths, model, report);
  const origin = await startOrigin(configureOrigin(secrets, model), report.note);
  tether.hold(origin.pid);
  teardown.add(async () => {
    await origin.stop();
    tether.release(origin.pid);
  });
  const sources = await building;
  const settings = { secrets, policy: policy.text, originUrl: origin.url, bootstrapSecret, sinks };
  const runtime = await startRuntime({
    sources,
    environment: { ...workerEnvironment(settings), START_SECRET: startSecret },
    startSecret,
    storage: input.storage,
    run: paths.run,
    log: report.note,
    onCrash: () => input.onFailure("The Workers runtime ended unexpectedly."),
  });
  tether.hold(runtime.pid);
  teardown.add(async () => {
    await runtime.dispose();
    tether.release(runtime.pid);
  });
  return { sources, policy, origin, runtime };
}

function configureOrigin(secrets: Secrets, { name, version, contextTokens }: ModelFacts): ConfigureInput {
  return {
    type: "configure",
    name: LOCAL_ORIGIN,
    signing_key: secrets.origin.signing_key,
    encryption_key: secrets.origin.encryption_key,
    gateway_keys: [publicOf(secrets.origin_request_key)],
    publisher_keys: [publicOf(secrets.publisher_key)],
    models: [{ name, version, embeddings: true, context_tokens: contextTokens }],
  };
}
