// CPU time of other processes, from Linux's /proc (proc_pid_stat(5)). Elsewhere there is none to read and the report
// says so.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** `comm`: the executable's name, cut to 15 bytes */
  readonly name: string;
  /** clock ticks in user mode, all threads, ended ones included */
  readonly userTicks: number;
  readonly systemTicks: number;
}

/**
 * Parses one line of /proc/PID/stat. The second field is a name in parentheses that may itself hold spaces and
 * parentheses, so fields are counted from the last one.
 */
export function parseStat(line: string): ProcessStat {
  const open = line.indexOf("(");
  const close = line.lastIndexOf(")");
  const rest = line.slice(close + 2).split(" ");
  return {
    pid: Number(line.slice(0, open)),
    name: line.slice(open + 1, close),
    parent: Number(rest[1]),
    userTicks: Number(rest[11]),
    systemTicks: Number(rest[12]),
  };
}

const hasProc = existsSync("/proc/self/stat");
let ticksPerSecond: number | undefined;

/**
 * CPU time that these processes have used so far, in microseconds; null where the system does not tell.
 * @throws where a process is gone: a row whose runtime died has no figures
 */
export function cpuMicroseconds(pids: readonly number[]): number | null {
  if (!hasProc) return null;
  ticksPerSecond ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  let ticks = 0;
  for (const pid of pids) {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    ticks += stat.userTicks + stat.systemTicks;
  }
  return (ticks * 1_000_000) / ticksPerSecond;
}

/** This process's children of that name; none where the system does not tell. */
export function childProcesses(name: string): number[] {
  if (!hasProc) return [];
  const found: number[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = parseStat(readFileSync(`/proc/${entry}/stat`, "utf8"));
      if (stat.parent === process.pid && stat.name === name) found.push(stat.pid);
    } catch {
      // it ended between the listing and the reading
    }
  }
  return found;
}
