// A client for the runtime's inspector: the Chrome DevTools Protocol over a WebSocket, as much of it as a sampling
// profile takes (https://chromedevtools.github.io/devtools-protocol/v8/Profiler/).

export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** counted from 0 */
  readonly lineNumber: number;
}

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  /** id of the node on top of the stack, one a sample */
  readonly samples: readonly number[];
  /** microseconds since the sample before */
  readonly timeDeltas: readonly number[];
}

interface Target {
  readonly id: string;
  readonly webSocketDebuggerUrl: string;
}

/**
 * @param inspectorUrl base URL, `ws:` or `http:`
 * @param worker name of the Worker whose isolate is meant
 * @throws where the inspector lists no such Worker
 */
export async function connectInspector(inspectorUrl: string, worker: string): Promise<InspectorSession> {
  const list = new URL("/json/list", inspectorUrl.replace(/^ws/, "http"));
  const targets = (await (await fetch(list)).json()) as Target[];
  const target = targets.find(({ id }) => id === `core:user:${worker}`);
  if (target === undefined) throw new Error(`the inspector lists no Worker ${worker}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error("the inspector refused the connection")), { once: true });
  });
  return new InspectorSession(socket);
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export class InspectorSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #lastId = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data)) as Reply));
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the inspector closed the connection"));
      this.#waiting.clear();
    });
  }

  call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#socket.send(JSON.stringify({ id, method, params }));
    return promise;
  }

  /** Samples the isolate while `work` runs. */
  async profile<T>(intervalUs: number, work: () => Promise<T>): Promise<{ profile: CpuProfile; result: T }> {
    await this.call("Profiler.enable");
    await this.call("Profiler.setSamplingInterval", { interval: intervalUs });
    await this.call("Profiler.start");
    const result = await work();
    const { profile } = (await this.call("Profiler.stop")) as { profile: CpuProfile };
    return { profile, result };
  }

  close(): void {
    this.#socket.close();
  }

  #receive({ id, result, error }: Reply): void {
    // without an id it is an event, and no event is awaited
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }
}
