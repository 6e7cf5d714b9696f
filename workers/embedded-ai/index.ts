// A local stand-in with env.AI's interface, so that the same gateway code runs without an account: `wrangler dev` with a
// real [ai] binding would demand a login before it starts. It answers in Workers AI's own forms, from the enrolled local
// origin; where none is joined it says so, and never invents an answer.
import { WorkerEntrypoint } from "cloudflare:workers";
import { sha256 } from "../../identity/content-digest.ts";
import { utf8 } from "../../protocol/encoding.ts";
import { importOriginClient, type OriginClient, type OriginEnv, type OriginPeer } from "../origin-client.ts";
import { isEmbeddingInput, NO_ENGINE, openAiRequest, resultOf, translateStream } from "./format.ts";

/** The finished value only: requests must not wait for one another's promises. */
const clients = new WeakMap<OriginEnv, OriginClient>();

export class EmbeddedAi extends WorkerEntrypoint<OriginEnv> {
  /** The last call's id, as the binding has it; calls here are not traced, so there is none. */
  get lastRequestId(): string | null {
    return null;
  }

  /**
   * @param model any name: one local engine stands in for all of them
   * @param inputs `messages` or `prompt` for text, `text` for embeddings
   * @throws Error with a Workers AI style text, `CODE: reason`
   */
  async run(model: string, inputs: Record<string, unknown>, _options?: unknown): Promise<unknown> {
    if (typeof model !== "string" || typeof inputs !== "object" || inputs === null)
      throw new Error("5004: invalid input");
    const peer = await this.#peer();
    const embedding = isEmbeddingInput(inputs);
    const request = openAiRequest(inputs, await localModel(peer));
    if (request === null) throw new Error("5004: invalid input");
    const reply = await post(peer, embedding ? "/v1/embeddings" : "/v1/chat/completions", request);
    if (!reply.ok) {
      reply.body?.cancel().catch(() => undefined);
      throw new Error(
        reply.status === 429 || reply.status === 503
          ? "3040: out of capacity"
          : `${reply.status === 400 ? 5004 : 5000}: the local engine refused`,
      );
    }
    if (!embedding && inputs.stream === true && reply.body !== null) return translateStream(reply.body);
    return resultOf(await bodyOf(reply), embedding);
  }

  async #peer(): Promise<OriginPeer> {
    let client = clients.get(this.env);
    if (client === undefined) {
      client = await importOriginClient(this.env);
      clients.set(this.env, client);
    }
    const { peer, names } = client;
    const [first] = names;
    const found = first === undefined ? null : peer(first);
    if (found === null) throw new Error(`5007: ${NO_ENGINE}`);
    return found;
  }
}

async function localModel(peer: OriginPeer): Promise<string> {
  const reply = await call(peer, "GET", "/v1/models", null);
  const { data } = (await bodyOf(reply)) as { data?: { id?: unknown }[] };
  const id = data?.[0]?.id;
  if (typeof id !== "string") throw new Error(`5007: ${NO_ENGINE}`);
  return id;
}

/** A parser's own words quote what it read, and what leaves this entrypoint as an exception is logged by the platform. */
async function bodyOf(reply: Response): Promise<unknown> {
  try {
    return await reply.json();
  } catch {
    throw new Error("5000: the local engine's answer cannot be read");
  }
}

function post(peer: OriginPeer, path: string, value: object): Promise<Response> {
  return call(peer, "POST", path, utf8(JSON.stringify(value)));
}

/** A signed request whose reply must be signed by the same origin. */
async function call(
  peer: OriginPeer,
  method: string,
  path: string,
  body: Uint8Array<ArrayBuffer> | null,
): Promise<Response> {
  const bodySha256 = body === null ? null : await sha256(body);
  const headers = await peer.sign(method, path, bodySha256, Date.now());
  let reply: Response;
  try {
    reply = await fetch(peer.url + path, { method, headers, body, redirect: "manual" });
  } catch {
    throw new Error(`5007: ${NO_ENGINE}`);
  }
  if (await peer.verify(headers, reply, null)) return reply;
  reply.body?.cancel().catch(() => undefined);
  throw new Error("5000: the local engine's reply is not authentic");
}
