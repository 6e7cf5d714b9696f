// The directory against fakes of gateway and audit: order of effects, what a crash or a failure leaves, one burn.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BASIC_REGISTRATION } from "../../../durable-objects/key-directory/clients/records.ts";
import type { KeyDirectory } from "../../../durable-objects/key-directory/object.ts";
import type { Actor, MintOutcome, NewCredential, Outcome } from "../../../durable-objects/key-directory/records.ts";
import { newRequestId } from "../../../protocol/ids.ts";
import { resolveLimits } from "../../../protocol/limits.ts";
import { calls, failing, forget, held, logs, lostAnswers, settle, told } from "./fakes.ts";

const namespace = (env as unknown as { DIRECTORY: DurableObjectNamespace<KeyDirectory> }).DIRECTORY;
const actor: Actor = { requestId: newRequestId(1, new Uint8Array(10)), credentialId: "key_admin" };

const ISSUANCE = { iss: "https://control.test", aud: "https://gateway.test" };
let directory: DurableObjectStub<KeyDirectory>;
let counter = 0;

beforeEach(() => {
  forget();
  directory = namespace.get(namespace.idFromName(`directory-${counter++}`));
});

afterEach(async () => await settle(async () => await runDurableObjectAlarm(directory)));

function fresh(over: Partial<NewCredential> = {}): NewCredential {
  return {
    id: `key_${String(counter++).padStart(6, "0")}`,
    kind: "api_key",
    tenant: "system",
    account: `acct_${counter}`,
    name: "a key",
    scopes: ["infer:*"],
    limits: resolveLimits({ requests_per_minute: 5 }, {}),
    allow_cidrs: [],
    expires_at_ms: (Math.floor(Date.now() / 1000) + 3600) * 1000,
    replaces: null,
    rotate_before_s: null,
    auto_rotate: false,
    by_exchange: false,
    cnf: null,
    ...over,
  };
}

const actions = (log = "default"): string[] =>
  (logs.get(log) ?? [])
    .map(({ open }) => (open.kind === "admin" ? open.action : open.kind))
    // the directory's own keys have tests of their own
    .filter((action) => !action.startsWith("signing_key."));
const isGapless = (log: string): boolean => (logs.get(log) ?? []).every(({ seq }, index) => seq === index + 1);
const faultOf = (outcome: Outcome | MintOutcome): string => (outcome.done ? "done" : outcome.fault);

/** What a crash leaves: the instance is gone, its storage is not. */
async function crash(): Promise<void> {
  await evictDurableObject(directory);
}

