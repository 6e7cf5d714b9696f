// What the guards cost inside workerd: CPU time of a prompt of 200 bytes and of 8 KB, of an answer as it streams, and how
// time grows with a text that was made to slow them down. Everything together, as the pipeline calls it.
//   node bench/guards/cost.ts [--quick]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { cpuMicroseconds } from "../process-cpu.ts";
import { type RunningWorker, startWorker } from "../rows/miniflare-row.ts";
import { HOSTILE, prose } from "./hostile-texts.ts";

interface Cost {
  readonly name: string;
  /** CPU milliseconds of one judgement, mean over many */
  readonly mean_ms: number;
  /** from outside, less an empty request's median: a busy machine shows here */
  readonly p50_ms: number;
  readonly p99_ms: number;
}

interface Growth {
  readonly name: string;
  readonly ms_per_mb: number;
  /** CPU of twice the text over that of once, the last doublings */
  readonly ratios: readonly number[];
}

export interface CostReport {
  readonly prompt: readonly Cost[];
  readonly answer: readonly Cost[];
  readonly growth: readonly Growth[];
}

export async function measureCost(quick: boolean): Promise<CostReport> {
  const stateDir = mkdtempSync(join(tmpdir(), "bench-guards-"));
  const entry = fileURLToPath(new URL("./workers/judge.ts", import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
  });
  const worker = await startWorker("judge", outputFiles[0]?.text ?? "", {}, { stateDir, inspect: false } as never);
  try {
    const rounds = quick ? 200 : 1000;
    const prompt = [
      await cost(worker, "prompt", "200 bytes", 200, rounds),
      await cost(worker, "prompt", "8 KB", 8192, rounds),
    ];
    const answer = [
      await cost(worker, "answer", "1 KB", 1024, rounds / 4),
      await cost(worker, "answer", "8 KB", 8192, rounds / 4),
    ];
    const growth: Growth[] = [];
    for (const [name, make] of Object.entries(HOSTILE)) growth.push(await grow(worker, name, make, quick));
    return { prompt, answer, growth };
  } finally {
    await worker.dispose();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

async function cost(worker: RunningWorker, kind: string, name: string, chars: number, rounds: number): Promise<Cost> {
  const text = prose(chars);
  const ask = (times: number) => timed(worker, `/${kind}?times=${times}`, text);
  // the first judgements compile, and fill the automaton
  for (let i = 0; i < 5; i++) await ask(10);
  const empty: number[] = [];
  const once: number[] = [];
  for (let i = 0; i < rounds; i++) {
    empty.push(await ask(0));
    once.push(await ask(1));
  }
  empty.sort((a, b) => a - b);
  once.sort((a, b) => a - b);
  const base = empty[Math.floor(empty.length / 2)] ?? 0;
  const at = (share: number) => Math.max(0, (once[Math.floor((once.length - 1) * share)] ?? 0) - base);
  const times = Math.max(10, Math.round(rounds / 4));
  const before = cpuMicroseconds(worker.pids);
  await ask(times);
  const after = cpuMicroseconds(worker.pids);
  const mean = before === null || after === null ? Number.NaN : (after - before) / 1000 / times;
  return { name, mean_ms: round(mean), p50_ms: round(at(0.5)), p99_ms: round(at(0.99)) };
}

async function grow(
  worker: RunningWorker,
  name: string,
  make: (chars: number) => string,
  quick: boolean,
): Promise<Growth> {
  const largest = quick ? 262_144 : 1_048_576;
  const spent: number[] = [];
  for (const chars of [largest / 4, largest / 2, largest]) {
    const text = make(chars);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 2; i++) {
      const before = cpuMicroseconds(worker.pids) ?? 0;
      await timed(worker, "/prompt?times=1", text);
      least = Math.min(least, (cpuMicroseconds(worker.pids) ?? 0) - before);
    }
    spent.push(least / 1000);
  }
  const ratios = spent.slice(1).map((ms, at) => round(ms / Math.max(1, spent[at] ?? 1)));
  return { name, ms_per_mb: round(((spent.at(-1) ?? 0) * 1_048_576) / largest), ratios };
}

async function timed(worker: RunningWorker, path: string, text: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(worker.url + path, { method: "POST", body: text });
  await response.text();
  if (!response.ok) throw new Error(`the guards failed: ${response.status}`);
  return performance.now() - started;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  console.log(JSON.stringify(await measureCost(process.argv.includes("--quick")), null, 1));
