// What a sampling profile says, summed up: self time by function and by source file.
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
  /** line of the bundle from the module's first one on: close to the source's, which has types and comments besides */
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
    const at = line === null ? file : `${file} +${line}`;
    const name = file === frame.functionName ? file : `${frame.functionName || "(anonymous)"} ${at}`;
    functions.set(name, (functions.get(name) ?? 0) + time);
    files.set(file, (files.get(file) ?? 0) + time);
  });
  return { busyUs, functions: descending(functions), files: descending(files) };
}

function descending(times: ReadonlyMap<string, number>): Share[] {
  return [...times].map(([name, selfUs]) => ({ name, selfUs })).sort((a, b) => b.selfUs - a.selfUs);
}

/**
 * Where a frame's function stands in the sources, by the `// path` comment that the bundler puts before each module.
 * @param code the bundle, not minified
 */
export function sourceFinder(code: string): (frame: CallFrame) => Place {
  const modules: { readonly file: string; readonly firstLine: number }[] = [];
  code.split("\n").forEach((text, line) => {
    const path = /^\/\/ (\S+\.[a-z]+)$/.exec(text)?.[1];
    if (path !== undefined) modules.push({ file: path.replace(/^.*node_modules\//, ""), firstLine: line + 1 });
  });
  return ({ functionName, url, lineNumber }) => {
    // `(program)`, `(garbage collector)`: no function at all
    if (url === "") return { file: functionName.startsWith("(") ? functionName : "(built in)", line: null };
    if (/^[a-z]+-internal:/.test(url)) return { file: url, line: null };
    const module = modules.findLast(({ firstLine }) => firstLine <= lineNumber);
    if (module === undefined) return { file: url, line: lineNumber + 1 };
    return { file: module.file, line: lineNumber - module.firstLine + 1 };
  };
}
