// Everything around an origin agent, for its tests: keys, a bucket with a sealed model, control's real artifact routes
// over HTTP, the agent as a process of its own, and a gateway that signs.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { sha256 } from "../../identity/content-digest.ts";
import { type OriginReplyVerdict, signOriginRequest, verifyOriginReply } from "../../identity/http-signature.ts";
import type { SignatureKey } from "../../identity/message-signature.ts";
import { type AgentMessage, type ConfigureInput, messageLine } from "../../origin/messages.ts";
import { objectKeys } from "../../r2-models/catalogue.ts";
import { importPublisherSigner } from "../../r2-models/publisher.ts";
import { SEAL_RANDOM_BYTES, sealArtifact } from "../../r2-models/seal.ts";
import type { ArtifactBucket } from "../../workers/control/artifact-bytes.ts";
import { type ArtifactDeps, artifactRoutes } from "../../workers/control/artifacts.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
export const EDGE_MINI = new URL("../fixtures/edge-mini-q8_0.gguf", import.meta.url).pathname;
export const ORIGIN = "test-origin";
export const MODEL = { name: "edge-mini", version: "1" };

export interface Pair {
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

export async function pair(curve: "Ed25519" | "X25519", kid: string): Promise<Pair> {
  const keys = await generateKeyPair(curve === "Ed25519" ? "EdDSA" : "ECDH-ES", { crv: curve, extractable: true });
  return {
    privateJwk: { ...(await exportJWK(keys.privateKey)), kid },
    publicJwk: { ...(await exportJWK(keys.publicKey)), kid },
  };
}

export async function keyOf(jwk: JWK): Promise<SignatureKey> {
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new TypeError();
  return key;
}

/** R2 as far as the routes use it. */
export class MapBucket implements ArtifactBucket {
  readonly objects = new Map<string, Uint8Array>();

  async head(key: string) {
    const bytes = this.objects.get(key);
    return bytes === undefined ? null : { size: bytes.length, httpEtag: '"fake"' };
  }

