// The local cap's refusals on their way to the account's ledger: counted, riding on its next call, sent when none comes.
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { TallyFields } from "../../../protocol/audit.ts";
import { LOCAL_CAP } from "../../../workers/gateway/limits.ts";
import { type Edge, newEdge, printed } from "./edge.ts";
import { shipped } from "./fake-audit.ts";

const FROM = { "cf-connecting-ip": "203.0.113.9" };

/** The isolate's clock, ahead of the true one by as much as the test says. */
let ahead = 0;
beforeEach(() => {
  ahead = 0;
  const { now } = Date;
  const spy = vi.spyOn(Date, "now").mockImplementation(() => now() + ahead);
  onTestFinished(() => spy.mockRestore());
});

/** Has the cap refuse so many requests of the account. Afterwards there is room for others. */
async function capped(edge: Edge, count: number): Promise<void> {
  const before = { ...LOCAL_CAP };
  Object.assign(LOCAL_CAP, { burst: 0, perSecond: 0.000_001 });
  try {
    for (let i = 0; i < count; i++) {
      const { response, code } = await edge.get("/v1/models", FROM);
      expect({ status: response.status, code }).toEqual({ status: 429, code: "too_many_requests" });
      expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    }
  } finally {
    Object.assign(LOCAL_CAP, before);
    ahead += 10;
  }
}

const talliesOf = (edge: Edge): TallyFields[] =>
  shipped.flatMap(({ open }) => (open.kind === "tally" && open.account === edge.account ? [open] : []));

/** How many refusals the log holds of this account, once it holds `records` tallies of it. */
async function counted(edge: Edge, records: number): Promise<number> {
  await expect.poll(() => talliesOf(edge).length, { timeout: 5000 }).toBe(records);
  return talliesOf(edge).reduce((sum, { counts }) => sum + (counts.too_many_requests ?? 0), 0);
}

describe("what the local cap refused", () => {
  it("makes no ledger call, and rides on the account's next one", async () => {
    const edge = await newEdge();
    await capped(edge, 3);
    expect(edge.calls).toEqual([]);
    expect((await edge.get("/v1/models")).response.status).toBe(200);
    expect(edge.calls).toEqual(["admit"]);
    expect(await counted(edge, 1)).toBe(3);
    const [tally] = talliesOf(edge);
    expect(tally).toMatchObject({ tenant: "acme", account: edge.account, lower_bound: true, addresses: 1 });
    expect(JSON.stringify(tally)).not.toContain("203.0.113.9");
  });

  it("rides on a refusal as well", async () => {
    const edge = await newEdge();
    await capped(edge, 2);
    expect((await edge.get("/v1/models/none")).code).toBe("model_not_found");
    expect(await counted(edge, 1)).toBe(2);
  });

  it("is counted once though the answer to the call that carried it was lost and the call made again", async () => {
    const edge = await newEdge();
    await capped(edge, 4);
    let lost = 0;
    edge.fault = async (_method, through) => {
      const answer = await through();
      if (lost++ === 0) throw new Error("reset");
      return answer;
    };
    expect((await edge.get("/v1/models")).response.status).toBe(200);
    expect(lost).toBe(2);
    expect(await counted(edge, 1)).toBe(4);
  });

  it("is sent by whichever request finds it a second old, and not before", async () => {
    const edge = await newEdge();
    const other = await newEdge();
    await capped(edge, 2);
    const settled: string[] = [];
    edge.fault = (method, through) => {
      settled.push(method);
      return through();
    };
    // any request of this isolate: also one that bears no key. It knows the account's ledger by the binding alone
    const passing = () => edge.fetch("/v1/models", { method: "DELETE" });
    await passing();
    expect(settled).toEqual([]);
    ahead += 1001;
    await passing();
    expect(settled).toEqual(["settle"]);
    expect(await counted(edge, 1)).toBe(2);
    await passing();
    await other.get("/v1/models");
    expect(settled).toEqual(["settle"]);
  });

  it("is kept while the ledger is away, and counted once it is back", async () => {
    printed();
    const edge = await newEdge();
    await capped(edge, 2);
    edge.fault = () => Promise.reject(new Error("away"));
    expect((await edge.get("/v1/models")).code).toBe("ledger_unavailable");
    ahead += 1001;
    await edge.fetch("/v1/models", { method: "DELETE" });
    edge.fault = null;
    await capped(edge, 1);
    ahead += 1001;
    await edge.fetch("/v1/models", { method: "DELETE" });
    // under their own ids: what came back takes no more counts
    expect(await counted(edge, 2)).toBe(3);
  });

  it("of a flood makes one record a second, however many calls it could have left with", async () => {
    const edge = await newEdge();
    for (let i = 0; i < 5; i++) {
      await capped(edge, 2);
      expect((await edge.get("/v1/models")).response.status).toBe(200);
    }
    ahead += 1001;
    expect((await edge.get("/v1/models")).response.status).toBe(200);
    // the first ride took the first two along, the second all the rest
    expect(await counted(edge, 2)).toBe(10);
  });
});
