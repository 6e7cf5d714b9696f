// Signing keys over their whole life, on a clock of the test's own.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { KeyDirectory } from "../../../durable-objects/key-directory/object.ts";
import { toBase64Url } from "../../../protocol/encoding.ts";
import {
  actor,
  claims,
  configured,
  DAY_MS,
  HOUR_MS,
  kidOf,
  pass,
  signed,
  verdict,
  type World,
  world,
} from "./keyring-world.ts";

const namespace = (env as unknown as { DIRECTORY: DurableObjectNamespace<KeyDirectory> }).DIRECTORY;
const KEY_S = 90 * 86_400;

async function inDirectory<T>(test: (state: DurableObjectState) => Promise<T>): Promise<T> {
  const directory = namespace.get(namespace.newUniqueId());
  return await runInDurableObject(directory, async (_, state) => await test(state));
}

const states = async (w: World, kind = "api_key"): Promise<string[]> =>
  (await w.keyring.list()).keys.filter(({ signs }) => signs === kind).map(({ state }) => state);

function dump(state: DurableObjectState): string {
  const tables = state.storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  return JSON.stringify(
    tables
      .toArray()
      .filter(({ name }) => !name.startsWith("_"))
      .map(({ name }) => state.storage.sql.exec(`SELECT * FROM "${name}"`).toArray()),
  );
}

describe("the first keys", () => {
  it("are the configured ones: what they signed before stays good, and they sign at once", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      const token = await signed(w, "api_key", KEY_S);
      expect(kidOf(token)).toBe("api-1");
      expect(await verdict(w, "gateway", token)).toBe("ok");
      expect(kidOf(await signed(w, "access_token", 3600))).toBe("at-1");
      const { generation, confirmed_generation } = await w.keyring.list();
      expect([generation, confirmed_generation]).toEqual([1, 1]);
    });
  });

  it("that the directory makes itself sign nothing before both Workers hold them", async () => {
    await inDirectory(async (state) => {
      const w = world(state, { DIRECTORY_KEY: configured.DIRECTORY_KEY });
      w.down.add("audit");
      expect(await w.keyring.sign("api_key", claims(w.nowMs, 60))).toEqual({ done: false, fault: "not_ready" });
      await pass(w, DAY_MS);
      expect(await w.keyring.isReady("api_key")).toBe(false);
      w.down.clear();
      await pass(w, 0);
      const token = await signed(w, "api_key", KEY_S);
      for (const who of ["gateway", "audit"] as const) expect(await verdict(w, who, token)).toBe("ok");
    });
  });

  it("lie sealed in storage: no private part of any key is in any table, nor in what is listed", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      await signed(w, "api_key", 60);
      const { api_key, access_token } = JSON.parse(configured.TOKEN_SIGNING_KEYS);
      const text = dump(state) + JSON.stringify(await w.keyring.list()) + JSON.stringify(await w.keyring.published());
      expect(text).toContain(api_key.x);
      for (const secret of [api_key.d, access_token.d, configured.DIRECTORY_KEY]) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/"d":/);
    });
  });

  it("do not open under another DIRECTORY_KEY, and the error tells no secret", async () => {
    await inDirectory(async (state) => {
      await signed(world(state), "api_key", 60);
      const other = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
      const w = world(state, { ...configured, DIRECTORY_KEY: other });
      const error = await w.keyring.sign("api_key", claims(w.nowMs, 60)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).not.toContain(other);
    });
  });

  it("that no longer open are replaced by a rotation, and what they signed stays good", async () => {
    await inDirectory(async (state) => {
      const before = world(state);
      await pass(before, 0);
      const token = await signed(before, "api_key", KEY_S);
      const other = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
      const w = world(state, { ...configured, DIRECTORY_KEY: other }, before.nowMs);
      await w.keyring.rotate("api_key", null, actor);
      const fresh = await signed(w, "api_key", 60);
      for (const good of [token, fresh]) expect(await verdict(w, "gateway", good)).toBe("ok");
    });
  }, 15_000);

  it("cannot change places in storage: a sealed key opens under its own id alone", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await w.keyring.list();
      const { sql } = state.storage;
      const rows = sql.exec<{ kid: string; sealed: string }>("SELECT kid, sealed FROM signing_keys").toArray();
      const [a, b] = rows.filter(({ sealed }) => sealed !== null);
      sql.exec("UPDATE signing_keys SET sealed = ? WHERE kid = ?", b?.sealed ?? "", a?.kid ?? "");
      await expect(world(state).keyring.sign("api_key", claims(w.nowMs, 60))).rejects.toThrow();
    });
  });
});

