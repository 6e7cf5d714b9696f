// HTTP/1.1 by hand, for what no client library would send: spaces, doubled headers, bodies that stop.
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** names in lower case; values of one name joined with ", " */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** whether the server closed the connection, or had to be left */
  readonly closed: boolean;
}

export interface RawOptions {
  /** Sends the rest, once the head is sent; what it does after the answer is complete has no effect. */
  readonly rest?: (socket: Socket) => Promise<void> | void;
  /** how long the server may take for all of it, milliseconds */
  readonly patienceMs?: number;
}

/** @param head request line and header lines, without the blank line; bytes of latin1 */
export async function rawHttp(url: string, head: readonly string[], options: RawOptions = {}): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  let received = Buffer.alloc(0);
  let complete: Omit<RawAnswer, "closed"> | null = null;
  // a server that keeps the connection shows it by not closing it for a while
  let lingering: NodeJS.Timeout | null = null;
  const patience = setTimeout(() => reject(new Error("no answer in time")), options.patienceMs ?? 20_000);
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    complete = readAnswer(received);
    if (complete !== null) lingering ??= setTimeout(() => finish(false), 500);
  });
  const finish = (closed: boolean): void => {
    complete ??= readAnswer(received);
    if (complete === null) reject(new Error(`no complete answer: ${received.toString("latin1").slice(0, 500)}`));
    else resolve({ ...complete, closed });
  };
  socket.on("close", () => finish(true));
  socket.on("error", () => undefined);
  socket.write(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"));
  try {
    await options.rest?.(socket);
    return await promise;
  } finally {
    clearTimeout(patience);
    if (lingering !== null) clearTimeout(lingering);
    socket.destroy();
  }
}

/** Null until all of it is there. */
function readAnswer(bytes: Buffer): Omit<RawAnswer, "closed"> | null {
  const text = bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const rest = text.slice(end + 4);
  const body = headers["transfer-encoding"] === "chunked" ? unchunked(rest) : sized(rest, headers["content-length"]);
  return body === null ? null : { status: Number(first.split(" ")[1]), headers, body };
}

function sized(text: string, length: string | undefined): string | null {
  const bytes = Number(length ?? 0);
  return text.length < bytes ? null : text.slice(0, bytes);
}

function unchunked(text: string): string | null {
  let body = "";
  for (let at = 0; ; ) {
    const end = text.indexOf("\r\n", at);
    const size = Number.parseInt(text.slice(at, end), 16);
    if (end < 0 || Number.isNaN(size) || text.length < end + 2 + size + 2) return null;
    if (size === 0) return body;
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}
