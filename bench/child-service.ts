// A child process of the runner with a channel: one message out, one message back.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

export class ChildService {
  readonly #child: ChildProcess;

  /** @param file a TypeScript module; it ends by itself when its channel is closed */
  constructor(file: string) {
    this.#child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }

  /** @throws where the process never started */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("a process of the benchmark did not start");
    return this.#child.pid;
  }

  send(message: object): void {
    this.#child.send(message);
  }

  /**
   * The next message of the child.
   * @throws where the child ends first
   */
  async next<T>(): Promise<T> {
    const over = new AbortController();
    const { signal } = over;
    try {
      const ended = once(this.#child, "exit", { signal }).then(([code]) => {
        throw new Error(`a process of the benchmark ended by itself (${code})`);
      });
      const [message] = await Promise.race([once(this.#child, "message", { signal }), ended]);
      return message as T;
    } finally {
      over.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }
}