describe("a scheduled rotation", () => {
  it("publishes the next key long before it signs, to both Workers, under a higher generation", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      expect(await states(w)).toEqual(["current", "next"]);
      const [gateway, audit] = [w.held.get("gateway"), w.held.get("audit")];
      expect(gateway).toEqual(audit);
      expect(gateway?.generation).toBeGreaterThan(1);
      expect(JSON.parse(gateway?.key_set ?? "").keys).toHaveLength(4);
      expect(kidOf(await signed(w, "api_key", 60))).toBe("api-1");
    });
  });

  it("does not promote a key that one Worker has not confirmed, however overdue", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      w.down.add("gateway");
      await pass(w, 0);
      await pass(w, 60 * DAY_MS);
      expect(kidOf(await signed(w, "api_key", 60))).toBe("api-1");
      w.down.clear();
      await pass(w, 0);
      expect(kidOf(await signed(w, "api_key", 60))).not.toBe("api-1");
    });
  });

  it("keeps a key published until the longest-lived API key that it signed has expired, and no longer", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      await pass(w, 29 * DAY_MS);
      const token = await signed(w, "api_key", KEY_S);
      await pass(w, 2 * DAY_MS);
      expect(kidOf(await signed(w, "api_key", 60))).not.toBe("api-1");
      await pass(w, 87 * DAY_MS);
      expect(await verdict(w, "gateway", token)).toBe("ok");
      await pass(w, 2 * DAY_MS);
      expect(await verdict(w, "gateway", token)).toBe("unknown_key");
      expect((await w.keyring.list()).keys.find(({ kid }) => kid === "api-1")?.state).toBe("gone");
    });
  });

  it("erases the private half of a key that signs no more", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      expect(w.store.sealed("api-1")).not.toBeNull();
      await pass(w, 31 * DAY_MS);
      expect(w.store.sealed("api-1")).toBeNull();
    });
  });

  it("lets no valid token fail at either Worker, over a year of rotations with outages", async () => {
    await inDirectory(async (state) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      const w = world(state);
      const living: { token: string; untilMs: number }[] = [];
      const kids = new Set<string>();
      for (let step = 0; step < 365; step++) {
        w.down.clear();
        // one of them is away for days at a time
        if (step % 40 < 6) w.down.add(step % 80 < 40 ? "gateway" : "audit");
        await pass(w, DAY_MS);
        for (const [kind, lifeS] of [
          ["api_key", ((step * 37) % 90) * 86_400 + 60],
          ["access_token", 3600],
        ] as const) {
          const token = await signed(w, kind, lifeS);
          kids.add(kidOf(token));
          living.push({ token, untilMs: w.nowMs + lifeS * 1000 });
        }
        for (let i = living.length - 1; i >= 0; i--) if ((living[i]?.untilMs ?? 0) <= w.nowMs) living.splice(i, 1);
        if (step % 13 !== 0) continue;
        for (const { token } of living)
          for (const who of ["gateway", "audit"] as const) expect(await verdict(w, who, token)).toBe("ok");
      }
      expect(kids.size).toBeGreaterThan(30);
      expect(JSON.parse(w.held.get("gateway")?.key_set ?? "").keys.length).toBeLessThan(16);
      log.mockRestore();
    });
  }, 60_000);
});

