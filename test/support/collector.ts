// A collector of audit records: a real HTTP server that keeps what it was sent and answers by script. Vitest starts it
// for a suite (`globalSetup`) and provides its address as `collectorUrl`.
//   POST /c/NAME         what a sink does; answered by the next line of the script, else 200
//   PUT  /c/NAME/script  [{"status","headers"?,"after_ms"?,"hang"?,"cut"?}]
//   GET  /c/NAME         {"requests":[{"headers","body"}]}
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";

interface Reaction {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly after_ms?: number;
  /** never answers */
  readonly hang?: boolean;
  /** takes the body, then breaks the connection */
  readonly cut?: boolean;
}

interface Inbox {
  readonly requests: { readonly headers: IncomingMessage["headers"]; readonly body: string }[];
  script: Reaction[];
}

export function startCollector(): Promise<{ readonly url: string; readonly server: Server }> {
  const inboxes = new Map<string, Inbox>();
  const server = createServer((request, response) => void answer(inboxes, request, response));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server });
    });
  });
}

async function answer(inboxes: Map<string, Inbox>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString("utf8");
  const [, name = "", action] = /^\/c\/([^/]+)(\/script)?$/.exec(request.url ?? "") ?? [];
  const inbox = inboxes.get(name) ?? { requests: [], script: [] };
  inboxes.set(name, inbox);
  if (request.method === "PUT" && action !== undefined) {
    inbox.script = JSON.parse(body) as Reaction[];
    response.end();
    return;
  }
  if (request.method === "GET") {
    response.setHeader("content-type", "application/json").end(JSON.stringify({ requests: inbox.requests }));
    return;
  }
  inbox.requests.push({ headers: request.headers, body });
  const reaction = inbox.script.shift() ?? {};
  if (reaction.hang) return;
  if (reaction.cut) {
    request.socket.destroy();
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, reaction.after_ms ?? 0));
  response.writeHead(reaction.status ?? 200, reaction.headers ?? {}).end();
}

export default async function setup(project: TestProject): Promise<() => void> {
  const { url, server } = await startCollector();
  project.provide("collectorUrl", url);
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

declare module "vitest" {
  interface ProvidedContext {
    collectorUrl: string;
  }
}
