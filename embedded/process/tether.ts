// Kills what this process started when this process is killed: workerd has no way of its own to notice. A shell, in a
// session of its own, waits at a pipe whose only other end is here; the pipe closes however this process ends.
import { type ChildProcess, spawn } from "node:child_process";

// `release` first forgets a process id, since the system may give it to someone else.
const SCRIPT = `
held=
while read -r verb pid; do
  case $verb in
    hold) held="$held $pid" ;;
    release) kept=; for p in $held; do [ "$p" = "$pid" ] || kept="$kept $p"; done; held=$kept ;;
    end) exit 0 ;;
  esac
done
[ -z "$held" ] || kill -9 $held 2>/dev/null
`;

export class Tether {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    // a tether that is gone holds nothing; the processes run on all the same
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  get pid(): number | null {
    return this.#shell.pid ?? null;
  }

  hold(pid: number): void {
    this.#tell(`hold ${pid}`);
  }

  release(pid: number): void {
    this.#tell(`release ${pid}`);
  }

  /** Holds nothing any more and goes. */
  end(): void {
    this.#tell("end");
    this.#shell.stdin?.end();
  }

  /** Kills what is held, now. */
  cut(): void {
    this.#shell.stdin?.end();
  }

  #tell(line: string): void {
    this.#shell.stdin?.write(`${line}\n`);
  }
}
