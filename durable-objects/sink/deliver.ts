// One POST to a collector. Only an answer of 2xx counts: anything else, a redirect above all, means not delivered.
import { parseRetryAfter } from "./backoff.ts";
import type { SinkFault } from "./commands.ts";

/** Where a sink delivers. Address and headers are the operator's and may hold secrets: they are never logged or shown. */
export interface SinkTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Delivery =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly fault: SinkFault;
      readonly status: number | null;
      readonly retryAfterMs: number | null;
    };

/**
 * Never throws. Redirects are not followed: records, and the headers' secrets, go to the configured address or nowhere.
 * @param key names the batch: a collector may use it to tell a repetition (records come at least once)
 */
export async function deliver(
  target: SinkTarget,
  body: Uint8Array<ArrayBuffer>,
  key: string,
  timeoutMs: number,
  post: typeof fetch,
): Promise<Delivery> {
  try {
    const response = await post(target.url, {
      method: "POST",
      redirect: "manual",
      headers: { ...target.headers, "content-type": "application/x-ndjson", "idempotency-key": key },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    // what a collector says is nobody's business here, and must not hold the connection
    await response.body?.cancel();
    if (response.ok) return { ok: true };
    return {
      ok: false,
      fault: response.status >= 300 && response.status < 400 ? "redirect" : "status",
      status: response.status,
      retryAfterMs: parseRetryAfter(response.headers.get("retry-after"), Date.now()),
    };
  } catch (error) {
    const timedOut = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
    return { ok: false, fault: timedOut ? "timeout" : "network", status: null, retryAfterMs: null };
  }
}
