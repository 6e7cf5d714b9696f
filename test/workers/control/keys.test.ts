// API keys through the front door: minted once, listed without their material, changed and revoked in the right order.
import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importVerificationKeys } from "../../../identity/keys.ts";
import { verifyToken } from "../../../identity/tokens.ts";
import { calls, failing, held, told } from "../key-directory/fakes.ts";
import {
  type Answer,
  AUDIENCE,
  claimsOf,
  close,
  ISSUER,
  inhabited,
  type Platform,
  type Sent,
  send,
} from "./platform.ts";

let platform: Platform;
let admin: string;

beforeEach(async () => {
  ({ platform, admin } = await inhabited());
  calls.length = 0;
});

afterEach(async () => await close(platform));

const ask = async (method: string, path: string, sent: Sent = {}): Promise<Answer> =>
  await send(platform, method, path, { key: admin, ...sent });
const wanted = { tenant: "demo", name: "ci", scopes: ["infer:small", "embed:*"] };
const mint = async (over: Record<string, unknown> = {}): Promise<Answer> =>
  await ask("POST", "/admin/v1/keys", { json: { ...wanted, ...over } });

describe("POST /admin/v1/keys", () => {
  it("answers 201 with a key that verifies, and says what it is", async () => {
    const { status, json } = await mint({
      limits: { requests_per_day: 9, concurrency: null },
      allow_cidrs: ["192.0.2.0/24"],
      expires_in_s: 600,
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      tenant: "demo",
      name: "ci",
      scopes: wanted.scopes,
      allow_cidrs: ["192.0.2.0/24"],
      revoked_at: null,
      // its own, over its tenant's defaults, over none
      limits: { requests_per_day: 9, concurrency: null, requests_per_minute: 60, tokens_per_day: null },
    });
    const keys = await importVerificationKeys(platform.env.VERIFICATION_KEYS ?? "");
    const verified = await verifyToken(json.key, keys, { issuer: ISSUER, audience: AUDIENCE, nowMs: Date.now() });
    expect(verified).toMatchObject({
      ok: true,
      principal: {
        kind: "api_key",
        credentialId: json.id,
        account: json.account,
        tenant: "demo",
        scopes: wanted.scopes,
        expiresAtMs: Date.parse(json.expires_at),
      },
    });
  });

  it("provisions the account's ledger before it answers", async () => {
    const gate = Promise.withResolvers<void>();
    held.set("gateway.provision", gate.promise);
    let answered = false;
    const minting = mint().then((answer) => {
      answered = true;
      return answer;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(answered).toBe(false);
    gate.resolve();
    const { json } = await minting;
    expect(calls).toContainEqual({
      to: "gateway.provision",
      with: expect.objectContaining({
        account: json.account,
        limits: json.limits,
        credential: expect.objectContaining({ id: json.id, expires_at_ms: Date.parse(json.expires_at) }),
      }),
    });
  });

  it("hands out no key where the ledger cannot be reached", async () => {
    failing.add("gateway.provision");
    const { status, json, headers } = await mint();
    expect(status).toBe(503);
    expect(json.error.code).toBe("ledger_unavailable");
    expect(headers.get("retry-after")).toBe("1");
    expect(JSON.stringify(json)).not.toContain("eyJ");
    failing.clear();
    const { json: list } = await ask("GET", "/admin/v1/keys?tenant=demo");
    expect(list.keys[0].revoked_at).not.toBeNull();
  });

  it("gives 90 days where none are asked for, and never more", async () => {
    const { json } = await mint();
    const claims = claimsOf(json.key);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(90 * 86_400);
    for (const expires_in_s of [90 * 86_400 + 1, 0, -1, 1.5, "60", null])
      expect((await mint({ expires_in_s })).status).toBe(400);
  });

  it("gives every key an account of its own", async () => {
    expect((await mint()).json.account).not.toBe((await mint()).json.account);
  });

  it("names the field at fault", async () => {
    for (const [over, param] of [
      [{ limits: { requests_per_minut: 5 } }, "limits.requests_per_minut"],
      [{ limits: { requests_per_minute: 0 } }, "limits.requests_per_minute"],
      [{ limits: { requests_per_minute: "5" } }, "limits.requests_per_minute"],
      [{ scope: ["infer:*"] }, "scope"],
      [{ account: "acct_other" }, "account"],
      [{ scopes: ["infer:small", "root"] }, "scopes[1]"],
      [{ scopes: [] }, "scopes"],
      [{ scopes: ["admin", "admin"] }, "scopes"],
      [{ allow_cidrs: ["10.0.0.1"] }, "allow_cidrs[0]"],
      [{ allow_cidrs: ["10.0.0.0/8", "010.0.0.0/8"] }, "allow_cidrs[1]"],
      [{ tenant: "nobody" }, "tenant"],
      [{ tenant: "../demo" }, "tenant"],
      [{ tenant: undefined }, "tenant"],
      [{ name: "" }, "name"],
      [{ name: "a\nb" }, "name"],
      [{ name: 7 }, "name"],
    ] as const) {
      const { status, json } = await mint(over);
      expect([status, json.error.param]).toEqual([400, param]);
    }
    expect(told()).toEqual([]);
  });

  it("binds a key to its holder's own where asked, and its successor too", async () => {
    const jkt = "A".repeat(43);
    const { json } = await mint({ cnf: { jkt } });
    expect([json.cnf, claimsOf(json.key).cnf]).toEqual([{ jkt }, { jkt }]);
    const rotated = await ask("POST", `/admin/v1/keys/${json.id}/rotate`, { json: {} });
    expect(claimsOf(rotated.json.key).cnf).toEqual({ jkt });
    for (const cnf of [
      {},
      { jkt: "short" },
      { jkt, "x5t#S256": jkt },
      { jwk: { kty: "oct", k: "x" } },
      { jwk: { kty: "OKP", crv: "Ed25519", x: jkt, d: jkt } },
      null,
    ])
      expect([cnf, (await mint({ cnf })).json.error?.param]).toEqual([cnf, "cnf"]);
  });

  it("refuses a key's worth of scopes that no token could carry", async () => {
    const scopes = Array.from({ length: 32 }, (_, i) => `infer:${"m".repeat(100)}${i}`);
    expect((await mint({ scopes })).status).toBe(400);
  });
});

describe("listing", () => {
  it("holds no key, nor does anything that is stored or sent to others", async () => {
    const { json: minted } = await mint();
    const parts = String(minted.key).split(".");
    const { text } = await ask("GET", "/admin/v1/keys");
    const one = await ask("GET", `/admin/v1/keys/${minted.id}`);
    const stored = await runInDurableObject(platform.directory, (_, state) =>
      JSON.stringify(
        ["tenants", "credentials", "client_secrets", "burnt_secrets", "outbox"].map((table) =>
          state.storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
        ),
      ),
    );
    expect(stored).toContain(minted.id);
    for (const place of [text, one.text, stored, JSON.stringify(calls)]) {
      expect(place).not.toContain(parts[1]);
      expect(place).not.toContain(parts[2]);
      expect(place).not.toContain(platform.bootstrapSecret);
    }
    expect(one.json).toEqual({ ...minted, key: undefined });
  });

  it("pages by cursor and filters by tenant", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await mint()).json.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { json }: Answer = await ask(
        "GET",
        `/admin/v1/keys?tenant=demo&limit=2${cursor === null ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...json.keys.map(({ id }: { id: string }) => id));
      cursor = json.next_cursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect((await ask("GET", "/admin/v1/keys?tenant=system")).json.keys).toHaveLength(1);
  });

  it("refuses a query that it does not know, or that names one thing twice", async () => {
    for (const query of [
      "limit=0",
      "limit=201",
      "limit=x",
      "cursor=%00",
      "nope=1",
      "limit=2&limit=3",
      "__proto__=1",
      "tenant=",
    ]) {
      const { status, json } = await ask("GET", `/admin/v1/keys?${query}`);
      expect([query, status, json.error.code]).toEqual([query, 400, "invalid_query"]);
    }
  });

  it("shows nothing for an id that is not there or is a client's", async () => {
    const client = await ask("POST", "/admin/v1/clients", { json: wanted });
    for (const id of ["key_none", client.json.client_id, "__proto__"])
      expect((await ask("GET", `/admin/v1/keys/${id}`)).status).toBe(404);
  });
});

describe("PATCH /admin/v1/keys/{id}", () => {
  it("changes what is named, leaves the rest, and tells the ledger before it answers", async () => {
    const { json: minted } = await mint({ limits: { tokens_per_day: 100 } });
    calls.length = 0;
    const { status, json } = await ask("PATCH", `/admin/v1/keys/${minted.id}`, {
      json: {
        limits: { requests_per_minute: 1, concurrency: null },
        scopes: ["infer:small@v1"],
        allow_cidrs: ["192.0.2.0/24"],
        name: "renamed",
      },
    });
    const limits = { ...minted.limits, requests_per_minute: 1, concurrency: null };
    const { key: _, ...described } = minted;
    expect(status).toBe(200);
    expect(json).toEqual({
      ...described,
      limits,
      scopes: ["infer:small@v1"],
      allow_cidrs: ["192.0.2.0/24"],
      name: "renamed",
    });
    expect(calls.filter(({ to }) => to === "gateway.change")).toEqual([
      {
        to: "gateway.change",
        with: {
          jurisdiction: "none",
          account: minted.account,
          credential_id: minted.id,
          limits,
          scopes: ["infer:small@v1"],
          allow_cidrs: ["192.0.2.0/24"],
        },
      },
    ]);
    expect((await ask("GET", `/admin/v1/keys/${minted.id}`)).json).toEqual(json);
  });

  it("does not widen scopes", async () => {
    const { json } = await mint({ scopes: ["infer:small"] });
    for (const scopes of [["infer:*"], ["infer:small", "admin"], ["embed:small"]]) {
      const answer = await ask("PATCH", `/admin/v1/keys/${json.id}`, { json: { scopes } });
      expect([answer.status, answer.json.error.param]).toEqual([400, "scopes"]);
    }
  });

  it("takes no field that cannot change", async () => {
    const { json } = await mint();
    for (const field of ["tenant", "account", "expires_in_s", "id", "expires_at", "log", "jurisdiction"]) {
      const answer = await ask("PATCH", `/admin/v1/keys/${json.id}`, { json: { [field]: "x" } });
      expect([answer.status, answer.json.error.param]).toEqual([400, field]);
    }
  });

  it("of a key that is revoked or not there fails", async () => {
    const { json } = await mint();
    await ask("DELETE", `/admin/v1/keys/${json.id}`);
    expect((await ask("PATCH", `/admin/v1/keys/${json.id}`, { json: { name: "b" } })).status).toBe(400);
    expect((await ask("PATCH", "/admin/v1/keys/key_none", { json: { name: "b" } })).status).toBe(404);
  });
});

describe("DELETE /admin/v1/keys/{id}", () => {
  it("reaches gateway, then audit, and only then answers; twice is as once", async () => {
    const { json } = await mint();
    calls.length = 0;
    const gate = Promise.withResolvers<void>();
    held.set("audit.revoke", gate.promise);
    let answered = false;
    const deleting = ask("DELETE", `/admin/v1/keys/${json.id}`).then((answer) => {
      answered = true;
      return answer;
    });
    await expect.poll(() => told()).toEqual(["gateway.revoke"]);
    expect(answered).toBe(false);
    gate.resolve();
    const first = await deleting;
    expect(told()).toEqual(["gateway.revoke", "audit.revoke"]);
    expect(first.status).toBe(200);
    expect(first.json.revoked_at).not.toBeNull();
    expect((await ask("DELETE", `/admin/v1/keys/${json.id}`)).json).toEqual(first.json);
  });

  it("of what is not there is 404", async () => {
    expect((await ask("DELETE", "/admin/v1/keys/key_none")).status).toBe(404);
  });
});

describe("usage", () => {
  it("is the ledger's, by both paths", async () => {
    const { json } = await mint();
    const usage = await ask("GET", `/admin/v1/usage?key=${json.id}`);
    expect(usage.json).toMatchObject({ id: json.id, account: json.account, used: { requests_per_day: { used: 3 } } });
    expect((await ask("GET", `/admin/v1/keys/${json.id}/usage`)).json).toEqual(usage.json);
    expect(calls.at(-1)).toEqual({ to: "gateway.usage", with: { jurisdiction: "none", account: json.account } });
    expect((await ask("GET", "/admin/v1/usage")).status).toBe(400);
    expect((await ask("GET", "/admin/v1/usage?key=key_none")).status).toBe(404);
    failing.add("gateway.usage");
    expect((await ask("GET", `/admin/v1/usage?key=${json.id}`)).status).toBe(503);
  });
});