describe("a credential", () => {
  it("is provisioned before mint answers, with its tenant's jurisdiction and log", async () => {
    await directory.createTenant({ name: "acme", jurisdiction: "eu", log: "acme" }, actor);
    const key = fresh({ tenant: "acme" });
    const outcome = await directory.mintKey(key, ISSUANCE, actor);
    expect(outcome).toMatchObject({ done: true, credential: { jurisdiction: "eu", log: "acme", revoked_at_ms: null } });
    expect(calls.find(({ to }) => to === "gateway.provision")?.with).toEqual({
      jurisdiction: "eu",
      account: key.account,
      tenant: "acme",
      log: "acme",
      limits: key.limits,
      credential: {
        id: key.id,
        kind: "api_key",
        scopes: ["infer:*"],
        allow_cidrs: [],
        expires_at_ms: key.expires_at_ms,
      },
    });
  });

  it("of a tenant that does not exist is not made, and nobody is told", async () => {
    expect(faultOf(await directory.mintKey(fresh({ tenant: "nobody" }), ISSUANCE, actor))).toBe("unknown_tenant");
    expect(calls).toEqual([]);
  });

  it("whose ledger cannot be reached is revoked, now and for good", async () => {
    failing.add("gateway.provision");
    const key = fresh();
    expect(faultOf(await directory.mintKey(key, ISSUANCE, actor))).toBe("ledger_unavailable");
    expect((await directory.credential(key.id))?.revoked_at_ms).not.toBeNull();
    failing.clear();
    await runDurableObjectAlarm(directory);
    expect(told()).toEqual(["gateway.provision", "gateway.revoke", "audit.revoke"]);
    expect(actions()).toEqual(["key.mint", "key.abandon"]);
  });

  it("that a crash left unprovisioned is revoked by the alarm: its key was never handed out", async () => {
    const key = fresh();
    await runInDurableObject(directory, async (instance) => {
      // as if the instance had died between the commit and the call
      await instance.mintKey(key, ISSUANCE, actor);
    });
    await runInDurableObject(directory, (_, state) => {
      state.storage.sql.exec("UPDATE credentials SET untold = 'minted'");
    });
    await crash();
    calls.length = 0;
    await runDurableObjectAlarm(directory);
    expect(told()).toEqual(["gateway.revoke", "audit.revoke"]);
    expect((await directory.credential(key.id))?.revoked_at_ms).not.toBeNull();
  });

  it("that is being provisioned is no orphan to an alarm that fires meanwhile", async () => {
    const gate = Promise.withResolvers<void>();
    held.set("gateway.provision", gate.promise);
    const key = fresh();
    const minting = directory.mintKey(key, ISSUANCE, actor);
    await expect.poll(async () => await directory.credential(key.id)).not.toBeNull();
    expect(await runDurableObjectAlarm(directory)).toBe(true);
    gate.resolve();
    expect(faultOf(await minting)).toBe("done");
    await runDurableObjectAlarm(directory);
    expect(told()).toEqual(["gateway.provision"]);
  });

  it("with an id that is taken replaces nothing", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    expect(faultOf(await directory.mintKey({ ...key, scopes: ["admin"] }, ISSUANCE, actor))).toBe("taken");
    expect((await directory.credential(key.id))?.scopes).toEqual(["infer:*"]);
  });
});

describe("a credential that reads the log", () => {
  it("is held by audit to what its row says, from its making on, and to each change", async () => {
    const key = fresh({ scopes: ["auditor", "infer:*"], allow_cidrs: ["192.0.2.0/24"] });
    expect(faultOf(await directory.mintKey(key, ISSUANCE, actor))).toBe("done");
    await directory.change(key.id, "api_key", { scopes: ["infer:*"], allow_cidrs: [] }, actor);
    await directory.change(key.id, "api_key", { name: "b" }, actor);
    expect(told()).toEqual([
      "gateway.provision",
      "audit.restrict",
      "gateway.change",
      "audit.restrict",
      "gateway.change",
      "audit.restrict",
    ]);
    const rows = calls.filter(({ to }) => to === "audit.restrict").map((call) => call.with);
    expect(rows[0]).toMatchObject([{ credential_id: key.id, scopes: key.scopes, allow_cidrs: key.allow_cidrs }]);
    expect(rows[1]).toMatchObject([{ credential_id: key.id, scopes: ["infer:*"], allow_cidrs: [] }]);
  });

  it("is not made where audit cannot be told, and a change is told by the alarm", async () => {
    failing.add("audit.restrict");
    const key = fresh({ scopes: ["auditor:system"] });
    expect(faultOf(await directory.mintKey(key, ISSUANCE, actor))).toBe("log_unavailable");
    expect((await directory.credential(key.id))?.revoked_at_ms).not.toBeNull();
    failing.clear();
    const other = fresh({ scopes: ["auditor:system"] });
    await directory.mintKey(other, ISSUANCE, actor);
    failing.add("audit.restrict");
    expect(faultOf(await directory.change(other.id, "api_key", { scopes: [] }, actor))).toBe("log_unavailable");
    failing.clear();
    calls.length = 0;
    await runDurableObjectAlarm(directory);
    expect(calls.findLast(({ to }) => to === "audit.restrict")?.with).toMatchObject([
      { credential_id: other.id, scopes: [] },
    ]);
  });

  it("alone is told of: an inference key does not wait for audit", async () => {
    failing.add("audit.restrict");
    expect(faultOf(await directory.mintKey(fresh(), ISSUANCE, actor))).toBe("done");
  });
});

