// Waits until the platform answers that it is ready.
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "./stop-reason.ts";

const PATIENCE_MS = 30_000;
const PAUSE_MS = 50;

/** @throws StartError with what `/readyz` said last */
export async function awaitReady(url: string, signal: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let last = "nothing answered";
  while (performance.now() < giveUpAt) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${url}/readyz`);
      const text = await response.text();
      if (response.status === 200) return;
      last = text.slice(0, 300);
    } catch {
      last = "nothing answered";
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
  throw new StartError(`The platform does not become ready: ${last}`);
}