describe("a rotation at once", () => {
  it("signs with the new key when it answers, of the algorithm asked for, and both Workers know it", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      const before = await signed(w, "api_key", KEY_S);
      const outcome = await w.keyring.rotate("api_key", "ES256", actor);
      const token = await signed(w, "api_key", 60);
      expect(outcome).toEqual({ done: true, kid: kidOf(token) });
      expect((await w.keyring.list()).keys.find(({ kid }) => kid === kidOf(token))?.alg).toBe("ES256");
      for (const who of ["gateway", "audit"] as const) {
        expect(await verdict(w, who, token)).toBe("ok");
        expect(await verdict(w, who, before)).toBe("ok");
      }
    });
  }, 15_000);

  it("changes nothing where a Worker cannot be told", async () => {
    await inDirectory(async (state) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      const w = world(state);
      w.down.add("audit");
      expect(await w.keyring.rotate("access_token", null, actor)).toEqual({ done: false, fault: "log_unavailable" });
      expect(kidOf(await signed(w, "access_token", 60))).toBe("at-1");
      log.mockRestore();
    });
  });

  it("goes on after a crash between commit and publishing: another instance publishes", async () => {
    await inDirectory(async (state) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      const w = world(state);
      w.down.add("gateway").add("audit");
      await pass(w, 0);
      const after = world(state, configured, w.nowMs + HOUR_MS);
      expect((await after.keyring.list()).confirmed_generation).toBe(1);
      await after.keyring.tend();
      expect(after.held.get("gateway")?.generation).toBe((await after.keyring.list()).generation);
      log.mockRestore();
    });
  });
});

describe("a withdrawal", () => {
  it("first names what dies with the key, and then it does, at both Workers, when it answers", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      const mine = claims(w.nowMs, KEY_S);
      const outcome = await w.keyring.sign("api_key", mine);
      const token = outcome.done ? outcome.token : "";
      const other = await signed(w, "access_token", 3600);
      expect((await w.keyring.withdrawal("api-1"))?.credentials).toEqual([mine.jti]);
      expect(await verdict(w, "gateway", token)).toBe("ok");

      const died: string[] = [];
      const fault = await w.keyring.withdraw("api-1", actor, ({ credentials }) => void died.push(...credentials));
      expect([fault, died]).toEqual([null, [mine.jti]]);
      for (const who of ["gateway", "audit"] as const) {
        expect(await verdict(w, who, token)).toBe("unknown_key");
        expect(await verdict(w, who, other)).toBe("ok");
      }
      // the next key had been published: minting goes on
      expect(await verdict(w, "gateway", await signed(w, "api_key", 60))).toBe("ok");
    });
  });

  it("does not list credentials that have expired", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await signed(w, "api_key", 60);
      w.nowMs += DAY_MS;
      expect((await w.keyring.withdrawal("api-1"))?.credentials).toEqual([]);
    });
  });

  it("of a key that is unknown or gone does nothing", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      expect(await w.keyring.withdraw("nope", actor, () => {})).toBe("unknown");
      await w.keyring.withdraw("at-1", actor, () => {});
      expect(await w.keyring.withdraw("at-1", actor, () => {})).toBe("unknown");
      expect(await w.keyring.withdrawal("at-1")).toBeNull();
    });
  });

  it("that a Worker could not be told is told by the next turn, and the key signs nothing meanwhile", async () => {
    await inDirectory(async (state) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      const w = world(state);
      await pass(w, 0);
      const token = await signed(w, "api_key", KEY_S);
      w.down.add("gateway");
      expect(await w.keyring.withdraw("api-1", actor, () => {})).toBe("ledger_unavailable");
      expect(kidOf(await signed(w, "api_key", 60))).not.toBe("api-1");
      w.down.clear();
      await pass(w, 0);
      expect(await verdict(w, "gateway", token)).toBe("unknown_key");
      log.mockRestore();
    });
  });
});

describe("generations", () => {
  it("of a directory that was restored to yesterday are above what the others have seen since", async () => {
    await inDirectory(async (state) => {
      const w = world(state);
      await pass(w, 0);
      const seen = w.held.get("gateway")?.generation ?? 0;
      await inDirectory(async (yesterday) => {
        const restored = world(yesterday, configured, w.nowMs + HOUR_MS);
        await pass(restored, 0);
        expect(restored.held.get("gateway")?.generation).toBeGreaterThan(seen);
      });
    });
  });
});
