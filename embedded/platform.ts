// The embedded platform, started in order and ended in the opposite one:
//
//   lock → secrets, policy → origin agent (its port) → Workers (the vault) → model sealed → agent loads it
//        → credentials → front → ready
//
// A crash at any point leaves what the last completed step left, and the next start goes on from there.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "./admin/credentials.ts";
import { type Assembly, assemble } from "./assembly.ts";
import { startFront } from "./front/process.ts";
import type { ModelFacts } from "./model/known.ts";
import type { ModelChoice } from "./options.ts";
import { claimPort } from "./process/port.ts";
import { endLeftovers, writeRunning } from "./process/running.ts";
import { Teardown } from "./process/teardown.ts";
import { Tether } from "./process/tether.ts";
import { awaitReady } from "./ready.ts";
import { type Reporter, silent } from "./report.ts";
import { openStateFolder, statePaths } from "./state/folder.ts";
import { lockState } from "./state/lock.ts";
import { loadSecrets, randomKey } from "./state/secrets.ts";

export interface PlatformOptions {
  readonly state: string;
  /** on 127.0.0.1; 0 takes any free one */
  readonly port: number;
  readonly model: ModelChoice;
  /** `memory`: objects and buckets in a memory-backed folder that goes with the platform */
  readonly storage?: "disk" | "memory";
  /** where admitted requests are pushed to (`SINKS`) */
  readonly sinks?: readonly Readonly<Record<string, unknown>>[];
  readonly report?: Reporter;
  /** ends a start that is under way */
  readonly signal?: AbortSignal;
}

export interface Platform {
  /** the front */
  readonly url: string;
  /** local.ts itself, for measurements: each request must carry the start's secret and a client address */
  readonly directUrl: string;
  readonly startSecret: string;
  /** the state folder's absolute path */
  readonly state: string;
  readonly model: ModelFacts;
  /** ids and aliases that policy offers */
  readonly models: readonly string[];
  readonly credentials: Credentials;
  readonly pids: { readonly front: number; readonly workerd: number; readonly origin: number };
  readonly miniflare: Assembly["runtime"]["miniflare"];
  /** resolves with a sentence when a part ended by itself */
  readonly failed: Promise<string>;
  /** Lets requests that are under way end, then ends everything. */
  dispose(): Promise<void>;
  /** Kills every process that was started, at once. What was answered is on disk; requests under way are cut. */
  kill(): void;
}

/** How long settlements that ride in `waitUntil` get once the last request has ended. */
const SETTLE_MS = 300;

/** @throws StartError with a sentence for the user; OriginFailure; whatever `signal` was aborted with */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const teardown = new Teardown();
  try {
    return await start(options, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function start(options: PlatformOptions, teardown: Teardown): Promise<Platform> {
  const { model: choice, report = silent, signal = new AbortController().signal } = options;
  const paths = statePaths(options.state);
  await openStateFolder(paths);
  const lock = await lockState(paths);
  teardown.add(() => lock.release());
  await endLeftovers(paths);
  teardown.add(() => rm(paths.running, { force: true }));
  const port = await claimPort(options.port);
  const secrets = await loadSecrets(paths.secrets, `http://127.0.0.1:${port}`);
  const storage = options.storage === "memory" ? await memoryFolder(teardown) : paths.storage;

  const startSecret = randomKey();
  const tether = new Tether();
  teardown.add(() => tether.end());
  const failure = Promise.withResolvers<string>();
  const { sinks = [] } = options;
  const common = { paths, storage, secrets, startSecret, tether, sinks, report, signal };
  const assembly = await assemble({ ...common, choice, onFailure: failure.resolve }, teardown);

  const { directUrl } = assembly.runtime;
  const { compatibilityDate } = assembly.sources.config;
  const run = paths.run;
  const front = await startFront({ port, directUrl, startSecret, compatibilityDate, run, log: report.note });
  tether.hold(front.pid);
  teardown.add(async () => {
    await front.drain();
    tether.release(front.pid);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  });
  const pids = { front: front.pid, workerd: assembly.runtime.pid, origin: assembly.origin.pid };
  await writeRunning(paths, { url: front.url, pid: process.pid, children: childrenOf(pids) });
  await awaitReady(front.url, signal);

  // only now: while it starts and while it stops, an end is expected
  let ending = false;
  const watch = (name: string, gone: Promise<unknown>): void =>
    void gone.then(() => {
      if (!ending) failure.resolve(`${name} ended unexpectedly.`);
    });
  watch("The front", front.gone);
  watch("The origin agent", assembly.origin.gone);
  const { policy } = assembly.policy;
  return {
    url: front.url,
    directUrl,
    startSecret,
    state: paths.root,
    model: assembly.model,
    models: [...Object.keys(policy.models), ...Object.keys(policy.aliases)],
    credentials: assembly.credentials,
    pids,
    miniflare: assembly.runtime.miniflare,
    failed: failure.promise,
    dispose: () => {
      ending = true;
      return teardown.run();
    },
    kill: () => {
      ending = true;
      tether.cut();
    },
  };
}

function childrenOf(pids: Platform["pids"]): { pid: number; command: string }[] {
  return [
    { pid: pids.front, command: "workerd" },
    { pid: pids.workerd, command: "workerd" },
    { pid: pids.origin, command: "origin/main.ts" },
  ];
}

async function memoryFolder(teardown: Teardown): Promise<string> {
  const folder = await mkdtemp("/dev/shm/bartizan-").catch(() => mkdtemp(join(tmpdir(), "bartizan-")));
  teardown.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
