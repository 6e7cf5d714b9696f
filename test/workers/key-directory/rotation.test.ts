// A key's successor: same account, an overlap, exactly one, and whatever a crash or a failure leaves.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KeyDirectory } from "../../../durable-objects/key-directory/object.ts";
import type { Credential, MintOutcome, NewCredential } from "../../../durable-objects/key-directory/records.ts";
import { resolveLimits } from "../../../protocol/limits.ts";
import { calls, failing, forget, held, logs, settle, told } from "./fakes.ts";
import { actor } from "./keyring-world.ts";

const namespace = (env as unknown as { DIRECTORY: DurableObjectNamespace<KeyDirectory> }).DIRECTORY;
const ISSUANCE = { iss: "https://control.test", aud: "https://gateway.test" };
const HOUR_MS = 3_600_000;

let directory: DurableObjectStub<KeyDirectory>;
let counter = 0;
let old: Credential;

function fresh(over: Partial<NewCredential> = {}): NewCredential {
  return {
    id: `key_${String(counter++).padStart(6, "0")}`,
    kind: "api_key",
    tenant: "system",
    account: "acct_1",
    name: "a key",
    scopes: ["infer:*"],
    limits: resolveLimits({ requests_per_minute: 5 }, {}),
    allow_cidrs: [],
    expires_at_ms: (Math.floor(Date.now() / 1000) + 7200) * 1000,
    replaces: null,
    rotate_before_s: null,
    auto_rotate: false,
    by_exchange: false,
    cnf: null,
    ...over,
  };
}

beforeEach(async () => {
  forget();
  directory = namespace.get(namespace.newUniqueId());
  old = made(await directory.mintKey(fresh(), ISSUANCE, actor));
  calls.length = 0;
});

afterEach(async () => await settle(async () => await runDurableObjectAlarm(directory)));

function made(outcome: MintOutcome): Credential {
  if (!outcome.done) throw new Error(outcome.fault);
  return outcome.credential;
}

const rotate = async (overlapMs: number, over: Partial<NewCredential> = {}): Promise<MintOutcome> =>
  await directory.rotateKey(fresh({ replaces: old.id, ...over }), ISSUANCE, overlapMs, actor);
const faultOf = (outcome: MintOutcome): string => (outcome.done ? "done" : outcome.fault);
const now = async (id = old.id): Promise<Credential> => (await directory.credential(id)) ?? old;
const kinds = async (): Promise<string[]> =>
  (await directory.events(["system"], null, { cursor: null, limit: 50 })).items
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith("key."));

/** As if so much time had passed for what is due. */
async function duesComeForward(): Promise<void> {
  await runInDurableObject(directory, (_, state) => void state.storage.sql.exec("UPDATE dues SET due_at_ms = 0"));
  await evictDurableObject(directory);
  await runDurableObjectAlarm(directory);
}

describe("a rotation", () => {
  it("provisions the successor in the account, then tells the ledger when the old one ends", async () => {
    const successor = made(await rotate(HOUR_MS));
    const after = await now();
    expect([after.replaced_by, after.revoked_at_ms, successor.replaces]).toEqual([successor.id, null, old.id]);
    expect(after.retires_at_ms).toBeGreaterThan(Date.now());
    expect(calls.filter(({ to }) => to === "gateway.provision" || to === "gateway.change")).toEqual([
      { to: "gateway.provision", with: expect.objectContaining({ account: old.account }) },
      {
        to: "gateway.change",
        with: expect.objectContaining({ credential_id: old.id, expires_at_ms: after.retires_at_ms }),
      },
    ]);
  });

  it("does not put the old limits back when it tells the old key's end", async () => {
    const limits = resolveLimits({ requests_per_minute: 50 }, {});
    await rotate(HOUR_MS, { limits });
    expect(calls.findLast(({ to }) => to === "gateway.change")?.with).toMatchObject({ limits });
    expect((await now()).limits).toEqual(limits);
  });

  it("revokes the old key after the overlap, everywhere, and says so", async () => {
    const successor = made(await rotate(HOUR_MS));
    calls.length = 0;
    await duesComeForward();
    expect(told()).toEqual(["gateway.revoke", "audit.revoke"]);
    expect((await now()).revoked_at_ms).not.toBeNull();
    expect((await now(successor.id)).revoked_at_ms).toBeNull();
    expect(await kinds()).toEqual(["key.rotated"]);
  });

  it("without an overlap ends the old key before it answers", async () => {
    await rotate(0);
    expect(told().slice(-2)).toEqual(["gateway.revoke", "audit.revoke"]);
    expect((await now()).revoked_at_ms).not.toBeNull();
  });

  it("gives a key one successor, also where two ask at the same time", async () => {
    const both = await Promise.all([rotate(HOUR_MS), rotate(HOUR_MS)]);
    expect(both.map(faultOf).toSorted()).toEqual(["done", "replaced"]);
    expect(faultOf(await rotate(HOUR_MS))).toBe("replaced");
  });

  it("of a revoked, an unknown or a client's credential makes nothing", async () => {
    expect(faultOf(await rotate(0, { replaces: "key_none" }))).toBe("unknown");
    await directory.revoke(old.id, "api_key", actor);
    expect(faultOf(await rotate(0))).toBe("revoked");
    expect((await directory.credentials("api_key", null, { cursor: null, limit: 10 })).items).toHaveLength(1);
  });

  it("that fails leaves the old key as it was, to be rotated again", async () => {
    failing.add("gateway.provision");
    expect(faultOf(await rotate(HOUR_MS))).toBe("ledger_unavailable");
    failing.clear();
    expect(await now()).toMatchObject({ replaced_by: null, retires_at_ms: null, revoked_at_ms: null });
    expect(faultOf(await rotate(HOUR_MS))).toBe("done");
  });

  it("that a crash cut off before the successor was provisioned leaves the old key as it was", async () => {
    const successor = made(await rotate(HOUR_MS));
    await runInDurableObject(directory, (_, { storage }) => {
      // as the first commit left them
      storage.sql.exec("UPDATE credentials SET untold = 'minted' WHERE id = ?", successor.id);
      const row = storage.sql.exec("SELECT record FROM credentials WHERE id = ?", old.id).one();
      const record = JSON.stringify({ ...JSON.parse(String(row.record)), retires_at_ms: null });
      storage.sql.exec("UPDATE credentials SET record = ?, untold = NULL WHERE id = ?", record, old.id);
      storage.sql.exec("DELETE FROM dues");
    });
    await evictDurableObject(directory);
    await runDurableObjectAlarm(directory);
    expect(await now()).toMatchObject({ replaced_by: null, retires_at_ms: null, revoked_at_ms: null });
    expect((await now(successor.id)).revoked_at_ms).not.toBeNull();
  });

  it("stands in the audit log under who did it", async () => {
    const successor = made(await rotate(HOUR_MS));
    await runDurableObjectAlarm(directory);
    expect(logs.get("default")?.map(({ open }) => open)).toContainEqual(
      expect.objectContaining({ action: "key.rotate", target: successor.id, credential_id: "key_admin" }),
    );
  });
});