describe("a change", () => {
  it("reaches the ledger as the whole row before it answers, and leaves the rest alone", async () => {
    const key = fresh({ scopes: ["infer:*", "embed:*"] });
    await directory.mintKey(key, ISSUANCE, actor);
    const change = { limits: { requests_per_minute: null, concurrency: 2 }, scopes: ["infer:small"] };
    const outcome = await directory.change(key.id, "api_key", change, actor);
    const limits = { ...key.limits, requests_per_minute: null, concurrency: 2 };
    expect(outcome).toMatchObject({ done: true, credential: { name: "a key", scopes: ["infer:small"], limits } });
    expect(calls.at(-1)).toMatchObject({
      to: "gateway.change",
      with: { credential_id: key.id, limits, scopes: ["infer:small"], allow_cidrs: [] },
    });
  });

  it("that would widen the scopes is refused, also back to what they once were", async () => {
    const key = fresh({ scopes: ["infer:small"] });
    await directory.mintKey(key, ISSUANCE, actor);
    const widen = async (...scopes: string[]) => faultOf(await directory.change(key.id, "api_key", { scopes }, actor));
    expect(await widen("infer:*")).toBe("wider");
    expect(await widen("infer:small", "admin")).toBe("wider");
    expect(await widen()).toBe("done");
    expect(await widen("infer:small")).toBe("wider");
  });

  it("of a revoked, an unknown or another kind's credential is refused", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    expect(faultOf(await directory.change(key.id, "client", {}, actor))).toBe("unknown");
    expect(faultOf(await directory.change("key_none", "api_key", {}, actor))).toBe("unknown");
    await directory.revoke(key.id, "api_key", actor);
    expect(faultOf(await directory.change(key.id, "api_key", { name: "b" }, actor))).toBe("revoked");
  });

  it("that the ledger could not be told is told by the alarm", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    failing.add("gateway.change");
    expect(faultOf(await directory.change(key.id, "api_key", { name: "b" }, actor))).toBe("ledger_unavailable");
    failing.clear();
    calls.length = 0;
    await runDurableObjectAlarm(directory);
    expect(told()).toEqual(["gateway.change"]);
    await runDurableObjectAlarm(directory);
    expect(told()).toEqual(["gateway.change"]);
  });

  it("of a credential that the ledger does not know is not reported as done", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    failing.add("gateway.knows");
    expect(faultOf(await directory.change(key.id, "api_key", { name: "b" }, actor))).toBe("ledger_unavailable");
  });

  it("never arrives after a newer one, however long the older takes", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    const gate = Promise.withResolvers<void>();
    held.set("gateway.change", gate.promise);
    const older = directory.change(key.id, "api_key", { limits: { concurrency: 1 } }, actor);
    const newer = directory.change(key.id, "api_key", { limits: { concurrency: 2 } }, actor);
    gate.resolve();
    await Promise.all([older, newer]);
    const last = calls.filter(({ to }) => to === "gateway.change").at(-1)?.with as { limits: { concurrency: number } };
    expect(last.limits.concurrency).toBe((await directory.credential(key.id))?.limits.concurrency);
  });
});

