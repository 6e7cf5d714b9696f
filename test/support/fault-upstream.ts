// A server of OpenAI's API that fails on demand: the last user message names the fault. It records what it was sent.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Seen {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}

export interface FaultUpstream {
  readonly url: string;
  readonly seen: Seen[];
  /** resolves when the client of the given request (by its last message) has gone */
  closed(fault: string): Promise<void>;
  stop(): Promise<void>;
}

type Fault = (response: ServerResponse, seen: Seen) => void | Promise<void>;

const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function chunk(content: string, finish: string | null = null): string {
  const choice = { index: 0, delta: finish === null ? { content } : {}, finish_reason: finish };
  return `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "/secret/path.gguf", choices: [choice] })}\n\n`;
}

const usageChunk = `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [], usage: USAGE })}\n\n`;
const DONE = "data: [DONE]\n\n";

function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

function stream(response: ServerResponse, ...parts: string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const part of parts) response.write(part);
}

function completion(response: ServerResponse, content: string): void {
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  json(response, 200, {
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "/secret/path.gguf",
    choices,
    usage: USAGE,
  });
}

const FAULTS: Readonly<Record<string, Fault>> = {
  ok: (response, { body }) => {
    if (body.stream === true) {
      stream(response, chunk("One "), chunk("two "), chunk("three"), chunk("", "stop"), usageChunk, DONE);
      response.end();
      return;
    }
    completion(response, "One two three");
  },
  "What is the capital of France?": (response, { body }) => {
    if (body.stream !== true) return completion(response, "The capital of France is Paris.");
    stream(
      response,
      ...["The capital ", "of France ", "is ", "Paris."].map((piece) => chunk(piece)),
      chunk("", "stop"),
      usageChunk,
      DONE,
    );
    response.end();
  },
  echo: (response, { body }) => {
    completion(response, JSON.stringify(body));
  },
  "status-400": (response) =>
    json(response, 400, { error: { message: "secret-host.internal says no", type: "x", param: null, code: null } }),
  "status-401": (response) => json(response, 401, { error: { message: "bad upstream key" } }),
  "status-404": (response) => json(response, 404, { error: { message: "no such model" } }),
  "status-429": (response) => json(response, 429, { error: { message: "slow down" } }, { "retry-after": "3" }),
  "status-500": (response) => json(response, 500, { error: { message: "Traceback (most recent call last)" } }),
  "status-503": (response) => json(response, 503, { error: { message: "loading" } }),
  "status-504": (response) => json(response, 504, {}),
  html: (response) => {
    response.writeHead(502, { "content-type": "text/html" }).end("<html>nginx secret-host</html>");
  },
  "html-200": (response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>login</html>");
  },
  empty: (response) => {
    response.writeHead(200, { "content-type": "application/json" }).end();
  },
  redirect: (response) => {
    response.writeHead(307, { location: "http://127.0.0.1:9/elsewhere" }).end();
  },
  "json-error-200": (response) => json(response, 200, { error: { code: 400, message: "x" } }),
  "event-error-first": (response) => {
    stream(response, `data: ${JSON.stringify({ error: { code: 400, message: "bad" } })}\n\n`);
    response.end();
  },
  "comments-then-error": (response) => {
    stream(response, ": one\n\n", ": two\n\n", `data: ${JSON.stringify({ error: { code: 429, message: "bad" } })}\n\n`);
    response.end();
  },
  "error-after-content": (response) => {
    stream(response, chunk("One "), `data: ${JSON.stringify({ error: { code: 500, message: "secret" } })}\n\n`);
    response.end();
  },
  "cut-after-content": async (response) => {
    stream(response, chunk("One "));
    await sleep(50);
    response.destroy();
  },
  "late-error": async (response) => {
    await sleep(1500);
    json(response, 500, { error: { message: "late" } });
  },
  "slow-start": async (response) => {
    await sleep(1500);
    stream(response, chunk("late"), chunk("", "stop"), usageChunk, DONE);
    response.end();
  },
  endless: async (response) => {
    stream(response, chunk("One "));
    for (let i = 0; i < 500 && !response.destroyed; i++) {
      await sleep(20);
      response.write(chunk(`${i} `));
    }
    response.end();
  },
  silent: (response) => {
    stream(response, chunk("One "));
  },
  "no-usage": (response) => {
    stream(response, chunk("One "), chunk("two"), chunk("", "stop"), DONE);
    response.end();
  },
  "no-done": (response) => {
    stream(response, chunk("One "), chunk("", "stop"), usageChunk);
    response.end();
  },
  "crlf-pieces": async (response) => {
    const text = (chunk("Zwölf ") + chunk("Euro €") + chunk("", "stop") + usageChunk + DONE)
      .replaceAll("\n", "\r\n")
      .replaceAll("data: ", "data:");
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
    response.end();
  },
  huge: async (response) => {
    stream(response);
    const big = chunk("x".repeat(60_000));
    for (let i = 0; i < 400 && !response.destroyed; i++) {
      if (!response.write(big))
        await Promise.race([new Promise((resolve) => response.once("drain", resolve)), sleep(1000)]);
    }
    response.end();
  },
};

export async function startFaultUpstream(): Promise<FaultUpstream> {
  const seen: Seen[] = [];
  const closings = new Map<string, () => void>();
  const closedPromises = new Map<string, Promise<void>>();
  const closed = (fault: string): Promise<void> => {
    let promise = closedPromises.get(fault);
    if (promise === undefined) {
      promise = new Promise((resolve) => closings.set(fault, resolve));
      closedPromises.set(fault, promise);
    }
    return promise;
  };
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await readAll(request)) || "{}") as Record<string, unknown>;
    const record = { path: request.url ?? "", headers: request.headers, body };
    seen.push(record);
    const messages = (body.messages ?? []) as { content?: unknown }[];
    const fault = String(messages.at(-1)?.content ?? "ok");
    response.on("close", () => {
      closed(fault);
      closings.get(fault)?.();
    });
    response.on("error", () => undefined);
    if (request.url === "/v1/embeddings") {
      const inputs = Array.isArray(body.input) ? body.input : [body.input];
      json(response, 200, {
        object: "list",
        model: "m",
        data: inputs.map((_, index) => ({ object: "embedding", index, embedding: [0.5, -0.25, index] })),
        usage: { prompt_tokens: 4, total_tokens: 4 },
      });
      return;
    }
    const act = FAULTS[fault] ?? FAULTS.ok;
    await act?.(response, record);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    closed,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  return text;
}
