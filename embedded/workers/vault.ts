// The model bucket as this process reaches it: vault-worker.js over HTTP on the loopback. Miniflare's own way to a
// bucket goes through its entry port, which `npm start` does not open (runtime.ts).
import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { START_SECRET } from "../../protocol/headers.ts";
import type { CatalogueStore } from "../../r2-models/catalogue.ts";

export class Vault implements CatalogueStore {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: URL, startSecret: string) {
    this.#url = url;
    this.#headers = { [START_SECRET]: startSecret };
  }

  async get(key: string): Promise<Uint8Array | null> {
    const response = await fetch(this.#at(key), { headers: this.#headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.ok ? bytes : notFound(response.status);
  }

  /** In bytes, without reading it. */
  async size(key: string): Promise<number | null> {
    const response = await fetch(this.#at(key), { method: "HEAD", headers: this.#headers });
    return response.ok ? Number(response.headers.get("x-size")) : notFound(response.status);
  }

  async list(prefix: string): Promise<readonly string[]> {
    const url = new URL(this.#url);
    url.searchParams.set("list", prefix);
    const response = await fetch(url, { headers: this.#headers });
    if (!response.ok) throw new Error(`the model bucket answered ${response.status}`);
    const text = await response.text();
    return text === "" ? [] : text.split("\n");
  }

  /** Whether it was there or not. */
  async remove(key: string): Promise<void> {
    const response = await fetch(this.#at(key), { method: "DELETE", headers: this.#headers });
    if (!response.ok) throw new Error(`the model bucket answered ${response.status}`);
  }

  async putSmall(key: string, bytes: Uint8Array): Promise<void> {
    await this.put(key, [bytes], bytes.length);
  }

  /** Streams; R2 wants the length first, which `fetch` cannot state for a stream. */
  async put(key: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number): Promise<void> {
    const headers = { ...this.#headers, "content-length": String(size) };
    const request = httpRequest(this.#at(key), { method: "PUT", headers });
    const status = new Promise<number>((resolve, reject) => {
      request.once("response", (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
        response.once("error", reject);
      });
      request.once("error", reject);
    });
    await Promise.all([pipeline(Readable.from(exactly(pieces, size)), request), status]);
    if ((await status) !== 204) throw new Error(`the model bucket answered ${await status}`);
  }

  #at(key: string): URL {
    return new URL(key.split("/").map(encodeURIComponent).join("/"), this.#url);
  }
}

/** A source that ends early would leave both sides of the connection waiting for the rest. */
async function* exactly(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number) {
  let done = 0;
  for await (const piece of pieces) {
    done += piece.length;
    if (done > size) break;
    yield piece;
  }
  if (done !== size) throw new RangeError("the bytes are not as many as stated");
}

function notFound(status: number): null {
  if (status === 404) return null;
  throw new Error(`the model bucket answered ${status}`);
}