describe("a revocation", () => {
  it("reaches gateway, then audit, then answers", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    calls.length = 0;
    expect(faultOf(await directory.revoke(key.id, "api_key", actor))).toBe("done");
    expect(told()).toEqual(["gateway.revoke", "audit.revoke"]);
    const pushed = calls.find(({ to }) => to === "audit.revoke")?.with;
    // for as long as a verifier with 30 s of skew would take the token
    expect(pushed).toEqual([{ credential_id: key.id, expires_at_ms: (key.expires_at_ms ?? 0) + 30_000 }]);
  });

  it("does not answer while audit has not heard, and is finished by the alarm", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    failing.add("audit.revoke");
    expect(faultOf(await directory.revoke(key.id, "api_key", actor))).toBe("log_unavailable");
    failing.clear();
    calls.length = 0;
    await crash();
    await runDurableObjectAlarm(directory);
    expect(told()).toEqual(["gateway.revoke", "audit.revoke"]);
  });

  it("repeated is told again and journalled once, and keeps its first time", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    const first = await directory.revoke(key.id, "api_key", actor);
    expect(await directory.revoke(key.id, "api_key", actor)).toEqual(first);
    await runDurableObjectAlarm(directory);
    expect(actions()).toEqual(["key.mint", "key.revoke"]);
    expect(told().filter((to) => to === "gateway.revoke")).toHaveLength(2);
  });

  it("of an unknown credential tells nobody", async () => {
    expect(faultOf(await directory.revoke("key_none", "api_key", actor))).toBe("unknown");
    expect(calls).toEqual([]);
  });

  it("wins over a change that runs at the same time", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    const gate = Promise.withResolvers<void>();
    held.set("gateway.change", gate.promise);
    const change = directory.change(key.id, "api_key", { name: "b" }, actor);
    const revoke = directory.revoke(key.id, "api_key", actor);
    gate.resolve();
    await Promise.all([change, revoke]);
    expect((await directory.credential(key.id))?.revoked_at_ms).not.toBeNull();
    expect(told().at(-1)).toBe("audit.revoke");
  });
});

describe("the one-time secret", () => {
  it("works once, also for two that come at the same time", async () => {
    const both = await Promise.all([
      directory.bootstrap("h1", fresh(), ISSUANCE, actor),
      directory.bootstrap("h1", fresh(), ISSUANCE, actor),
    ]);
    expect(both.map(faultOf).sort()).toEqual(["burnt", "done"]);
    await crash();
    expect(faultOf(await directory.bootstrap("h1", fresh(), ISSUANCE, actor))).toBe("burnt");
    expect((await directory.credentials("api_key", null, { cursor: null, limit: 10 })).items).toHaveLength(1);
  });

  it("that is another works again, once", async () => {
    for (const secret of ["h1", "h2"]) {
      expect(faultOf(await directory.bootstrap(secret, fresh(), ISSUANCE, actor))).toBe("done");
      expect(faultOf(await directory.bootstrap(secret, fresh(), ISSUANCE, actor))).toBe("burnt");
    }
  });

  it("is not spent where no key could be handed out", async () => {
    failing.add("gateway.provision");
    expect(faultOf(await directory.bootstrap("h1", fresh(), ISSUANCE, actor))).toBe("ledger_unavailable");
    failing.clear();
    expect(faultOf(await directory.bootstrap("h1", fresh(), ISSUANCE, actor))).toBe("done");
  });
});

describe("a client's secret", () => {
  const show = async (clientId: string, secretHash: string): Promise<boolean> => {
    const presented = { method: "client_secret_basic", clientId, secretHash } as const;
    // each from an address of its own: this is not about slowing anyone down
    const clientAddress = `198.51.100.${counter++ % 250}`;
    const outcome = await directory.authenticateClient({ presented, clientAddress, audiences: [], oneTime: null });
    return outcome.done && outcome.client.id === clientId;
  };

  it("opens its own client, unless that is revoked", async () => {
    const client = fresh({ id: "client_1", kind: "client", expires_at_ms: null });
    const hash = "a".repeat(64);
    await directory.mintClient(client, BASIC_REGISTRATION, hash, actor);
    expect(await show("client_1", hash)).toBe(true);
    for (const wrong of ["", "0".repeat(64), "a".repeat(63), `${"a".repeat(63)}b`])
      expect(await show("client_1", wrong)).toBe(false);
    await directory.revoke("client_1", "client", actor);
    expect(await show("client_1", hash)).toBe(false);
  });

  it("does not open a client that is not there, not even the hash it is compared with", async () => {
    expect(await show("client_none", "0".repeat(64))).toBe(false);
  });

  it("stands nowhere in what is listed", async () => {
    const hash = "c0ffee".padEnd(64, "0");
    await directory.mintClient(fresh({ id: "client_2", kind: "client" }), BASIC_REGISTRATION, hash, actor);
    expect(JSON.stringify(await directory.credentials("client", null, { cursor: null, limit: 10 }))).not.toContain(
      "c0ffee",
    );
  });
});

