// Another server's bytes: at the bound, one over it, broken off, and stopped by a signal that the sender does not heed.
import { expect, it } from "vitest";
import { boundedBytes } from "../../../workers/gateway/bounded-bytes.ts";

const piecesOf = (...pieces: readonly (Uint8Array | Error)[]) => {
  let cancelled = false;
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    pull(out) {
      const next = left.shift();
      if (next === undefined) out.close();
      else if (next instanceof Error) out.error(next);
      else out.enqueue(next);
    },
    cancel: () => {
      cancelled = true;
    },
  });
  return { body, cancelled: () => cancelled };
};
const bytes = (length: number) => new Uint8Array(length).fill(7);

it("reads a body of just the bound, in pieces, and none where there is none", async () => {
  const read = await boundedBytes(piecesOf(bytes(3), bytes(5)).body, 8);
  expect(read).toEqual({ ok: true, bytes: bytes(8) });
  expect(await boundedBytes(null, 8)).toEqual({ ok: true, bytes: bytes(0) });
});

it("gives up a body one byte over it, and tells its sender", async () => {
  const { body, cancelled } = piecesOf(bytes(3), bytes(6), bytes(1));
  expect(await boundedBytes(body, 8)).toEqual({ ok: false, fault: "size" });
  expect(cancelled()).toBe(true);
});

it("a body that breaks off is no body", async () => {
  expect(await boundedBytes(piecesOf(bytes(3), new Error("reset")).body, 8)).toEqual({ ok: false, fault: "broken" });
});

it("a signal ends the reading of a sender that says nothing more, and what came before is no whole body", async () => {
  const aborter = new AbortController();
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (out) => out.enqueue(bytes(3)),
    cancel: () => {
      cancelled = true;
    },
  });
  const reading = boundedBytes(body, 8, aborter.signal);
  aborter.abort();
  expect(await reading).toEqual({ ok: false, fault: "broken" });
  expect(cancelled).toBe(true);
});

it("a signal that had ended before reads nothing", async () => {
  // its sender would be waited for in vain
  expect(await boundedBytes(new ReadableStream<Uint8Array>(), 8, AbortSignal.abort())).toEqual({
    ok: false,
    fault: "broken",
  });
});
