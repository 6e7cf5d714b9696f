// Bytes of another server, up to a bound. What it declares is not believed; what comes is counted as it comes.
import { concat } from "../../protocol/encoding.ts";

export type BoundedBytes =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `size`: there is more than the bound; `broken`: it broke off, or was stopped */
  | { readonly ok: false; readonly fault: "size" | "broken" };

/** Never throws. What is left unread is given up. @param signal ends the reading, whether the sender heeds it or not */
export async function boundedBytes(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<BoundedBytes> {
  if (body === null) return { ok: true, bytes: new Uint8Array(0) };
  const reader = body.getReader();
  const stop = (): void => void reader.cancel().catch(() => undefined);
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // a reader that was stopped ends as if the body were whole
      if (signal?.aborted === true) return { ok: false, fault: "broken" };
      if (done) return { ok: true, bytes: concat(...chunks) };
      bytes += value.length;
      if (bytes > maxBytes) {
        stop();
        return { ok: false, fault: "size" };
      }
      chunks.push(value);
    }
  } catch {
    return { ok: false, fault: "broken" };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
