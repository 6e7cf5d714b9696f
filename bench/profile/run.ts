// `--profile`: Bartizan alone under load, with the runtime's sampling profiler on. Profiling costs time of its own, so
// shares are to be read, not speeds. What the runtime does outside JavaScript (sockets, TLS, SQLite, streams) shows as
// `(program)`.

import { join } from "node:path";
import Table from "cli-table3";
import type { CleanUp } from "../clean-up.ts";
import { applyLoad } from "../measure.ts";
import type { BenchOptions } from "../options.ts";
import type { Row } from "../row.ts";
import { ROWS } from "../rows/index.ts";
import { type Prepared, startRow } from "../runner.ts";
import { snakeCase } from "../snake-case.ts";
import { hasMemoryStorage, makeStateDir } from "../state.ts";
import { connectInspector } from "./inspector.ts";
import { type Share, sourceFinder, summariseProfile } from "./summary.ts";

const SAMPLING_INTERVAL_US = 200;
const TOP = 25;

/** @returns the report, as text or with `--json` as JSON */
export async function profileBartizan(
  options: BenchOptions,
  bench: Prepared,
  cleanUp: CleanUp,
  progress: (text: string) => void,
): Promise<string> {
  // memory-backed unless told otherwise: waiting for a disk says nothing about where the CPU goes
  const storage = options.storages.includes("memory") && hasMemoryStorage() ? "memory" : "disk";
  const connections = options.connections.includes(16) ? 16 : (options.connections[0] ?? 16);
  // one row and no comparison: the last of those named, which is Bartizan unless --rows says otherwise
  const row = ROWS.findLast(({ name }) => options.rows.includes(name)) as Row;
  const state = makeStateDir(storage);
  cleanUp.add(() => state.remove());
  progress(`starting ${row.name}`);
  const running = await startRow(row, options, bench, join(state.path, row.name), cleanUp);
  if (running.inspectorUrl === null) throw new Error("the runtime has no inspector");
  progress("warming");
  await applyLoad(bench, running, connections, options.seconds);
  progress(`profiling at ${connections} connections`);
  const session = await connectInspector(running.inspectorUrl, running.worker);
  const { profile, result } = await session.profile(SAMPLING_INTERVAL_US, () =>
    applyLoad(bench, running, connections, options.seconds),
  );
  session.close();
  if (result.non2xx + result.errors > 0) throw new Error("there were errors or answers other than 2xx under load");
  const summary = summariseProfile(profile, sourceFinder(running.code));
  const perRequest = ({ name, selfUs }: Share) => ({
    name,
    share: selfUs / summary.busyUs,
    usPerRequest: selfUs / result.ok,
  });
  const functions = summary.functions.slice(0, TOP).map(perRequest);
  const files = summary.files.slice(0, TOP).map(perRequest);
  const rooms = summary.rooms.map(perRequest);
  if (options.json)
    return JSON.stringify(snakeCase({ requests: result.ok, busyUs: summary.busyUs, rooms, functions, files }), null, 2);
  return [
    `${row.name}: ${result.ok} requests at ${connections} connections, state ${storage}; self time, idle left out`,
    table("room", rooms),
    table("function", functions),
    table("file", files),
  ].join("\n\n");
}

function table(what: string, shares: readonly { name: string; share: number; usPerRequest: number }[]): string {
  const rows = new Table({
    head: [`self time by ${what}`, "%", "µs/request"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "right"],
  });
  for (const { name, share, usPerRequest } of shares)
    rows.push([name, (100 * share).toFixed(1), usPerRequest.toFixed(1)]);
  return rows.toString();
}