  async get(key: string, options?: { readonly range?: { readonly offset: number; readonly length: number } }) {
    const whole = this.objects.get(key);
    if (whole === undefined) return null;
    const { offset, length } = options?.range ?? { offset: 0, length: whole.length };
    const bytes = new Uint8Array(whole.subarray(offset, offset + length));
    return { body: new Blob([bytes]).stream() as ReadableStream, text: async () => new TextDecoder().decode(bytes) };
  }
}

export interface World {
  readonly gateway: Pair;
  readonly signing: Pair;
  readonly encryption: Pair;
  readonly publisher: Pair;
  readonly bucket: MapBucket;
  readonly deps: ArtifactDeps;
  readonly digest: string;
}

/** Keys, and edge-mini sealed into a bucket. */
export async function makeWorld(plain?: Uint8Array): Promise<World> {
  const [gateway, signing, encryption, publisher] = await Promise.all([
    pair("Ed25519", "gateway-1"),
    pair("Ed25519", "origin-1"),
    pair("X25519", "origin-x"),
    pair("Ed25519", "publisher-1"),
  ]);
  const bucket = new MapBucket();
  const keks = { current: "kek-1", keys: { "kek-1": new Uint8Array(randomBytes(32)) } };
  const bytes = plain ?? new Uint8Array(await readFile(EDGE_MINI));
  const sealing = sealArtifact({
    model: { ...MODEL, licence: "Apache-2.0", provenance: { source: "test fixture" } },
    plain: [bytes],
    plainSize: bytes.length,
    sha256: () => {
      const hash = createHash("sha256");
      return { update: (part) => void hash.update(part), digest: () => hash.digest() };
    },
    keks,
    publisher: await importPublisherSigner(publisher.privateJwk),
    random: randomBytes(SEAL_RANDOM_BYTES),
    nowMs: Date.now(),
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of sealing.sealed) pieces.push(piece);
  const { manifest, manifestJws, wrappedKey } = await sealing.finish();
  const at = objectKeys(MODEL);
  bucket.objects.set(at.artifact, Buffer.concat(pieces));
  bucket.objects.set(at.manifest, Buffer.from(manifestJws));
  bucket.objects.set(at.dataKey, Buffer.from(JSON.stringify(wrappedKey)));
  const deps: ArtifactDeps = {
    models: bucket,
    enrolledOrigins: { [ORIGIN]: { signing_key: signing.publicJwk, encryption_key: encryption.publicJwk } },
    keyEncryptionKeys: keks,
    publisherKeys: [publisher.publicJwk],
    now: Date.now,
  };
  return { gateway, signing, encryption, publisher, bucket, deps, digest: manifest.plain.digest };
}

export interface Control {
  readonly url: string;
  readonly requests: string[];
  close(): Promise<void>;
}

/** control's artifact routes on a port; `spoil` may break a response on its way. */
export async function startControl(
  deps: ArtifactDeps,
  spoil?: (path: string, n: number) => number | null,
): Promise<Control> {
  const app = artifactRoutes(deps);
  const requests: string[] = [];
  const server: Server = createServer(async (incoming, outgoing) => {
    const path = incoming.url ?? "/";
    requests.push(`${incoming.method} ${path} ${incoming.headers.range ?? ""}`.trim());
    const body = await new Response(Readable.toWeb(incoming) as ReadableStream).arrayBuffer();
    const headers = new Headers();
    for (const [name, values] of Object.entries(incoming.headersDistinct)) headers.set(name, (values ?? []).join(", "));
    const method = incoming.method ?? "GET";
    const request = new Request(`http://control.test${path}`, {
      method,
      headers,
      ...(method === "POST" ? { body } : {}),
    });
    const response = await app.fetch(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    const cut = spoil?.(path, requests.length) ?? null;
    const bytes = Buffer.from(await response.arrayBuffer());
    if (cut === null) outgoing.end(bytes);
    else outgoing.write(bytes.subarray(0, cut), () => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export class AgentProcess {
  readonly child: ChildProcess;
  readonly messages: AgentMessage[] = [];
  readonly exit: Promise<number | null>;
  log = "";
  #listeners = new Set<() => void>();

  constructor() {
    this.child = spawn(process.execPath, ["origin/main.ts"], { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
    this.exit = new Promise((resolve) => this.child.once("exit", (code) => resolve(code)));
    void this.exit.then(() => this.#wake());
    this.child.stderr?.on("data", (part) => {
      this.log += part;
    });
    if (this.child.stdout !== null)
      createInterface({ input: this.child.stdout }).on("line", (line) => {
        this.messages.push(JSON.parse(line) as AgentMessage);
        this.#wake();
      });
  }

  send(message: Parameters<typeof messageLine>[0]): void {
    this.child.stdin?.write(messageLine(message));
  }

  /** The first message of this kind; throws when the process ended without it. */
  async until<E extends AgentMessage["event"]>(event: E): Promise<Extract<AgentMessage, { event: E }>> {
    for (;;) {
      const found = this.messages.find((message) => message.event === event);
      if (found !== undefined) return found as Extract<AgentMessage, { event: E }>;
      if (this.child.exitCode !== null) throw new Error(`the agent ended without ${event}: ${this.log}`);
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  async stop(): Promise<void> {
    this.child.stdin?.end();
    await this.exit;
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

export function configuration(world: World, more: Partial<ConfigureInput> = {}): ConfigureInput {
  return {
    type: "configure",
    name: ORIGIN,
    signing_key: world.signing.privateJwk as ConfigureInput["signing_key"],
    encryption_key: world.encryption.privateJwk as ConfigureInput["encryption_key"],
    gateway_keys: [world.gateway.publicJwk] as ConfigureInput["gateway_keys"],
    publisher_keys: [world.publisher.publicJwk] as ConfigureInput["publisher_keys"],
    models: [{ ...MODEL, embeddings: true }],
    ...more,
  };
}

/** An agent that has its model, or whose `failed` message says why not. */
export async function startAgent(world: World, controlUrl: string, more: Partial<ConfigureInput> = {}) {
  const agent = new AgentProcess();
  agent.send(configuration(world, more));
  const { port } = await agent.until("listening");
  agent.send({ type: "load", control_url: controlUrl, patience_ms: 2_000 });
  return { agent, url: `http://127.0.0.1:${port}` };
}

export interface Exchange {
  readonly response: Response;
  readonly verdict: OriginReplyVerdict;
}

/** The gateway's side of one exchange. */
export class GatewayClient {
  readonly #world: World;
  readonly #url: string;

  constructor(world: World, url: string) {
    this.#world = world;
    this.#url = url;
  }

  async sign(method: string, target: string, body: string | null, more: { nowMs?: number; origin?: string } = {}) {
    return await signOriginRequest({
      origin: more.origin ?? ORIGIN,
      method,
      target,
      bodySha256: body === null ? null : await sha256(new TextEncoder().encode(body)),
      nowMs: more.nowMs ?? Date.now(),
      nonce: randomBytes(18).toString("base64url"),
      signer: { keyid: "gateway-1", key: await keyOf(this.#world.gateway.privateJwk) },
    });
  }

  async send(method: string, target: string, value: unknown, signal?: AbortSignal): Promise<Exchange> {
    const body = value === undefined ? null : JSON.stringify(value);
    const headers = await this.sign(method, target, body);
    const response = await fetch(this.#url + target, { method, headers, body, ...(signal ? { signal } : {}) });
    const verdict = await verifyOriginReply({
      status: response.status,
      headers: response.headers,
      requestSignature: headers.signature ?? "",
      origin: ORIGIN,
      key: await keyOf(this.#world.signing.publicJwk),
      expectedDigest: this.#world.digest,
    });
    return { response, verdict };
  }

  async chat(body: object, signal?: AbortSignal): Promise<Exchange> {
    return await this.send("POST", "/v1/chat/completions", { model: "edge-mini", ...body }, signal);
  }
}
