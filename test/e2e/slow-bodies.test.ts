// Senders that hold a connection and send next to nothing (slow loris): each hears 408 and loses the connection, while
// others are served. Over real sockets, against the production shape, with limits that a test can wait for.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RawAnswer, type RawOptions, rawHttp } from "../support/raw-http.ts";
import { startThreeWorkers, type ThreeWorkers } from "../support/three-workers.ts";
import { admin, chat, mintKey, type Target } from "./contract/target.ts";

const IDLE_MS = 600;
const TIMEOUT_MS = 1500;

let deployment: ThreeWorkers;
let target: Target;
beforeAll(async () => {
  deployment = await startThreeWorkers((policy) => ({
    ...policy,
    request: { ...policy.request, body_idle_ms: IDLE_MS, body_timeout_ms: TIMEOUT_MS },
  }));
  ({ target } = deployment);
});
afterAll(() => deployment?.stop());

/** One sender with a key of its own. @param framing how the body's length is told */
async function send(framing: string, rest: RawOptions["rest"]): Promise<{ answer: RawAnswer; keyId: string }> {
  const { id, key } = await mintKey(target);
  const head = [
    "POST /v1/chat/completions HTTP/1.1",
    "host: gateway",
    `authorization: Bearer ${key}`,
    "content-type: application/json",
    framing,
  ];
  return { answer: await rawHttp(target.url, head, { rest: rest ?? (() => undefined) }), keyId: id };
}

const body = (content: string): string =>
  JSON.stringify({ model: target.faultModel, messages: [{ role: "user", content }] });

async function expectTimedOut({ answer, keyId }: { answer: RawAnswer; keyId: string }): Promise<void> {
  const { status, headers, body: text } = answer;
  expect({ status, code: JSON.parse(text).error.code }).toEqual({ status: 408, code: "request_timeout" });
  expect(JSON.parse(text)).toEqual({
    error: { message: expect.any(String), type: "invalid_request_error", param: null, code: "request_timeout" },
  });
  expect(headers["x-request-id"]).toMatch(/^req_/);
  expect(answer.closed).toBe(true);
  const usage = (await (await admin(target, "GET", `/keys/${keyId}/usage`)).json()) as { open_reservations: number };
  expect(usage.open_reservations).toBe(0);
  expect((await chat(target, "ok")).status).toBe(200);
}

/** Bytes of `text`, one after another, until the socket is gone. */
async function trickle(socket: Socket, text: string, everyMs: number): Promise<void> {
  for (const char of text) {
    if (socket.destroyed || socket.readableEnded) return;
    socket.write(char);
    await sleep(everyMs);
  }
}

describe("a sender that", () => {
  it("declares a length and sends nothing", async () => {
    await expectTimedOut(await send("content-length: 1000", undefined));
  });

  it("stops in the middle of a declared body", async () => {
    await expectTimedOut(await send("content-length: 1000", (socket) => void socket.write(body("x").slice(0, 20))));
  });

  it("stops in the middle of a chunked body", async () => {
    await expectTimedOut(await send("transfer-encoding: chunked", (socket) => void socket.write('8\r\n{"model"\r\n')));
  });

  it("declares more than it sends, though what it sent is a whole request", async () => {
    const text = body("ok");
    await expectTimedOut(await send(`content-length: ${text.length + 1}`, (socket) => void socket.write(text)));
  });

  it("trickles: each byte comes in time, and all of them never would", async () => {
    const text = body("y".repeat(500));
    await expectTimedOut(await send(`content-length: ${text.length}`, (socket) => trickle(socket, text, 100)));
  });

  it("trickles in chunks of one byte", async () => {
    const pieces = async (socket: Socket): Promise<void> => {
      for (let i = 0; i < 200 && !socket.destroyed; i++) {
        socket.write("1\r\n \r\n");
        await sleep(100);
      }
    };
    await expectTimedOut(await send("transfer-encoding: chunked", pieces));
  });

  it("is slow and moves on is served", async () => {
    const text = body("ok");
    const half = text.length >> 1;
    const { answer } = await send(`content-length: ${text.length}`, async (socket) => {
      socket.write(text.slice(0, half));
      await sleep(IDLE_MS / 2);
      socket.write(text.slice(half));
    });
    expect(answer.status).toBe(200);
  });

  it("hangs up in the middle hurts no one", async () => {
    await expect(
      send("content-length: 1000", (socket) => {
        socket.write("{");
        setTimeout(() => socket.destroy(), 100);
      }),
    ).rejects.toThrow("no complete answer");
    expect((await chat(target, "ok")).status).toBe(200);
  });
});

describe("fifty of them at once", () => {
  it("all hear 408, and a request beside them is served meanwhile", async () => {
    const slow = Array.from({ length: 50 }, () =>
      rawHttp(target.url, [
        "POST /v1/chat/completions HTTP/1.1",
        "host: gateway",
        `authorization: Bearer ${target.apiKey}`,
        "content-type: application/json",
        "content-length: 1000",
      ]),
    );
    expect((await chat(target, "ok")).status).toBe(200);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(Array(50).fill(408));
  });
});
