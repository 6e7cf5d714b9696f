import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { importNoteSigner, parseTilePath, signCheckpoint, verifyLog } from "../../../transparency/index.ts";
import { batch, env, type Fixture, newLog } from "./support.ts";

async function published({ name }: Fixture): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { key } of (await env.LOGS.list({ prefix: `${name}/` })).objects) {
    const object = await env.LOGS.get(key);
    if (object !== null) files.set(key.slice(name.length + 1), new Uint8Array(await object.arrayBuffer()));
  }
  return files;
}

async function verifyPublished(log: Fixture): Promise<Awaited<ReturnType<typeof verifyLog>>> {
  const { vkey } = await importNoteSigner(env.KEY_ONE, `log.example/${log.name}`);
  const files = await published(log);
  return verifyLog({
    vkey,
    async fetch(path) {
      const file = files.get(path);
      if (file === undefined) throw new Error("not found");
      return file;
    },
  });
}

describe("publication", () => {
  it("puts into R2 what the object serves, byte for byte, the checkpoint last", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 300));
    expect(await runDurableObjectAlarm(log.stub)).toBe(true);
    const files = await published(log);
    expect([...files.keys()].sort()).toEqual([
      "checkpoint",
      "tile/0/000",
      "tile/0/001.p/44",
      "tile/1/000.p/1",
      "tile/entries/000",
      "tile/entries/001.p/44",
    ]);
    for (const [path, bytes] of files) {
      const tile = parseTilePath(path);
      const served = tile === null ? await log.stub.checkpoint(log.name) : await log.stub.resource(log.name, tile);
      expect(typeof served === "string" ? served : (served ?? "")).toEqual(
        tile === null ? new TextDecoder().decode(bytes) : bytes,
      );
    }
    expect(log.controls.puts.at(-1)).toBe(`${log.name}/checkpoint`);
    expect((await verifyPublished(log)).problems).toEqual([]);
    const object = await env.LOGS.head(`${log.name}/checkpoint`);
    expect(object?.httpMetadata?.contentType).toBe("text/plain; charset=utf-8");
  });

  it("is whole at each step of a growing log, and writes no full tile twice", async () => {
    const log = newLog();
    let seq = 1;
    for (const count of [1, 255, 1, 256, 600]) {
      await log.stub.append(batch(log.name, "a", seq, seq + count - 1));
      seq += count;
      await runDurableObjectAlarm(log.stub);
      expect((await verifyPublished(log)).problems).toEqual([]);
    }
    const full = log.controls.puts.filter((key) => !key.includes(".p/") && !key.endsWith("checkpoint"));
    expect(new Set(full).size).toBe(full.length);
  });

  it("that breaks off at any put leaves a log that verifies, and heals at the next alarm", async () => {
    // four for full tiles and bundles, three for partial ones, then the checkpoint
    for (let puts = 0; puts < 8; puts++) {
      const log = newLog();
      await log.stub.append(batch(log.name, "a", 1, 10));
      await runDurableObjectAlarm(log.stub);
      await log.stub.append(batch(log.name, "a", 11, 520));
      log.controls.putsLeft = puts;
      await runDurableObjectAlarm(log.stub);
      const broken = await verifyPublished(log);
      expect([broken.problems, broken.verified], `after ${puts} puts`).toEqual([[], 10]);
      await evictDurableObject(log.stub);
      log.controls.putsLeft = Number.POSITIVE_INFINITY;
      await runDurableObjectAlarm(log.stub);
      const healed = await verifyPublished(log);
      expect([healed.problems, healed.verified]).toEqual([[], 520]);
    }
  });

  it("after a long outage goes round by round, and shows the checkpoint when all its tiles are there", async () => {
    const log = newLog();
    log.controls.maxTilesPerRound = 1;
    await log.stub.append(batch(log.name, "a", 1, 700));
    for (const verified of [0, 0, 700]) {
      await runDurableObjectAlarm(log.stub);
      expect((await verifyPublished(log)).verified).toBe(verified);
    }
    expect((await verifyPublished(log)).problems).toEqual([]);
  });

  it("has an alarm while it is behind and none when it is done", async () => {
    const log = newLog();
    const alarm = (): Promise<number | null> => runInDurableObject(log.stub, (_, state) => state.storage.getAlarm());
    await log.stub.append(batch(log.name, "a", 1, 1));
    expect(await alarm()).not.toBeNull();
    log.controls.putsLeft = 0;
    await runDurableObjectAlarm(log.stub);
    expect(await alarm()).not.toBeNull();
    log.controls.putsLeft = 100;
    await runDurableObjectAlarm(log.stub);
    expect(await alarm()).toBeNull();
    await log.stub.append(batch(log.name, "a", 2, 2));
    expect(await alarm()).not.toBeNull();
  });

  it("never replaces a larger checkpoint: an object set back in time cannot hide that it forked", async () => {
    const log = newLog();
    const signer = await importNoteSigner(env.KEY_ONE, `log.example/${log.name}`);
    const larger = await signCheckpoint({ size: 1000, root: new Uint8Array(32) }, signer);
    await env.LOGS.put(`${log.name}/checkpoint`, larger);
    await log.stub.append(batch(log.name, "a", 1, 2));
    await runDurableObjectAlarm(log.stub);
    expect(await (await env.LOGS.get(`${log.name}/checkpoint`))?.text()).toBe(larger);
  });
});

describe("sinks", () => {
  it("are told after each commit, and a sink that fails holds up neither commit nor publication", async () => {
    const log = newLog();
    await log.stub.append(batch(log.name, "a", 1, 2));
    log.controls.sinkFails = true;
    await log.stub.append(batch(log.name, "a", 3, 4));
    await runDurableObjectAlarm(log.stub);
    expect((await verifyPublished(log)).verified).toBe(4);
    expect(log.controls.told).toEqual([2]);
    log.controls.sinkFails = false;
    // published, but the sink is behind: an alarm still stands
    expect(await runDurableObjectAlarm(log.stub)).toBe(true);
    expect(log.controls.told).toEqual([2, 4]);
  });

  it("are told again after an eviction: a log that died before it could tell them does so when it wakes", async () => {
    const log = newLog();
    log.controls.sinkFails = true;
    await log.stub.append(batch(log.name, "a", 1, 2));
    await evictDurableObject(log.stub);
    log.controls.sinkFails = false;
    await runDurableObjectAlarm(log.stub);
    expect(log.controls.told).toEqual([2]);
  });
});
