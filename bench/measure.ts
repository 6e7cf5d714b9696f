// One measurement: load on one row, and the CPU time that it cost.
import { setTimeout as sleep } from "node:timers/promises";
import { LOAD_HEADERS, type LoadGenerator } from "./load/generator.ts";
import { cpuMicroseconds } from "./process-cpu.ts";
import type { Route } from "./route.ts";
import type { RunningRow, Storage } from "./row.ts";
import type { Sample } from "./sample.ts";
import type { Slot } from "./schedule.ts";

const WINDOW_MS = 200;
/** Less than this share of a core in two windows in a row is rest. */
const RESTING = 0.1;
const MOST_WINDOWS = 25;

export interface Bench {
  readonly generator: LoadGenerator;
  readonly upstreamPid: number;
  readonly route: Route;
  readonly seconds: number;
}

export async function measure(bench: Bench, storage: Storage, slot: Slot, row: RunningRow): Promise<Sample> {
  const cpuBefore = cpuMicroseconds(row.pids);
  const upstreamBefore = cpuMicroseconds([bench.upstreamPid]);
  const load = await applyLoad(bench, row, slot.connections, bench.seconds);
  await untilAtRest(row.pids);
  const cpuAfter = cpuMicroseconds(row.pids);
  const upstreamAfter = cpuMicroseconds([bench.upstreamPid]);
  const answered = load.ok + load.non2xx;
  const busy = (us: number | null) => (us === null ? null : us / (load.elapsedMs * 1000));
  return {
    storage,
    ...slot,
    requestsPerSecond: (load.ok / load.elapsedMs) * 1000,
    p50Ms: load.p50Ms,
    p99Ms: load.p99Ms,
    cpuUs: cpuBefore === null || cpuAfter === null || row.pids.length === 0 ? null : (cpuAfter - cpuBefore) / answered,
    ok: load.ok,
    non2xx: load.non2xx,
    errors: load.errors,
    generatorBusy: busy(load.generatorCpuUs),
    upstreamBusy: upstreamBefore === null || upstreamAfter === null ? null : busy(upstreamAfter - upstreamBefore),
  };
}

/**
 * Waits for what a row still does after its last answer (settlements, the log): it is part of what a request costs, and
 * would otherwise slow the row that is measured next. Gives up after five seconds.
 */
async function untilAtRest(pids: readonly number[]): Promise<void> {
  let last = cpuMicroseconds(pids);
  for (let windows = 0, quiet = 0; windows < MOST_WINDOWS && quiet < 2; windows++) {
    await sleep(WINDOW_MS);
    const now = cpuMicroseconds(pids);
    const rests = now === null || last === null || now - last < RESTING * WINDOW_MS * 1000;
    quiet = rests ? quiet + 1 : 0;
    last = now;
  }
}

export function applyLoad(
  bench: Pick<Bench, "generator" | "route">,
  row: RunningRow,
  connections: number,
  seconds: number,
) {
  const { path, body } = bench.route;
  const { url, headers, authorizations } = row;
  return bench.generator.run({ url, path, body, headers, authorizations, connections, seconds });
}

/**
 * Asks once with each credential, so that no figure is ever of a server that answers something else.
 * @throws where an answer is not the upstream's
 */
export async function checkRow(name: string, route: Route, row: RunningRow): Promise<void> {
  for (const authorization of row.authorizations) {
    const response = await fetch(row.url + route.path, {
      method: "POST",
      headers: { ...LOAD_HEADERS, ...row.headers, authorization },
      body: route.body,
    });
    const text = await response.text();
    if (!response.ok || !text.includes(route.expect))
      throw new Error(`${name} answered ${response.status}: ${text.slice(0, 300)}`);
  }
}
