// The agent's life between its parent's messages: bind, load, serve, stop.
import { once } from "node:events";
import type { Server } from "node:http";
import { availableParallelism } from "node:os";
import { importJWK, type JWK } from "jose";
import type { Llama } from "node-llama-cpp";
import type { SignatureKey, Signer } from "../identity/message-signature.ts";
import { artifactId } from "../r2-models/manifest.ts";
import { importPublisherKeys } from "../r2-models/publisher.ts";
import { importReleaseKey } from "../r2-models/release.ts";
import { ControlClient } from "./artifact/control-client.ts";
import { type ArtifactTrust, openArtifact } from "./artifact/open-artifact.ts";
import type { Engine } from "./engine/engine.ts";
import { EngineQueue } from "./engine/queue.ts";
import { LoadFailure } from "./failure.ts";
import { faultOf, log } from "./log.ts";
import type { AgentMessage, Configure, Load } from "./messages.ts";
import { createOriginServer } from "./server/server.ts";

/** Longest wait in the engine's queue: the gateway gives up on a first byte by then. */
const MAX_WAIT_MS = 90_000;
/** Bytes between two progress messages. */
const PROGRESS_STEP = 4 * 1024 * 1024;

export interface Agent {
  readonly port: number;
  /** @throws LoadFailure; nothing is served then */
  load(message: Load): Promise<void>;
  stop(): Promise<void>;
}

/** Binds the port; every request is answered 503 until {@link Agent.load} is done. @throws LoadFailure */
export async function startAgent(config: Configure, tell: (message: AgentMessage) => void): Promise<Agent> {
  const stopping = new AbortController();
  const keys = await importKeys(config);
  let engines: readonly Engine[] | null = null;
  let llama: Llama | null = null;
  const server = createOriginServer({
    origin: config.name,
    gatewayKeys: keys.gateway,
    signer: keys.signer,
    engines: () => engines,
    now: Date.now,
    signal: stopping.signal,
  });
  const port = await listen(server, config.port);

  async function load(message: Load): Promise<void> {
    const address = { url: message.control_url, headers: message.headers, patienceMs: message.patience_ms };
    const control = new ControlClient(address, keys.signer, stopping.signal);
    const threads = config.threads ?? Math.max(1, availableParallelism() - 1);
    const queue = new EngineQueue({ maxWaiting: config.queue, maxWaitMs: MAX_WAIT_MS });
    const loaded: Engine[] = [];
    // a second's worth of JavaScript, read while the artifact is on its way
    const engineModule = import("./engine/llama.ts");
    engineModule.catch(() => undefined);
    try {
      for (const wanted of config.models) {
        const { manifest, file } = await openArtifact(
          control,
          keys.trust,
          wanted,
          progressOf(artifactId(wanted), tell),
        );
        try {
          // native code is not even started before there is something verified for it
          const { loadLlamaEngine, startLlama } = await engineModule;
          llama ??= await startLlama(threads);
          loaded.push(await loadLlamaEngine({ llama, path: file.path, manifest, wanted, threads, queue }));
        } finally {
          // the engine has it mapped; without the descriptor there is no way back to it
          await file.close();
        }
        log("model_loaded", { model: artifactId(wanted), digest: manifest.plain.digest });
      }
      stopping.signal.throwIfAborted();
      engines = loaded;
    } catch (error) {
      for (const engine of loaded) await engine.dispose();
      if (error instanceof LoadFailure) throw error;
      log("load_failed", { fault: faultOf(error) });
      throw new LoadFailure("engine_failed");
    }
    tell({ event: "ready", models: loaded.map((engine) => engine.model) });
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error("the agent stops"));
    server.close();
    server.closeIdleConnections();
    for (const engine of engines ?? [])
      await engine.dispose().catch((error) => log("dispose_failed", { fault: faultOf(error) }));
    engines = null;
    await llama?.dispose().catch((error) => log("dispose_failed", { fault: faultOf(error) }));
    server.closeAllConnections();
  }

  tell({ event: "listening", port });
  return { port, load, stop };
}

interface AgentKeys {
  readonly gateway: ReadonlyMap<string, SignatureKey>;
  readonly signer: Signer;
  readonly trust: ArtifactTrust;
}

async function importKeys(config: Configure): Promise<AgentKeys> {
  try {
    const gateway = new Map<string, SignatureKey>();
    for (const jwk of config.gateway_keys) gateway.set(jwk.kid, await importEd25519(jwk));
    const publishers = await importPublisherKeys(config.publisher_keys);
    const releaseKey = await importReleaseKey(config.encryption_key);
    return {
      gateway,
      signer: { keyid: config.name, key: await importEd25519(config.signing_key) },
      trust: { origin: config.name, publishers, releaseKey },
    };
  } catch (error) {
    log("bad_config", { fault: faultOf(error) });
    throw new LoadFailure("bad_config");
  }
}

async function importEd25519(jwk: JWK): Promise<SignatureKey> {
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new TypeError("not an Ed25519 key");
  return key;
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    log("listen_failed", { fault: faultOf(error) });
    throw new LoadFailure("port_in_use");
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function progressOf(model: string, tell: (message: AgentMessage) => void) {
  let told = 0;
  return (done: number, total: number): void => {
    if (done - told < PROGRESS_STEP && done < total) return;
    told = done;
    tell({ event: "progress", model, done_bytes: done, total_bytes: total });
  };
}
