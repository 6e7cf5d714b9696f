// The one upstream of a run: a server that speaks OpenAI's API with fixed answers, keep-alive, and as little work a
// request as it can. It behaves; faults are other servers' work.
// Run as a program it listens on a free port of the loopback and sends `{"port":N}` to the process that forked it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { apiError, completion, embeddings, models, streamEvents } from "./mock-replies.ts";

export const MOCK_MODEL = "mock-chat";
export const MOCK_EMBEDDING_MODEL = "mock-embed";

export interface MockUpstream {
  /** base URL without a trailing slash and without `/v1` */
  readonly url: string;
  readonly port: number;
  /** how many requests each path has answered */
  readonly answered: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const CHAT = Buffer.from(completion(MOCK_MODEL));
const STREAM = streamEvents(MOCK_MODEL, false).map((event) => Buffer.from(event));
const STREAM_WITH_USAGE = streamEvents(MOCK_MODEL, true).map((event) => Buffer.from(event));
const ONE_EMBEDDING = Buffer.from(embeddings(MOCK_EMBEDDING_MODEL, 1));
const MODELS = Buffer.from(models([MOCK_MODEL, MOCK_EMBEDDING_MODEL]));

/** @param port 0: any free one */
export async function startMockUpstream(port = 0): Promise<MockUpstream> {
  const answered = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    answered.set(path, (answered.get(path) ?? 0) + 1);
    collect(request, (body) => answer(`${request.method} ${path}`, body, response));
  });
  // a runtime that idles while another row is measured must find its connections as it left them
  server.keepAliveTimeout = 3_600_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", 4096, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the mock upstream has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    answered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function collect(request: IncomingMessage, done: (body: string) => void): void {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (part: string) => {
    body += part;
  });
  request.on("end", () => done(body));
}

interface AskedBody {
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean } | null;
  readonly input?: unknown;
}

function answer(route: string, body: string, response: ServerResponse): ServerResponse {
  if (route === "GET /v1/models") return json(response, 200, MODELS);
  // where a sink's records may go: they are taken and forgotten
  if (route === "POST /collector") return json(response, 200, "{}");
  if (route !== "POST /v1/chat/completions" && route !== "POST /v1/embeddings")
    return json(response, 404, apiError("no such route"));
  let asked: AskedBody;
  try {
    asked = JSON.parse(body) as AskedBody;
  } catch {
    return json(response, 400, apiError("the body is not JSON"));
  }
  if (route === "POST /v1/embeddings") {
    const inputs = Array.isArray(asked.input) ? asked.input.length : 1;
    return json(response, 200, inputs === 1 ? ONE_EMBEDDING : embeddings(MOCK_EMBEDDING_MODEL, inputs));
  }
  if (asked.stream !== true) return json(response, 200, CHAT);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  for (const event of asked.stream_options?.include_usage === true ? STREAM_WITH_USAGE : STREAM) response.write(event);
  return response.end();
}

function json(response: ServerResponse, status: number, body: Buffer | string): ServerResponse {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  return response.end(body);
}

if (import.meta.main) {
  const upstream = await startMockUpstream();
  process.send?.({ port: upstream.port });
  // the parent is gone, however it went: so is the reason to run
  process.on("disconnect", () => process.exit(0));
  process.on("SIGINT", () => {});
}
