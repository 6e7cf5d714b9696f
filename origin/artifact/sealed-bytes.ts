// A sealed artifact as a stream that survives a broken connection: what is missing is asked for with Range.
import { LoadFailure } from "../failure.ts";
import { faultOf, log } from "../log.ts";
import type { ControlClient } from "./control-client.ts";

/** A connection that brings nothing for this long is given up and resumed. */
const STALL_MS = 30_000;
/** Resumptions without a single byte between them. */
const MAX_BARREN_TRIES = 5;

/**
 * The bytes of the object at `path`, which must have exactly this size.
 * @throws LoadFailure
 */
export async function* sealedBytes(
  control: ControlClient,
  path: string,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let received = 0;
  let barren = 0;
  while (received < size) {
    const before = received;
    for await (const piece of attempt(control, path, received)) {
      received += piece.length;
      if (received > size) throw new LoadFailure("artifact_rejected");
      yield piece;
    }
    barren = received === before ? barren + 1 : 0;
    if (barren === MAX_BARREN_TRIES) throw new LoadFailure("control_unreachable");
    if (received < size) log("artifact_resumed", { received, size });
  }
}

/** One connection, to its end or its break. */
async function* attempt(
  control: ControlClient,
  path: string,
  from: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), STALL_MS);
  try {
    const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` };
    const { response } = await control.request("GET", path, { headers, signal: stalled.signal });
    // a whole object in answer to a range would be written at the wrong place
    if (response.status !== (from === 0 ? 200 : 206) || response.body === null) {
      await response.body?.cancel();
      throw new LoadFailure("artifact_rejected");
    }
    for await (const piece of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), STALL_MS);
      yield piece;
    }
  } catch (error) {
    if (error instanceof LoadFailure) throw error;
    log("artifact_interrupted", { from, fault: faultOf(error) });
  } finally {
    clearTimeout(timer);
  }
}
