// The Workers, their Durable Objects and R2, in one workerd that Miniflare configures.
//
// Sockets: one for local.ts and one for the vault, both on the loopback, both demanding the start's secret. Miniflare's
// own entry, which knows no secret, is moved to a socket file (workerd.sh). What is left open to other users of this
// machine is Miniflare's small loopback server, a channel from workerd for logs and temporary files.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import miniflare, { type Miniflare } from "miniflare";
import { StartError } from "../stop-reason.ts";
import { bundleWorker } from "./bundle.ts";
import { Vault } from "./vault.ts";
import { workerdPath } from "./workerd.ts";
import { readWorkerConfig, type WorkerConfig } from "./wrangler-config.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const VAULT_WORKER = fileURLToPath(new URL("vault-worker.js", import.meta.url));
const WORKERD_SCRIPT = fileURLToPath(new URL("workerd.sh", import.meta.url));

export interface Sources {
  readonly config: WorkerConfig;
  readonly script: string;
}

/** What to run: wrangler.toml's top level, bundled. @param main another main file than wrangler.toml's, for tests */
export async function readSources(cacheFolder: string | null, main?: string): Promise<Sources> {
  const config = await readWorkerConfig(ROOT, cacheFolder);
  const entry = main ?? config.main;
  const bundle = await bundleWorker(entry).catch((error: unknown) => {
    throw new StartError(`The Workers do not build:\n${error instanceof Error ? error.message : ""}`);
  });
  // the runtime only warns, and fails at the first call
  const missing = exportsOf(config).filter((name) => !bundle.exports.includes(name));
  if (missing.length > 0) throw new StartError(`${entry} does not export ${missing.join(", ")}.`);
  return { config, script: bundle.text };
}

function exportsOf(config: WorkerConfig): string[] {
  const classes = Object.values(config.durableObjects).map(({ className }) => className);
  const entrypoints = Object.values(config.serviceBindings).flatMap(({ entrypoint }) => entrypoint ?? []);
  return [...classes, ...entrypoints];
}

export interface RuntimeInput {
  readonly sources: Sources;
  /** `docs/environment.md`, START_SECRET included */
  readonly environment: Readonly<Record<string, string>>;
  readonly startSecret: string;
  /** where objects and buckets are kept */
  readonly storage: string;
  /** a folder of mode 0700 for the socket file */
  readonly run: string;
  readonly log: (text: string) => void;
  /** workerd died and Miniflare started another */
  readonly onCrash: () => void;
}

export interface Runtime {
  readonly miniflare: Miniflare;
  /** local.ts itself; every request must carry the start's secret */
  readonly directUrl: string;
  readonly vault: Vault;
  readonly pid: number;
  dispose(): Promise<void>;
}

const PLATFORM = "bartizan";
const VAULT = "bartizan-vault";

export async function startRuntime(input: RuntimeInput): Promise<Runtime> {
  // read by Miniflare when it starts workerd; other instances in this process run the plain binary through it
  process.env.MINIFLARE_WORKERD_PATH = WORKERD_SCRIPT;
  process.env.BARTIZAN_WORKERD = workerdPath();
  const options = miniflare.convertV4MiniflareOptions(optionsOf(input, await vaultScript()));
  const instance = withoutSignalHandlers(() => new miniflare.Miniflare(options));
  try {
    await instance.ready;
    return {
      miniflare: instance,
      directUrl: (await instance.unsafeGetDirectURL(PLATFORM)).origin,
      vault: new Vault(await instance.unsafeGetDirectURL(VAULT), input.startSecret),
      pid: Number(await readFile(join(input.run, "workerd.pid"), "utf8")),
      dispose: () => instance.dispose(),
    };
  } catch (error) {
    await instance.dispose().catch(() => {});
    throw error;
  }
}

/** Miniflare ends the whole process at the first signal; this process ends its parts in order. */
function withoutSignalHandlers<T>(make: () => T): T {
  const before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]));
  const made = make();
  for (const [signal, known] of before)
    for (const listener of process.listeners(signal))
      if (!known.includes(listener)) process.removeListener(signal, listener);
  return made;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type Options = Parameters<typeof miniflare.convertV4MiniflareOptions>[0];

function optionsOf(input: RuntimeInput, vault: string): Options {
  const { config, script } = input.sources;
  const { compatibilityDate, compatibilityFlags } = config;
  const socket = { host: "127.0.0.1", port: 0 };
  return {
    host: "127.0.0.1",
    port: 0,
    resourcePersistencePath: input.storage,
    telemetry: { enabled: false },
    logRequests: false,
    cf: false,
    log: new miniflare.Log(miniflare.LogLevel.NONE),
    handleStructuredLogs: ({ level, message }) => input.log(`${level}: ${message}`),
    unsafeHandleRuntimeRestart: input.onCrash,
    unsafeRuntimeEnv: { BARTIZAN_RUN: input.run },
    workers: [
      {
        name: PLATFORM,
        modulesRoot: "/",
        modules: [{ type: "ESModule", path: "/local.js", contents: script }],
        compatibilityDate,
        compatibilityFlags,
        r2Buckets: config.r2Buckets,
        durableObjects: config.durableObjects,
        serviceBindings: serviceBindingsOf(config),
        bindings: { ...input.environment },
        unsafeDirectSockets: [socket],
      },
      {
        name: VAULT,
        modulesRoot: "/",
        modules: [{ type: "ESModule", path: "/vault.js", contents: vault }],
        compatibilityDate,
        r2Buckets: { MODELS: config.r2Buckets.MODELS ?? "bartizan-models" },
        bindings: { START_SECRET: input.startSecret },
        unsafeDirectSockets: [socket],
      },
    ],
  };
}

/** wrangler.toml's name of the whole may differ from ours; each of its services is itself. */
function serviceBindingsOf(config: WorkerConfig): Record<string, { name: string; entrypoint?: string }> {
  return Object.fromEntries(
    Object.entries(config.serviceBindings).map(([binding, { entrypoint }]) => [
      binding,
      { name: PLATFORM, ...(entrypoint === undefined ? {} : { entrypoint }) },
    ]),
  );
}

async function vaultScript(): Promise<string> {
  return await readFile(VAULT_WORKER, "utf8");
}
