// Many large prompts in one isolate: those that there is room for are judged and answered, the next is 503 `busy`, and
// nothing stays claimed.
import { describe, expect, it } from "vitest";
import { bytesInFlight } from "../../../workers/gateway/bytes-in-flight.ts";
import { COMPLETION, newEdge, newSigner, upstream } from "./edge.ts";
import { withLimits } from "./world.ts";

const MEGABYTE = 1024 * 1024;
const AT_ONCE = 16;

/** A body of exactly so many bytes, in text that is no repetition. */
function bodyOf(bytes: number): string {
  const rows = Array.from({ length: 30_000 }, (_, n) => `Row ${n} holds ${(n * 7919) % 1000} units of item ${n * 3}. `);
  const [before, after] = ['{"model":"small","messages":[{"role":"user","content":"', '"}]}'];
  return before + rows.join("").slice(0, bytes - before.length - after.length) + after;
}

describe("sixteen bodies of one megabyte at once", () => {
  it("are all held, judged and answered; one more is `busy` until they are done", { timeout: 60_000 }, async () => {
    const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
    const seen = upstream(async () => {
      await goesOn;
      return Response.json(COMPLETION);
    });
    const signer = await newSigner();
    const edges = await Promise.all(Array.from({ length: AT_ONCE + 1 }, () => newEdge({}, {}, signer)));
    const last = edges.pop();
    if (last === undefined) throw new Error("no edge");
    const body = bodyOf(MEGABYTE);
    await withLimits({ maxBytesInFlight: AT_ONCE * MEGABYTE, accountShare: 1 }, async () => {
      const held = edges.map((edge) => edge.post(body));
      await expect.poll(() => seen.length, { timeout: 30_000 }).toBe(AT_ONCE);
      expect(bytesInFlight()).toBe(AT_ONCE * MEGABYTE);
      const refused = await last.post(bodyOf(1000));
      expect([refused.response.status, refused.code]).toEqual([503, "busy"]);
      goOn();
      const statuses = (await Promise.all(held)).map(({ response }) => response.status);
      expect(statuses).toEqual(statuses.map(() => 200));
      expect((await last.post(bodyOf(1000))).response.status).toBe(200);
    });
    expect(bytesInFlight()).toBe(0);
  });
});
