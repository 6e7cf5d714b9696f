// Row B: the floor.
import { bundleWorker } from "../bundle.ts";
import type { Row } from "../row.ts";
import { startWorker } from "./miniflare-row.ts";

export const floorRow: Row = {
  name: "floor",
  what: "the proxy plus one Durable Object call with one durable row, grouped",
  async start(setting) {
    const { code, sourceMap } = await bundleWorker("bench/workers/floor.ts");
    const worker = {
      modules: true,
      script: code,
      bindings: { UPSTREAM: setting.upstreamUrl },
      durableObjects: { LEDGER: { className: "FloorLedger", useSQLite: true } },
    };
    const running = await startWorker("bench-floor", worker, setting);
    return { ...running, sourceMap, headers: {}, authorizations: plainAuthorizations(setting.keys) };
  },
};

/** Credentials of servers that look at none: about as long as a real token, one a ledger. */
export function plainAuthorizations(keys: number): string[] {
  return Array.from({ length: keys }, (_, i) => `Bearer ${`bench-${i}-`.padEnd(400, "x")}`);
}
