// kill -9 of the whole server in mid-load: what was admitted and answered is in the log, and no count is lost.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { type FaultUpstream, startFaultUpstream } from "../support/fault-upstream.ts";
import { forgetState, npmStart, type Started, stateWithFaults, targetOf } from "../support/npm-start.ts";
import { killTree } from "../support/process-tree.ts";
import { admin, chat, mintKey, type Target } from "./contract/target.ts";

let faults: FaultUpstream;
let state: string;
let started: Started;

beforeAll(async () => {
  faults = await startFaultUpstream();
  state = await stateWithFaults(faults);
  started = await npmStart(state);
});
afterAll(async () => {
  await started?.stop();
  await faults?.stop();
  await forgetState(state);
});

describe("kill -9 in mid-load, then a new start", () => {
  it("every answered request is in the log, the log verifies, and the ledger has counted each", async () => {
    const before = await targetOf(started, faults);
    const { id, key } = await mintKey(before, { limits: { requests_per_day: 10_000 } });
    const answered: string[] = [];
    let running = true;
    const clients = Array.from({ length: 8 }, async () => {
      while (running) {
        const response = await chat(before, "ok", {}, { authorization: `Bearer ${key}` }).catch(() => null);
        if (response === null) return;
        const body = await response.text().catch(() => null);
        if (response.status === 200 && body !== null) answered.push(response.headers.get("x-request-id") ?? "");
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    killTree(started.child.pid ?? 0);
    running = false;
    await Promise.all(clients);
    expect(answered.length).toBeGreaterThan(20);

    started = await npmStart(state);
    const after = await targetOf(started, faults);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const logged = await everyRecord(after);
    expect(answered.filter((id) => !logged.has(id))).toEqual([]);
    const usage = (await (await admin(after, "GET", `/keys/${id}/usage`)).json()) as {
      used: Record<string, { used: number }>;
    };
    expect(usage.used.requests_per_day?.used).toBeGreaterThanOrEqual(answered.length);
    const verified = await runCli(["audit", "verify", "--state", state, "--json"]);
    expect(verified.code, verified.stderr + verified.stdout).toBe(0);
  });
});

async function everyRecord(target: Target): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const response = await fetch(`${target.url}/audit/v1/records?limit=200${query}`, {
      headers: { authorization: `Bearer ${target.auditorKey}` },
    });
    const page = (await response.json()) as { records: { request_id: string }[]; next_cursor: string | null };
    for (const { request_id } of page.records) ids.add(request_id);
    cursor = page.next_cursor;
  }
  return ids;
}
