// Control as an origin reaches it: each request signed with the origin's enrolled key, retried while control cannot be
// reached, and never redirected.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sha256 } from "../../identity/content-digest.ts";
import { signControlRequest } from "../../identity/http-signature.ts";
import type { Signer } from "../../identity/message-signature.ts";
import { LoadFailure } from "../failure.ts";
import { faultOf, log } from "../log.ts";

export interface ControlAddress {
  readonly url: string;
  /** sent with each request, such as the secret of a local start */
  readonly headers: Readonly<Record<string, string>>;
  /** how long an unreachable control is asked again */
  readonly patienceMs: number;
}

export interface ControlReply {
  readonly response: Response;
  /** of the signed request: a released data key is bound to it */
  readonly nonce: string;
}

/** How long a reply's head may take. */
const HEAD_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

export class ControlClient {
  readonly #address: ControlAddress;
  readonly #signer: Signer;
  readonly #signal: AbortSignal;

  /** @param signer key id is the origin's name  @param signal ends every request and every wait */
  constructor(address: ControlAddress, signer: Signer, signal: AbortSignal) {
    this.#address = address;
    this.#signer = signer;
    this.#signal = signal;
  }

  /** @throws LoadFailure `control_unreachable` once patience ends, `control_refused` at once for a 4xx */
  async request(
    method: "GET" | "POST",
    path: string,
    options: {
      readonly body?: object;
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ControlReply> {
    const giveUpAt = performance.now() + this.#address.patienceMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const reply = await this.#once(method, path, options);
      if (reply !== null && reply.response.status < 400) return reply;
      await reply?.response.body?.cancel();
      // busy and broken are worth another try, a refusal is not
      if (reply !== null && reply.response.status < 500 && reply.response.status !== 429) {
        log("control_refused", { path, status: reply.response.status });
        throw new LoadFailure("control_refused");
      }
      if (performance.now() + pause > giveUpAt) throw new LoadFailure("control_unreachable");
      await sleep(pause, undefined, { signal: this.#signal });
    }
  }

  async #once(
    method: string,
    path: string,
    options: {
      readonly body?: object;
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal?: AbortSignal;
    },
  ): Promise<ControlReply | null> {
    const url = new URL(this.#address.url.replace(/\/+$/, "") + path);
    const body = options.body === undefined ? null : new TextEncoder().encode(JSON.stringify(options.body));
    const nonce = randomBytes(18).toString("base64url");
    const signed = await signControlRequest({
      method,
      target: url.pathname + url.search,
      bodySha256: body === null ? null : await sha256(body),
      nowMs: Date.now(),
      nonce,
      signer: this.#signer,
    });
    const head = new AbortController();
    const timer = setTimeout(() => head.abort(), HEAD_TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        method,
        body,
        headers: { ...this.#address.headers, ...options.headers, ...signed },
        redirect: "error",
        signal: AbortSignal.any([this.#signal, head.signal, ...(options.signal ? [options.signal] : [])]),
      });
      return { response, nonce };
    } catch (error) {
      this.#signal.throwIfAborted();
      log("control_unreachable", { path, fault: faultOf(error) });
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}
