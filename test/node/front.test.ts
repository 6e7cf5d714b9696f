// The front against a stand-in for local.ts that tells what reached it. No Miniflare: what is tested is the front alone,
// in the runtime that serves the printed port.
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Front, startFront } from "../../embedded/front/process.ts";

const SECRET = "the-secret-of-this-start";
const seen: { url: string; headers: IncomingMessage["headers"] }[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = plainAnswer;
let folder = "";
let front: Front;
const upstream = createServer((incoming, response) => {
  seen.push({ url: incoming.url ?? "", headers: incoming.headers });
  answer(incoming, response);
});

function plainAnswer(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("x-request-id", "req_from_the_platform");
  response.end("answered");
}

beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const address = upstream.address();
  if (typeof address !== "object" || address === null) throw new Error("no address");
  folder = await mkdtemp(join(tmpdir(), "bartizan-front-"));
  front = await startFront({
    port: 0,
    directUrl: `http://127.0.0.1:${address.port}`,
    startSecret: SECRET,
    compatibilityDate: "2026-11-01",
    run: folder,
    log: () => {},
  });
});

afterAll(async () => {
  await front.drain();
  upstream.closeAllConnections();
  upstream.close();
  await rm(folder, { recursive: true });
});

/** One request, past fetch's own rules about headers; what reached the platform, or null where nothing did. */
async function ask(path: string, headers: Record<string, string> = {}, method = "GET") {
  const before = seen.length;
  const asked = request(`${front.url}${path}`, { method, headers });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  let body = "";
  for await (const piece of response.setEncoding("utf8")) body += piece;
  return { status: response.statusCode, headers: response.headers, body, reached: seen[before] ?? null };
}

describe("what a client forges is without effect", () => {
  test.each([
    ["CF-Connecting-IP", "203.0.113.9"],
    ["cf-connecting-ip", "203.0.113.9"],
    ["CF-Connecting-IPv6", "2001:db8::1"],
    ["CF-IPCountry", "AQ"],
    ["CF-Access-Jwt-Assertion", "forged"],
    ["MF-CF-Blob", '{"tlsClientAuth":{"certVerified":"SUCCESS"}}'],
    ["MF-Route-Override", "bartizan-vault"],
    ["MF-Original-URL", "http://127.0.0.1/cdn-cgi/local/r2/public/bartizan-models/x"],
    ["X-Forwarded-For", "203.0.113.9"],
    ["X-Forwarded-Proto", "https"],
    ["X-Forwarded-Host", "evil.example"],
    ["Forwarded", "for=203.0.113.9"],
    ["X-Real-IP", "203.0.113.9"],
    ["True-Client-IP", "203.0.113.9"],
  ])("%s does not reach the platform", async (name, value) => {
    const { reached } = await ask("/v1/models", { [name]: value });
    const { [name.toLowerCase()]: arrived, ...others } = reached?.headers ?? {};
    if (name.toLowerCase() === "cf-connecting-ip") expect(arrived).toBe("127.0.0.1");
    else expect(arrived).toBeUndefined();
    expect(JSON.stringify(others)).not.toContain(value);
  });

  test("a start secret that a client sends is replaced by the real one", async () => {
    const { reached } = await ask("/v1/models", { "Bartizan-Start-Secret": "guess" });
    expect(reached?.headers["bartizan-start-secret"]).toBe(SECRET);
  });

  test("a header sent twice, once in each spelling, does not slip through", async () => {
    const { hostname, port } = new URL(front.url);
    const before = seen.length;
    const socket = connect(Number(port), hostname);
    socket.end(
      "GET /v1/models HTTP/1.1\r\nHost: x\r\nCF-Connecting-IP: 203.0.113.9\r\ncf-connecting-ip: 203.0.113.10\r\nConnection: close\r\n\r\n",
    );
    await once(socket.resume(), "close");
    expect(seen[before]?.headers["cf-connecting-ip"]).toBe("127.0.0.1");
  });
});

describe("the runtime's own paths", () => {
  test.each([
    "/cdn-cgi/local/r2/public/bartizan-models/models/x/current",
    "/cdn-cgi/local/platform-proxy",
    "/cdn-cgi/",
    "/cdn-cgi",
    "/CDN-CGI/local/explorer",
    "//cdn-cgi/local/r2/s3/",
    "/v1/../cdn-cgi/local/email",
    "/%63dn-cgi/local/scheduled",
    "/cdn%2Dcgi/local/scheduled",
    "/cdn-cgi%2flocal",
  ])("%s is 404 in the envelope and goes no further", async (path) => {
    const { status, headers, body, reached } = await ask(path);
    expect(status).toBe(404);
    expect(JSON.parse(body).error).toMatchObject({ code: "not_found", type: "invalid_request_error" });
    expect(headers["x-request-id"]).toMatch(/^req_[0-9a-f]{32}$/);
    expect(headers["cache-control"]).toBe("private, no-store");
    expect(reached).toBeNull();
  });

  test("a path that merely begins alike is the platform's", async () => {
    expect((await ask("/cdn-cgi-notes")).reached?.url).toBe("/cdn-cgi-notes");
  });
});

