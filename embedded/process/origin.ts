// The origin agent as a child: spoken to over its standard input, heard on its standard output (origin/messages.ts).
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type AgentMessage,
  type ConfigureInput,
  type FailureCode,
  type LoadInput,
  messageLine,
} from "../../origin/messages.ts";
import { endChild, exitOf } from "./exit.ts";

const MAIN = fileURLToPath(new URL("../../origin/main.ts", import.meta.url));
const STOP_MS = 4_000;

/** The agent gave up; the code is the agent's own. */
export class OriginFailure extends Error {
  override readonly name = "OriginFailure";
  /** null where it ended without saying why */
  readonly code: FailureCode | null;
  constructor(message: string, code: FailureCode | null) {
    super(message);
    this.code = code;
  }
}

export interface OriginProcess {
  readonly url: string;
  readonly pid: number;
  readonly gone: Promise<unknown>;
  /** Resolves once the model answers. @throws OriginFailure */
  load(message: LoadInput): Promise<void>;
  stop(): Promise<void>;
}

/** @throws OriginFailure where the agent ends before it listens */
export async function startOrigin(configure: ConfigureInput, log: (text: string) => void): Promise<OriginProcess> {
  const child = spawn(process.execPath, [MAIN], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => {});
  createInterface({ input: child.stderr }).on("line", log);
  const messages = new Messages(child);
  child.stdin.write(messageLine(configure));
  const { port } = await messages.first("listening");
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    gone: exitOf(child),
    load: async (message) => {
      child.stdin.write(messageLine(message));
      await messages.first("ready");
    },
    stop: async () => {
      child.stdin.end(messageLine({ type: "stop" }));
      const patience = setTimeout(() => void endChild(child, STOP_MS), STOP_MS);
      await exitOf(child);
      clearTimeout(patience);
    },
  };
}

type MessageOf<Event extends AgentMessage["event"]> = Extract<AgentMessage, { event: Event }>;

/** What the agent has said, in order, for whoever waits for it. */
class Messages {
  readonly #heard: AgentMessage[] = [];
  #failure: OriginFailure | null = null;
  #wake: () => void = () => {};

  constructor(child: ChildProcess) {
    if (child.stdout === null) throw new TypeError("the agent's standard output is not piped");
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line));
    void exitOf(child).then(({ code, signal }) =>
      this.#fail(new OriginFailure(`The origin agent ended (${signal ?? `exit code ${code}`}).`, null)),
    );
  }

  /** @throws OriginFailure where the agent fails or ends first */
  async first<Event extends AgentMessage["event"]>(event: Event): Promise<MessageOf<Event>> {
    for (;;) {
      const found = this.#heard.find((message): message is MessageOf<Event> => message.event === event);
      if (found !== undefined) return found;
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #hear(line: string): void {
    let message: AgentMessage;
    try {
      message = JSON.parse(line) as AgentMessage;
    } catch {
      // a native library's own print is no message
      return;
    }
    this.#heard.push(message);
    if (message.event === "failed")
      this.#fail(new OriginFailure(`The origin agent could not serve the model: ${message.code}.`, message.code));
    this.#wake();
  }

  #fail(failure: OriginFailure): void {
    this.#failure ??= failure;
    this.#wake();
  }
}
