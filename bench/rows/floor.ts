// Row B: the floor.
import { fileURLToPath } from "node:url";
import { bundleWorker } from "../../embedded/workers/bundle.ts";
import type { Row } from "../row.ts";
import { startWorker } from "./miniflare-row.ts";

export const floorRow: Row = {
  name: "floor",
  what: "the proxy plus one Durable Object call with one durable row, grouped",
  async start(setting) {
    const { text: code } = await bundleWorker(fileURLToPath(new URL("../workers/floor.ts", import.meta.url)));
    const worker = {
      bindings: { UPSTREAM: setting.upstreamUrl },
      durableObjects: { LEDGER: { className: "FloorLedger", useSQLite: true } },
    };
    const running = await startWorker("bench-floor", code, worker, setting);
    const authorizations = plainAuthorizations(setting.keys);
    const verify = async (answered: number) => {
      const rows = (await floorCounts(running.url, authorizations)).reduce((sum, count) => sum + count.rows, 0);
      if (rows < answered) throw new Error(`the floor answered ${answered} requests and has ${rows} rows`);
    };
    return { ...running, headers: {}, authorizations, verify };
  },
};

/** Of each credential's ledger: rows, and the turns in which they were written. */
export async function floorCounts(url: string, authorizations: readonly string[]): Promise<FloorCounts[]> {
  const counts: FloorCounts[] = [];
  for (const authorization of authorizations)
    counts.push((await (await fetch(`${url}/floor/counts`, { headers: { authorization } })).json()) as FloorCounts);
  return counts;
}

export interface FloorCounts {
  readonly rows: number;
  readonly commits: number;
}

/** Credentials of servers that look at none: about as long as a real token, one a ledger. */
export function plainAuthorizations(keys: number): string[] {
  return Array.from({ length: keys }, (_, i) => `Bearer ${`bench-${i}-`.padEnd(400, "x")}`);
}
