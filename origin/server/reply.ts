// Replies with a signed head. Errors are the gateway's own refusals in OpenAI's envelope, from the one table.
import type { ServerResponse } from "node:http";
import { NO_MODEL } from "../../identity/http-signature.ts";
import type { Signer } from "../../identity/message-signature.ts";
import { signResponse } from "../../identity/reply-signature.ts";
import { MODEL_DIGEST } from "../../protocol/headers.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { answerOf, type Refusal, renderRefusal } from "../../protocol/refusal.ts";

/** A reader that takes nothing for this long, once the answer is complete, is cut off. */
const STALLED_READER_MS = 60_000;

export class Reply {
  readonly #response: ServerResponse;
  readonly #signer: Signer;
  readonly #requestSignature: string;
  readonly #now: () => number;
  /** a stream that was announced and has not begun */
  #pending: { readonly contentType: string; readonly modelDigest: string; readonly opening: Uint8Array } | null = null;
  /** writes of a stream, in order, behind its head: signing that takes a moment */
  #chain: Promise<void> = Promise.resolve();
  #begun = false;

  constructor(response: ServerResponse, signer: Signer, requestSignature: string, now: () => number) {
    this.#response = response;
    this.#signer = signer;
    this.#requestSignature = requestSignature;
    this.#now = now;
  }

  /** A stream's head is on its way: an error can have no status any more. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Announces a stream: its head and `opening` go out with the first {@link write}. */
  stream(contentType: string, modelDigest: string, opening: Uint8Array): void {
    this.#pending = { contentType, modelDigest, opening };
  }

  /**
   * Adds to the stream. Does not wait for a slow reader: what is buffered is bounded by the model's longest answer, and
   * the engine is free for the next request as soon as this one is made.
   */
  write(bytes: Uint8Array): void {
    const head = this.#pending;
    this.#pending = null;
    this.#begun = true;
    this.#chain = this.#chain.then(async () => {
      if (head !== null) {
        await this.#head(200, head.contentType, head.modelDigest);
        this.#response.write(head.opening);
      }
      if (!this.#response.destroyed) this.#response.write(bytes);
    });
    // a failure is seen where the stream ends
    this.#chain.catch(() => {});
  }

  /** Ends the stream. @throws where its head could not be signed */
  async end(): Promise<void> {
    await this.#chain;
    this.#response.setTimeout(STALLED_READER_MS, () => this.#response.destroy());
    this.#response.end();
  }

  async json(status: number, value: unknown, modelDigest: string = NO_MODEL): Promise<void> {
    await this.#whole(status, JSON.stringify(value), modelDigest, {});
  }

  async refuse(refusal: Refusal): Promise<void> {
    const { status, headers, body } = rendered(refusal, this.#now());
    await this.#whole(status, body, NO_MODEL, headers);
  }

  async #whole(
    status: number,
    text: string,
    modelDigest: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const body = Buffer.from(text);
    await this.#head(status, "application/json", modelDigest, { ...headers, "content-length": String(body.length) });
    this.#response.end(body);
  }

  /** Signs and sends the head: status, content type and model digest, for this one request. */
  async #head(
    status: number,
    contentType: string,
    modelDigest: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const covered = { status, contentType, modelDigest, requestSignature: this.#requestSignature };
    const signature = await signResponse(covered, Math.floor(this.#now() / 1000), this.#signer);
    this.#response.writeHead(status, {
      ...more,
      "content-type": contentType,
      "cache-control": "no-store",
      [MODEL_DIGEST]: modelDigest,
      ...signature,
    });
  }
}

/** A refusal to a stranger: not signed, since a signature over a text of his choosing is nothing to hand out. */
export function refuseUnsigned(response: ServerResponse, refusal: Refusal, nowMs: number): void {
  const { status, headers, body } = rendered(refusal, nowMs);
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "cache-control": "no-store",
    // his body is not read any further
    connection: "close",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function rendered(refusal: Refusal, nowMs: number) {
  const given = answerOf(refusal);
  const id = newRequestId(nowMs, crypto.getRandomValues(new Uint8Array(10)));
  return { status: given.status, headers: given.headers, body: renderRefusal(given, id, null).body };
}
