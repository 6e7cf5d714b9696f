// A deployment that was given no keys at all: control's directory makes them, and gateway and audit judge by what it
// publishes. Until then the gateway lets no one in and says what it waits for.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startThreeWorkers, type ThreeWorkers } from "../support/three-workers.ts";
import { chat, envelope, type Target } from "./contract/target.ts";

const KEYS = ["VERIFICATION_KEYS", "TOKEN_SIGNING_KEYS"];

let deployment: ThreeWorkers;
let target: Target;
const before: Response[] = [];

beforeAll(async () => {
  deployment = await startThreeWorkers(undefined, {
    settings: (_, given) => Object.fromEntries(Object.entries(given).filter(([name]) => !KEYS.includes(name))),
    first: async (url) => {
      before.push(await fetch(`${url}/v1/models`, { headers: { authorization: "Bearer x" } }));
      before.push(await fetch(`${url}/readyz`));
    },
  });
  ({ target } = deployment);
});
afterAll(() => deployment?.stop());

describe("three Workers without a key among them", () => {
  it("before control was asked for anything, the gateway is 503 keys_unavailable, and /readyz says why", async () => {
    const [asked, ready] = before;
    if (asked === undefined || ready === undefined) throw new Error("not asked");
    expect([asked.status, (await envelope(asked)).code]).toEqual([503, "keys_unavailable"]);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: "not_ready", checks: { policy: true, keys: false, ledger: true } },
    ]);
  });

  it("once the directory has published, keys that it signed open the gateway and the log", async () => {
    // an isolate holds what it has for at most two seconds
    await expect.poll(async () => (await fetch(`${target.url}/readyz`)).status, { timeout: 10_000 }).toBe(200);
    expect((await chat(target, "ok")).status).toBe(200);
    const records = await fetch(`${target.url}/audit/v1/records`, {
      headers: { authorization: `Bearer ${target.auditorKey}` },
    });
    expect(records.status).toBe(200);
  });
});
