// A request's body, counted, and given up where it comes too slowly. Nothing is believed of it before it is here.
//
//   stands still for bodyIdleMs, or is late by bodyTimeoutMs and what its bytes allow ─→ 408 request_timeout
//   more than policy allows ─→ 413     more than the isolate, or the account's share of it, has room for ─→ 503 busy
//   broken off, or its framing false ─→ 400: who still listens hears that it was no JSON
import type { Policy } from "../../policy/schema.ts";
import { concat } from "../../protocol/encoding.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { ByteClaim } from "./bytes-in-flight.ts";
import { declaredLength } from "./declared-length.ts";
import { GATEWAY_LIMITS } from "./limits.ts";
import type { Step } from "./products.ts";

type Bounds = Pick<Policy["request"], "max_body_bytes" | "body_idle_ms" | "body_timeout_ms">;

const BROKEN_OFF: Refusal = { code: "invalid_json", fault: "syntax", param: null };

/**
 * What arrives is counted and claimed as it comes. A declared length claims nothing: it can lie, and a sender who declares
 * much and sends little must not make this isolate `busy` for everyone else.
 */
export async function readBody(
  request: Request,
  bounds: Bounds,
  claim: ByteClaim,
): Promise<Step<Uint8Array<ArrayBuffer>>> {
  const { body } = request;
  if (body === null) return new Uint8Array(0);
  const limitBytes = bounds.max_body_bytes;
  const declared = declaredLength(request.headers);
  if (declared !== null && declared <= Math.min(limitBytes, GATEWAY_LIMITS.smallBodyBytes))
    return readSmall(request, declared, bounds, claim);
  const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  const patience = new Patience(bounds, () => void reader.cancel().catch(() => undefined));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (patience.lost) return { code: "request_timeout" };
      if (done) break;
      bytes += value.length;
      patience.moved(bytes);
      if (bytes > limitBytes) return { code: "request_too_large", limitBytes };
      if (!claim.add(value.length)) return { code: "busy" };
      chunks.push(value);
    }
  } catch {
    return patience.lost ? { code: "request_timeout" } : BROKEN_OFF;
  } finally {
    patience.end();
    // what may still come is dropped where the refusal is answered: see discard-body.ts
    reader.releaseLock();
  }
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : concat(...chunks);
}

/**
 * In one piece, which costs a third less than a reader. HTTP's framing keeps the platform from handing out more than was
 * declared; should it all the same, it is no request. What is here is claimed, not what was declared.
 */
async function readSmall(
  request: Request,
  declared: number,
  bounds: Bounds,
  claim: ByteClaim,
): Promise<Step<Uint8Array<ArrayBuffer>>> {
  const { promise: lost, resolve } = Promise.withResolvers<null>();
  const patience = new Patience(bounds, () => resolve(null));
  try {
    const body = await Promise.race([request.arrayBuffer(), lost]);
    if (body === null) return { code: "request_timeout" };
    if (body.byteLength > declared) return BROKEN_OFF;
    return claim.add(body.byteLength) ? new Uint8Array(body) : { code: "busy" };
  } catch {
    return BROKEN_OFF;
  } finally {
    patience.end();
  }
}

/** One timer a body, however many pieces it comes in. A byte now and then does not keep it waiting for good. */
class Patience {
  readonly #onLost: () => void;
  readonly #idleMs: number;
  readonly #timeoutMs: number;
  readonly #startedAt = Date.now();
  #movedAt = this.#startedAt;
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout>;
  lost = false;

  constructor({ body_idle_ms, body_timeout_ms }: Bounds, onLost: () => void) {
    this.#onLost = onLost;
    this.#idleMs = body_idle_ms ?? GATEWAY_LIMITS.bodyIdleMs;
    this.#timeoutMs = body_timeout_ms ?? GATEWAY_LIMITS.bodyTimeoutMs;
    this.#timer = setTimeout(() => this.#check(), this.#leftMs(this.#startedAt));
  }

  moved(bytes: number): void {
    this.#movedAt = Date.now();
    this.#bytes = bytes;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #leftMs(now: number): number {
    const earnedMs = (this.#bytes / GATEWAY_LIMITS.bodyMinBytesPerS) * 1000;
    return Math.min(this.#movedAt + this.#idleMs, this.#startedAt + this.#timeoutMs + earnedMs) - now;
  }

  #check(): void {
    const leftMs = this.#leftMs(Date.now());
    if (leftMs > 0) {
      this.#timer = setTimeout(() => this.#check(), leftMs);
      return;
    }
    this.lost = true;
    this.#onLost();
  }
}
