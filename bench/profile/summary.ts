// What a sampling profile says, summed up: self time by function and by source file.
import { SourceMap } from "node:module";
import type { CallFrame, CpuProfile } from "./inspector.ts";

export interface Share {
  readonly name: string;
  /** microseconds in which this was on top of the stack */
  readonly selfUs: number;
}

export interface ProfileSummary {
  /** all time but `(idle)` */
  readonly busyUs: number;
  /** the most expensive first */
  readonly functions: readonly Share[];
  readonly files: readonly Share[];
}

export interface Place {
  readonly file: string;
  /** counted from 1 */
  readonly line: number | null;
}

export function summariseProfile(profile: CpuProfile, placeOf: (frame: CallFrame) => Place): ProfileSummary {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  let busyUs = 0;
  profile.samples.forEach((id, i) => {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === "(idle)") return;
    const time = profile.timeDeltas[i] ?? 0;
    busyUs += time;
    const { file, line } = placeOf(frame);
    const at = line === null ? file : `${file}:${line}`;
    const name = file === frame.functionName ? file : `${frame.functionName || "(anonymous)"} ${at}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
    files.set(file, (files.get(file) ?? 0) + time);
  });
  return { busyUs, functions: descending(functions), files: descending(files) };
}

function descending(times: ReadonlyMap<string, number>): Share[] {
  return [...times].map(([name, selfUs]) => ({ name, selfUs })).sort((a, b) => b.selfUs - a.selfUs);
}

/** Where a frame's function stands in the sources, by the bundle's source map. */
export function sourceFinder(sourceMap: string): (frame: CallFrame) => Place {
  const map = new SourceMap(JSON.parse(sourceMap));
  return ({ functionName, url, lineNumber, columnNumber }) => {
    // `(program)`, `(garbage collector)`: no function at all
    if (url === "" && functionName.startsWith("(")) return { file: functionName, line: null };
    if (url === "") return { file: "(built in)", line: null };
    if (url.startsWith("node-internal:") || url.startsWith("cloudflare-internal:")) return { file: url, line: null };
    const entry = map.findEntry(lineNumber, columnNumber);
    if (!("originalSource" in entry)) return { file: url, line: lineNumber + 1 };
    return { file: entry.originalSource.replace(/^.*node_modules\//, ""), line: entry.originalLine + 1 };
  };
}
