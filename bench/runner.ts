// A run from start to end: one upstream, one generator, and for each storage all rows side by side.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ChildService } from "./child-service.ts";
import type { CleanUp } from "./clean-up.ts";
import { startAutocannon } from "./load/autocannon.ts";
import type { LoadGenerator } from "./load/generator.ts";
import { startWrk, wrkInstalled } from "./load/wrk.ts";
import { applyLoad, type Bench, checkRow, measure } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import { benchRoute } from "./route.ts";
import type { Row, RunningRow, Storage } from "./row.ts";
import { ROWS } from "./rows/index.ts";
import type { Sample } from "./sample.ts";
import { schedule } from "./schedule.ts";
import { hasMemoryStorage, makeStateDir } from "./state.ts";

export interface Prepared extends Bench {
  readonly upstreamUrl: string;
}

/** Starts what all rows share. */
export async function prepare(options: BenchOptions, cleanUp: CleanUp): Promise<Prepared> {
  const upstream = new ChildService(fileURLToPath(new URL("./mock-upstream.ts", import.meta.url)));
  cleanUp.add(() => upstream.stop());
  const { port } = await upstream.next<{ port: number }>();
  const generator = await chooseGenerator(options.generator);
  cleanUp.add(() => generator.close());
  return {
    upstreamUrl: `http://127.0.0.1:${port}`,
    upstreamPid: upstream.pid,
    generator,
    route: benchRoute(options.route, options.promptChars),
    seconds: options.seconds,
  };
}

async function chooseGenerator(name: BenchOptions["generator"]): Promise<LoadGenerator> {
  if (name === "autocannon") return startAutocannon();
  if (await wrkInstalled()) return startWrk();
  if (name === "wrk") throw new Error("wrk is not installed");
  return startAutocannon();
}

export interface Outcome {
  readonly samples: readonly Sample[];
  /** what a reader of the figures must know */
  readonly notes: readonly string[];
}

/** @param progress told what is measured next */
export async function runBench(
  options: BenchOptions,
  bench: Prepared,
  cleanUp: CleanUp,
  progress: (text: string) => void,
): Promise<Outcome> {
  const samples: Sample[] = [];
  const notes: string[] = [];
  for (const storage of options.storages) {
    if (storage === "memory" && !hasMemoryStorage()) {
      notes.push("no memory-backed file system at /dev/shm: not measured");
      continue;
    }
    const { rows, asNamed, dispose } = await startRows(options, bench, storage, cleanUp, progress);
    if (!asNamed) notes.push(`the folder for ${storage} is not on a ${storage}: read its figures accordingly`);
    const measured: Sample[] = [];
    for (const slot of schedule([...rows.keys()], options.connections, options.rounds)) {
      progress(
        `${storage}, round ${slot.round + 1} of ${options.rounds}, ${slot.connections} connections: ${slot.row}`,
      );
      measured.push(await measure(bench, storage, slot, rows.get(slot.row) as RunningRow));
    }
    samples.push(...measured);
    for (const [name, row] of rows) {
      progress(`${storage}: looking at what ${name} did`);
      const answers = measured.filter((sample) => sample.row === name).reduce((sum, { ok }) => sum + ok, 0);
      await row.verify(answers + row.authorizations.length);
    }
    await dispose();
  }
  return { samples, notes };
}

async function startRows(
  options: BenchOptions,
  bench: Prepared,
  storage: Storage,
  cleanUp: CleanUp,
  progress: (text: string) => void,
) {
  const state = makeStateDir(storage);
  cleanUp.add(() => state.remove());
  const rows = new Map<string, RunningRow>();
  for (const row of ROWS.filter(({ name }) => options.rows.includes(name))) {
    progress(`${storage}: starting ${row.name}`);
    rows.set(row.name, await startRow(row, options, bench, join(state.path, row.name), cleanUp));
  }
  // the first measurement is to be of code that the engine has compiled
  for (const [name, row] of rows) {
    progress(`${storage}: warming ${name}`);
    const load = await applyLoad(bench, row, 16, Math.min(2, options.seconds));
    if (load.errors + load.non2xx > 0)
      throw new Error(`${name} had ${load.errors} errors and ${load.non2xx} answers other than 2xx`);
  }
  const dispose = async () => {
    for (const row of rows.values()) await row.dispose();
    state.remove();
  };
  return { rows, asNamed: state.asNamed, dispose };
}

/** Starts one row and sees that it answers. */
export async function startRow(
  row: Row,
  options: Pick<BenchOptions, "keys" | "limits" | "profile">,
  bench: Pick<Prepared, "upstreamUrl" | "route">,
  stateDir: string,
  cleanUp: CleanUp,
): Promise<RunningRow> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const { upstreamUrl } = bench;
  const { keys, limits, profile } = options;
  const started = await row.start({ upstreamUrl, stateDir, keys, limits, inspect: profile });
  let stopping: Promise<void> | undefined;
  const dispose = () => {
    stopping ??= started.dispose();
    return stopping;
  };
  cleanUp.add(dispose);
  await checkRow(row.name, bench.route, started);
  return { ...started, dispose };
}
