// Sees that Bartizan was measured with everything on: each request that it answered stands in the log with its intent
// and its outcome, and the sink's collector has all of the log.
import { setTimeout as sleep } from "node:timers/promises";

/** The log is 2 s behind at most; a machine that the benchmark has just worn out is given more. */
const PATIENCE_MS = 30_000;
const LEAVES_A_REQUEST = 2;

/**
 * @param headers with an auditor's key
 * @throws where the log or the sink is still short of what was answered when patience ends
 */
export async function verifyLog(url: string, headers: Readonly<Record<string, string>>, answered: number) {
  const wanted = answered * LEAVES_A_REQUEST;
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const [logged, delivered] = [await logSize(url, headers), await deliveredEntries(url, headers)];
    if (logged >= wanted && delivered >= wanted) return;
    if (performance.now() > end)
      throw new Error(
        `bartizan answered ${answered} requests; of ${wanted} leaves ${logged} are logged, ${delivered} sent`,
      );
    await sleep(250);
  }
}

/** The second line of the checkpoint (C2SP tlog-checkpoint); 0 while there is none. */
async function logSize(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetch(`${url}/audit/v1/checkpoint`, { headers });
  const note = await response.text();
  return response.ok ? Number(note.split("\n")[1]) : 0;
}

interface Sinks {
  readonly sinks: readonly { readonly logs: readonly { readonly next_index: number }[] }[];
}

/** Entries that the slowest sink's collector has taken. */
async function deliveredEntries(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetch(`${url}/audit/v1/sinks`, { headers });
  if (!response.ok) return 0;
  const { sinks } = (await response.json()) as Sinks;
  return Math.min(...sinks.map(({ logs }) => logs.reduce((sum, log) => sum + log.next_index, 0)));
}
