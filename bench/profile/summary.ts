// What a sampling profile says, summed up: self time by function and by source file. Time in the runtime's own functions
// (`fetch`, SQL, WebCrypto, streams) counts for the file that called them, since that is where it can be saved.
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
  readonly rooms: readonly Share[];
}

/** Where a function stands; null for one of the runtime's own. */
export interface Place {
  readonly file: string;
  /** line of the bundle from the module's first one on: close to the source's, which has types and comments besides */
  readonly line: number;
}

interface Named {
  readonly function: string;
  readonly file: string;
}

export function summariseProfile(profile: CpuProfile, placeOf: (frame: CallFrame) => Place | null): ProfileSummary {
  const nameOf = namer(profile, placeOf);
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  let busyUs = 0;
  profile.samples.forEach((id, i) => {
    const named = nameOf(id);
    const time = profile.timeDeltas[i] ?? 0;
    if (named === undefined || named.function === "(idle)") return;
    busyUs += time;
    functions.set(named.function, (functions.get(named.function) ?? 0) + time);
    files.set(named.file, (files.get(named.file) ?? 0) + time);
  });
  const rooms = new Map<string, number>();
  for (const [file, time] of files) rooms.set(roomOf(file), (rooms.get(roomOf(file)) ?? 0) + time);
  return { busyUs, functions: descending(functions), files: descending(files), rooms: descending(rooms) };
}

/** `workers/gateway`, `durable-objects/account-ledger`, `protocol`, or a package's name. */
function roomOf(file: string): string {
  return /^(?:(?:workers|durable-objects)\/[^/]+(?=\/)|@[^/]+\/[^/]+|[^/]+)/.exec(file)?.[0] ?? file;
}

/** Names a node of the profile's tree by its function, and by its caller where the function is not ours. */
function namer(profile: CpuProfile, placeOf: (frame: CallFrame) => Place | null) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  return (id: number): Named | undefined => {
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined) return undefined;
    const name = frame.functionName || "(anonymous)";
    const own = placeOf(frame);
    if (own !== null) return { function: `${name} ${own.file} +${own.line}`, file: own.file };
    for (let above = parents.get(id); above !== undefined; above = parents.get(above)) {
      const caller = nodes.get(above)?.callFrame;
      const place = caller === undefined ? null : placeOf(caller);
      if (place !== null) return { function: `${name} ← ${place.file} +${place.line}`, file: place.file };
    }
    // `(program)` and `(garbage collector)` are no functions; others were called by the runtime itself
    return frame.url === "" && name.startsWith("(") && name !== "(anonymous)"
      ? { function: name, file: name }
      : { function: `${name} (runtime)`, file: "(runtime)" };
  };
}

function descending(times: ReadonlyMap<string, number>): Share[] {
  return [...times].map(([name, selfUs]) => ({ name, selfUs })).sort((a, b) => b.selfUs - a.selfUs);
}

/**
 * Where a frame's function stands in the sources, by the `// path` comment that the bundler puts before each module.
 * @param code the bundle, not minified
 */
export function sourceFinder(code: string): (frame: CallFrame) => Place | null {
  const modules: { readonly file: string; readonly firstLine: number }[] = [];
  code.split("\n").forEach((text, line) => {
    const path = /^\/\/ (\S+\.[a-z]+)$/.exec(text)?.[1];
    if (path !== undefined) modules.push({ file: path.replace(/^.*node_modules\//, ""), firstLine: line + 1 });
  });
  return ({ url, lineNumber }) => {
    if (url === "" || /^[a-z]+-internal:/.test(url)) return null;
    const module = modules.findLast(({ firstLine }) => firstLine <= lineNumber);
    return module === undefined ? null : { file: module.file, line: lineNumber - module.firstLine + 1 };
  };
}
