// The report: a table for people, or the same as one JSON document.
import { createRequire } from "node:module";
import { cpus, loadavg } from "node:os";
import Table from "cli-table3";
import type { BenchOptions } from "./options.ts";
import { ROWS } from "./rows/index.ts";
import { type Sample, type Summary, summarise } from "./sample.ts";
import { snakeCase } from "./snake-case.ts";

/** What the road aims at: at least this share of the floor's requests/s, at most this much over it at p50. */
export const AIM = { shareOfFloor: 0.8, p50MsAdded: 1 } as const;
/** A tool that uses more than this share of its core was itself a part of what was measured. */
const BUSY = 0.9;

export interface Report {
  readonly generator: string;
  readonly options: BenchOptions;
  readonly samples: readonly Sample[];
  readonly notes: readonly string[];
}

export function jsonReport({ generator, options, samples, notes }: Report): string {
  const { route, keys, limits, rounds, seconds, promptChars } = options;
  const document = {
    machine: { cpus: cpus().length, cpu: cpus()[0]?.model ?? "unknown", load1m: loadavg()[0] },
    versions: { node: process.version, workerd: workerdVersion() },
    generator,
    ...{ route, keys, limits, rounds, seconds, promptChars },
    aim: AIM,
    notes: [...notes, ...toolNotes(samples)],
    results: summarise(samples),
    samples,
  };
  return JSON.stringify(snakeCase(document), null, 2);
}

export function textReport({ generator, options, samples, notes }: Report): string {
  const summaries = summarise(samples);
  const lines = ROWS.filter(({ name }) => options.rows.includes(name)).map(({ name, what }) => `${name}: ${what}`);
  for (const [storage, group] of Map.groupBy(summaries, (summary) => summary.storage))
    lines.push("", `State ${storage === "disk" ? "on disk" : "in memory"}`, table(group));
  lines.push(
    "",
    `${options.rounds} round(s) of ${options.seconds} s, ${options.route}, ${options.keys} key(s), ${generator}; medians,`,
    "and ratios taken round by round. CPU is that of the runtime's process, its work after the answer included.",
    ...verdict(summaries),
    ...[...notes, ...toolNotes(samples)].map((note) => `Note: ${note}.`),
  );
  return lines.join("\n");
}

function table(group: readonly Summary[]): string {
  const head = [
    "conn",
    "row",
    "req/s",
    "p50 ms",
    "p99 ms",
    "CPU µs/req",
    "× floor",
    "p50 over floor",
    "× proxy",
    "faults",
  ];
  const rows = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, i) => (i === 1 ? "left" : "right")),
  });
  for (const one of group)
    rows.push([
      one.connections,
      one.row,
      Math.round(one.requestsPerSecond),
      one.p50Ms.toFixed(2),
      one.p99Ms.toFixed(2),
      one.cpuUs === null ? "–" : Math.round(one.cpuUs),
      one.toFloor?.requestsPerSecond.toFixed(2) ?? "–",
      one.toFloor === null ? "–" : signed(one.toFloor.p50MsAdded),
      one.toProxy?.requestsPerSecond.toFixed(2) ?? "–",
      one.non2xx + one.errors,
    ]);
  return rows.toString();
}

function verdict(summaries: readonly Summary[]): string[] {
  return summaries.flatMap(({ row, storage, connections, toFloor }) => {
    if (row !== "bartizan" || toFloor === null) return [];
    const met = toFloor.requestsPerSecond >= AIM.shareOfFloor && toFloor.p50MsAdded <= AIM.p50MsAdded;
    const figures = `${toFloor.requestsPerSecond.toFixed(2)} of the floor, ${signed(toFloor.p50MsAdded)} ms`;
    return [
      `Aim (${AIM.shareOfFloor} and +${AIM.p50MsAdded} ms) ${met ? "met" : "not met"}: ${storage}, ${connections}: ${figures}`,
    ];
  });
}

function toolNotes(samples: readonly Sample[]): string[] {
  const busiest = (field: "generatorBusy" | "upstreamBusy") =>
    Math.max(0, ...samples.map((sample) => sample[field] ?? 0));
  const note = (what: string, busy: number) =>
    busy > BUSY ? [`the ${what} used up to ${Math.round(busy * 100)} % of a core and may be what was measured`] : [];
  return [...note("load generator", busiest("generatorBusy")), ...note("mock upstream", busiest("upstreamBusy"))];
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(2)}`;
}

function workerdVersion(): string {
  // the package has no types of its own
  return (createRequire(import.meta.url)("workerd/package.json") as { version: string }).version;
}