describe("the journal of acts", () => {
  it("reaches each tenant's log in order, without a gap, each act once, though answers are lost", async () => {
    await directory.createTenant({ name: "acme", jurisdiction: "none", log: "acme" }, actor);
    lostAnswers.left = 2;
    for (let i = 0; i < 3; i++) {
      await directory.mintKey(fresh({ tenant: i === 1 ? "acme" : "system" }), ISSUANCE, actor);
      await runDurableObjectAlarm(directory);
    }
    // what failed waits a second before it is tried again
    await expect
      .poll(
        async () => {
          await runDurableObjectAlarm(directory);
          return actions("acme");
        },
        { timeout: 10_000 },
      )
      .toEqual(["tenant.create", "key.mint"]);
    expect(actions("default")).toEqual(["key.mint", "key.mint"]);
    expect(isGapless("default")).toBe(true);
  });

  it("names who did what to which credential", async () => {
    const key = fresh();
    await directory.mintKey(key, ISSUANCE, actor);
    await runDurableObjectAlarm(directory);
    expect(logs.get("default")?.map(({ open }) => open)).toContainEqual(
      expect.objectContaining({
        kind: "admin",
        action: "key.mint",
        target: key.id,
        tenant: "system",
        credential_id: "key_admin",
        request_id: actor.requestId,
      }),
    );
  });

  it("is kept while the log cannot be reached, through a crash, and goes on counting after it was shipped", async () => {
    failing.add("audit.append");
    await directory.mintKey(fresh(), ISSUANCE, actor);
    await runDurableObjectAlarm(directory);
    await crash();
    failing.clear();
    await runDurableObjectAlarm(directory);
    await directory.mintKey(fresh(), ISSUANCE, actor);
    await runDurableObjectAlarm(directory);
    expect(actions()).toEqual(["key.mint", "key.mint"]);
    expect(isGapless("default")).toBe(true);
  });

  it("of one log is not held up by another that refuses", async () => {
    await directory.createTenant({ name: "acme", jurisdiction: "none", log: "acme" }, actor);
    logs.set(
      "acme",
      new Proxy([], {
        get: () => {
          throw new Error("broken log");
        },
      }),
    );
    await directory.mintKey(fresh(), ISSUANCE, actor);
    await runDurableObjectAlarm(directory);
    expect(actions("default")).toEqual(["key.mint"]);
  });
});

describe("listing", () => {
  it("pages through everything once, in order, by kind and tenant", async () => {
    await directory.createTenant({ name: "acme", jurisdiction: "none", log: "default" }, actor);
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      const key = fresh({ tenant: i % 2 === 0 ? "acme" : "system" });
      await directory.mintKey(key, ISSUANCE, actor);
      if (i % 2 === 0) ids.push(key.id);
    }
    await directory.mintClient(fresh({ kind: "client", tenant: "acme" }), BASIC_REGISTRATION, "h", actor);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<KeyDirectory["credentials"]>> = await directory.credentials("api_key", ["acme"], {
        cursor,
        limit: 3,
      });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
  });

  it("knows the tenant system from the start, and makes no tenant twice", async () => {
    expect((await directory.tenant("system"))?.log).toBe("default");
    expect(await directory.createTenant({ name: "system", jurisdiction: "eu", log: "x" }, actor)).toBeNull();
    expect((await directory.tenants({ cursor: null, limit: 10 })).items.map(({ name }) => name)).toEqual(["system"]);
  });
});