describe("limits", () => {
  it("that one key of an account changes are those of its other keys as well", async () => {
    const successor = made(await rotate(HOUR_MS));
    await directory.change(successor.id, "api_key", { limits: { requests_per_minute: 9 } }, actor);
    expect((await now()).limits.requests_per_minute).toBe(9);
    expect((await now()).scopes).toEqual(["infer:*"]);
  });

  it("changed while a key of the account is being minted do not make an orphan of it", async () => {
    const gate = Promise.withResolvers<void>();
    held.set("gateway.provision", gate.promise);
    const minting = rotate(HOUR_MS);
    await expect.poll(async () => (await now()).replaced_by).not.toBeNull();
    await directory.change(old.id, "api_key", { limits: { requests_per_minute: 9 } }, actor);
    gate.resolve();
    const successor = made(await minting);
    for (let i = 0; i < 3; i++) await runDurableObjectAlarm(directory);
    expect((await now(successor.id)).revoked_at_ms).toBeNull();
  });
});

describe("the word before a key's end", () => {
  it("comes once, as an event and in the log, and not for a key that did not ask", async () => {
    const asked = made(await directory.mintKey(fresh({ rotate_before_s: 600 }), ISSUANCE, actor));
    await duesComeForward();
    await duesComeForward();
    const { items } = await directory.events(null, null, { cursor: null, limit: 50 });
    expect(items.filter(({ kind }) => kind === "key.rotation_due").map(({ target }) => target)).toEqual([asked.id]);
    expect(
      logs.get("default")?.filter(({ open }) => open.kind === "admin" && open.action === "key.rotation_due"),
    ).toHaveLength(1);
  });

  it("is not due before its time", async () => {
    await directory.mintKey(fresh({ rotate_before_s: 600 }), ISSUANCE, actor);
    await runDurableObjectAlarm(directory);
    expect(await kinds()).toEqual([]);
  });

  it("does not come for a key that was rotated, revoked, or changed its mind", async () => {
    const [rotated, revoked, changed] = [
      made(await directory.mintKey(fresh({ rotate_before_s: 600 }), ISSUANCE, actor)),
      made(await directory.mintKey(fresh({ rotate_before_s: 600 }), ISSUANCE, actor)),
      made(await directory.mintKey(fresh({ rotate_before_s: 600 }), ISSUANCE, actor)),
    ];
    await directory.rotateKey(fresh({ replaces: rotated?.id ?? "" }), ISSUANCE, HOUR_MS, actor);
    await directory.revoke(revoked?.id ?? "", "api_key", actor);
    await directory.change(changed?.id ?? "", "api_key", { rotate_before_s: null }, actor);
    await duesComeForward();
    expect((await kinds()).filter((kind) => kind === "key.rotation_due")).toEqual([]);
  });
});

describe("events", () => {
  it("are paged, newest first, each once", async () => {
    await runInDurableObject(directory, (_, state) => {
      for (let i = 0; i < 25; i++)
        state.storage.sql.exec(
          "INSERT INTO happenings (id, time_ms, kind, tenant, target) VALUES (?, ?, 'k', 't', ?)",
          `evt_${i}`,
          i,
          `${i}`,
        );
    });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<KeyDirectory["events"]>> = await directory.events(["t"], null, {
        cursor,
        limit: 10,
      });
      seen.push(...page.items.map(({ target }) => target));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `${24 - i}`));
  });
});