describe("the rest goes through as it is", () => {
  test("path, query, host and credentials", async () => {
    const headers = { authorization: "Bearer x", "x-api-key": "y", "x-request-id": "mine", host: "gateway.example:1" };
    const { reached, body, headers: answered } = await ask("/v1//models/?a=1&a=2%20", headers);
    expect(reached?.url).toBe("/v1//models/?a=1&a=2%20");
    expect(reached?.headers).toMatchObject(headers);
    expect(body).toBe("answered");
    expect(answered["x-request-id"]).toBe("req_from_the_platform");
  });

  test("it adds no header but the address and the secret", async () => {
    const { reached } = await ask("/v1/models", { connection: "close" });
    const known = ["bartizan-start-secret", "cf-connecting-ip", "connection", "host"];
    expect(Object.keys(reached?.headers ?? {}).filter((name) => !known.includes(name))).toEqual([]);
  });

  test("a redirect is the client's to follow", async () => {
    answer = (_request, response) => response.writeHead(302, { location: "https://elsewhere.example/" }).end();
    const { status, headers } = await ask("/v1/models");
    answer = plainAnswer;
    expect([status, headers.location]).toEqual([302, "https://elsewhere.example/"]);
  });

  test("a stream arrives piece by piece, while the platform still writes", async () => {
    let finish = (): void => {};
    answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: first\n\n");
      finish = () => response.end("data: last\n\n");
    };
    const response = await fetch(`${front.url}/v1/chat/completions`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe("data: first\n\n");
    finish();
    expect((await reader?.read())?.value).toBe("data: last\n\n");
    answer = plainAnswer;
  });

  test("a request's body is streamed too, not gathered first", async () => {
    const received = Promise.withResolvers<string>();
    answer = (incoming, response) => {
      incoming.once("data", (piece: Buffer) => received.resolve(piece.toString()));
      incoming.once("end", () => response.end("ok"));
    };
    const asked = request(`${front.url}/v1/chat/completions`, { method: "POST", headers: { "content-length": "10" } });
    asked.write("first");
    expect(await received.promise).toBe("first");
    asked.end("later");
    await once(asked, "response");
    answer = plainAnswer;
  });

  test("a client that leaves is noticed behind, at the next bytes", async () => {
    const left = Promise.withResolvers<void>();
    answer = (_request, response) => {
      response.writeHead(200);
      const ticking = setInterval(() => response.write("token"), 20);
      response.once("close", () => {
        clearInterval(ticking);
        left.resolve();
      });
    };
    const leaving = new AbortController();
    const response = await fetch(front.url, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await left.promise;
    answer = plainAnswer;
  });
});

test("where the platform does not answer, the client hears 503 in the envelope", async () => {
  answer = (incoming) => incoming.socket.destroy();
  const { status, body, headers } = await ask("/v1/models");
  answer = plainAnswer;
  expect(status).toBe(503);
  expect(JSON.parse(body).error.code).toBe("busy");
  expect(headers["retry-after"]).toBe("1");
});

test("it listens on the loopback alone", async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address?.family === "IPv4" && !address.internal);
  for (const address of outside) {
    const socket = connect(Number(new URL(front.url).port), address?.address);
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNREFUSED");
  }
  expect(new URL(front.url).hostname).toBe("127.0.0.1");
});

test("the secret is in none of the generated files", async () => {
  for (const file of ["front.js", "front.capnp"])
    expect(await readFile(join(folder, file), "utf8")).not.toContain(SECRET);
});

test("a port that is taken is said, not waited for", async () => {
  const port = Number(new URL(front.url).port);
  const run = await mkdtemp(join(tmpdir(), "bartizan-front-"));
  const second = startFront({
    port,
    directUrl: "http://127.0.0.1:1",
    startSecret: SECRET,
    compatibilityDate: "2026-11-01",
    run,
    log: () => {},
  });
  await expect(second).rejects.toThrow(`127.0.0.1:${port}`);
  await rm(run, { recursive: true });
});
