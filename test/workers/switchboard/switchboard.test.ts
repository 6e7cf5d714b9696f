import { env } from "cloudflare:test";
import { exportJWK, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { SWITCHBOARD, type Switchboard } from "../../../durable-objects/switchboard/object.ts";
import { importVerificationKeys } from "../../../identity/keys.ts";
import { defaultPolicy } from "../../../policy/defaults.ts";
import { parsePolicy } from "../../../policy/parse.ts";
import type { PublishedKeys } from "../../../protocol/rpc.ts";
import { isUnserved, type Snapshot, switchboardSnapshots, type Unserved } from "../../../workers/gateway/snapshots.ts";

interface TestEnv {
  readonly SWITCHBOARD: DurableObjectNamespace<Switchboard>;
}
const testEnv = env as unknown as TestEnv;

/** The object by its interface; the platform wraps each answer in a promise of its own. */
function board(name = SWITCHBOARD): Pick<Switchboard, "publishKeys" | "publishedKeys"> {
  return testEnv.SWITCHBOARD.getByName(name) as unknown as Pick<Switchboard, "publishKeys" | "publishedKeys">;
}

async function keySet(generation: number): Promise<PublishedKeys> {
  const { publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: `k${generation}`, alg: "EdDSA", bartizan_signs: "api_key" };
  return { generation, key_set: JSON.stringify({ generation, keys: [key] }) };
}

async function configured(): Promise<Snapshot> {
  const policy = await parsePolicy(JSON.stringify(defaultPolicy({ models: [], allowedOrigins: [] })));
  if (!policy.ok) throw new Error(policy.issues.join());
  const keys = await importVerificationKeys((await keySet(1)).key_set);
  return {
    policy: policy.policy,
    policyDigest: policy.digest,
    keys,
    issuer: "https://x.test",
    audience: "https://x.test",
    nonces: null,
  };
}

const keysOf = (standing: Snapshot | Unserved) => (isUnserved(standing) ? null : standing.keys);

describe("the switchboard", () => {
  it("a delayed push never brings an older generation back", async () => {
    const [two, three] = [await keySet(2), await keySet(3)];
    await board("order").publishKeys(three);
    await board("order").publishKeys(two);
    expect(await board("order").publishedKeys(0)).toEqual(three);
    expect(await board("order").publishedKeys(3)).toBeNull();
  });
});

describe("an isolate's snapshot", () => {
  /** counts the pulls, and can fail them */
  function counted(fail: () => boolean = () => false): { env: TestEnv; pulls: () => number } {
    let pulls = 0;
    const getByName = (name: string) => ({
      publishedKeys: (known: number) => {
        pulls += 1;
        return fail() ? Promise.reject(new Error("down")) : board(name).publishedKeys(known);
      },
    });
    return { env: { SWITCHBOARD: { getByName } } as unknown as TestEnv, pulls: () => pulls };
  }

  it("is pulled at first use, served for a second, refreshed beside the request, and awaited after two", async () => {
    const source = switchboardSnapshots(await configured());
    const { env: counting, pulls } = counted();
    const waiting: Promise<unknown>[] = [];
    const ask = (nowMs: number) =>
      source.current({ env: counting, nowMs, waitUntil: (work) => void waiting.push(work) });
    await ask(10_000);
    await ask(10_999);
    expect([pulls(), waiting.length]).toEqual([1, 0]);
    await ask(11_000);
    await ask(11_500);
    expect(waiting.length).toBe(1);
    await Promise.all(waiting);
    expect(pulls()).toBe(2);
    await ask(13_000);
    expect(pulls()).toBe(3);
  });

  it("takes a published generation within two seconds, and no lower one than it has", async () => {
    const source = switchboardSnapshots(await configured());
    const ask = async (nowMs: number) => keysOf(await source.current({ env: testEnv, nowMs, waitUntil: () => {} }));
    expect((await ask(0))?.generation).toBe(1);
    await board().publishKeys(await keySet(7));
    const keys = await ask(2000);
    expect(keys?.generation).toBe(7);
    expect([...(keys?.byKid.keys() ?? [])]).toEqual(["k7"]);
  });

  it("serves nothing once the switchboard cannot be reached for two seconds, and again when it can", async () => {
    let down = false;
    const source = switchboardSnapshots(await configured());
    const { env: failing } = counted(() => down);
    const ask = (nowMs: number) => source.current({ env: failing, nowMs, waitUntil: (work) => void work });
    expect(keysOf(await ask(0))).not.toBeNull();
    down = true;
    expect(keysOf(await ask(1500))).not.toBeNull();
    expect(await ask(2000)).toMatchObject({ missing: "keys" });
    down = false;
    expect(keysOf(await ask(2001))).not.toBeNull();
  });

  it("serves nothing without a usable configuration", async () => {
    const source = switchboardSnapshots(null);
    expect(await source.current({ env: testEnv, nowMs: 0, waitUntil: () => {} })).toEqual({
      missing: "policy",
      policy: null,
    });
  });

  it("without configured keys serves nothing until some are published, and then by those, whatever their generation", async () => {
    const given = await configured();
    const source = switchboardSnapshots({ ...given, keys: null });
    const published: PublishedKeys[] = [];
    const getByName = () => ({
      publishedKeys: async (known: number) => published.find(({ generation }) => generation > known) ?? null,
    });
    const own = { SWITCHBOARD: { getByName } } as unknown as TestEnv;
    const ask = (nowMs: number) => source.current({ env: own, nowMs, waitUntil: () => {} });
    expect(await ask(0)).toEqual({ missing: "keys", policy: given.policy });
    expect(await ask(2000)).toEqual({ missing: "keys", policy: given.policy });
    published.push(await keySet(0));
    expect(keysOf(await ask(4000))?.generation).toBe(0);
    published[0] = await keySet(2);
    expect(keysOf(await ask(6000))?.generation).toBe(2);
  });

  it("a published set that is none changes nothing, and serves nothing where it would be the first", async () => {
    const getByName = () => ({ publishedKeys: async () => ({ generation: 9, key_set: '{"keys":[]}' }) });
    const own = { SWITCHBOARD: { getByName } } as unknown as TestEnv;
    const given = await configured();
    for (const keys of [given.keys, null]) {
      const standing = await switchboardSnapshots({ ...given, keys }).current({
        env: own,
        nowMs: 0,
        waitUntil: () => {},
      });
      expect(standing).toMatchObject({ missing: "keys" });
    }
  });
});
