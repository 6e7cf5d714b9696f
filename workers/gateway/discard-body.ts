// A request that is refused before its body was read. A server that answers and closes while the client still sends makes
// the client see a reset connection instead of the answer, so what comes is read and dropped first, within bounds: who
// sends more, or slower, is cut off.
import { GATEWAY_LIMITS } from "./limits.ts";

export async function discardBody(request: Request): Promise<void> {
  const { body } = request;
  if (body === null || body.locked) return;
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), GATEWAY_LIMITS.discardMs);
  let bytes = 0;
  try {
    while (bytes <= GATEWAY_LIMITS.maxDiscardBytes) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
    await reader.cancel();
  } catch {
    // the client is gone: nobody waits for the answer
  } finally {
    clearTimeout(timer);
  }
}
