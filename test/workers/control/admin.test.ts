// Who may administer, the first administrator, and what every answer of control carries.
import { SignJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { calls, failing } from "../key-directory/fakes.ts";
import {
  AUDIENCE,
  administrator,
  ISSUER,
  inhabited,
  newPlatform,
  type Platform,
  randomText,
  send,
} from "./platform.ts";

const ROUTES: [string, string][] = [
  ["POST", "/admin/v1/tenants"],
  ["GET", "/admin/v1/tenants"],
  ["POST", "/admin/v1/keys"],
  ["GET", "/admin/v1/keys"],
  ["GET", "/admin/v1/keys/key_1"],
  ["GET", "/admin/v1/keys/key_1/usage"],
  ["PATCH", "/admin/v1/keys/key_1"],
  ["DELETE", "/admin/v1/keys/key_1"],
  ["POST", "/admin/v1/clients"],
  ["GET", "/admin/v1/clients"],
  ["GET", "/admin/v1/clients/client_1"],
  ["PATCH", "/admin/v1/clients/client_1"],
  ["DELETE", "/admin/v1/clients/client_1"],
  ["POST", "/admin/v1/keys/key_1/rotate"],
  ["GET", "/admin/v1/keys?unused_for_days=1"],
  ["GET", "/admin/v1/signing-keys"],
  ["POST", "/admin/v1/signing-keys/rotate"],
  ["POST", "/admin/v1/signing-keys/api-1/withdraw"],
  ["GET", "/admin/v1/events"],
  ["GET", "/admin/v1/usage"],
  ["POST", "/admin/v1/subjects/find"],
  ["POST", "/admin/v1/subjects/revoke"],
  ["POST", "/admin/v1/subjects/restore"],
  ["GET", "/admin/v1/models"],
  ["GET", "/admin/v1/nothing"],
  ["PUT", "/admin/v1/keys"],
];

async function forged(platform: Platform, over: Record<string, unknown>, kid = "api-1"): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: "key_x",
    jti: "key_x",
    client_id: "key_x",
    tenant: "system",
    account: "acct_x",
    scope: "admin",
    iat: now,
    exp: now + 600,
    ...over,
  };
  const key = kid === "api-1" ? platform.apiKey : platform.accessToken;
  return await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA", kid, typ: "at+jwt" }).sign(key);
}

describe("every administrative route", () => {
  it("refuses without a token, with a bare challenge", async () => {
    const { platform } = await inhabited();
    for (const [method, path] of ROUTES) {
      const { status, json, headers } = await send(platform, method, path);
      expect([path, status, json.error.code]).toEqual([path, 401, "invalid_api_key"]);
      expect(headers.get("www-authenticate")).toBe('Bearer realm="bartizan"');
    }
  });

  it("refuses malformed, forged and foreign tokens with one and the same body", async () => {
    const { platform, admin } = await inhabited();
    const other = await inhabited();
    const tokens = [
      "x",
      `${admin.slice(0, -4)}AAAA`,
      other.admin,
      await forged(platform, {}),
      await forged(platform, {}, "at-1"),
    ];
    const bodies = new Set<string>();
    for (const key of tokens)
      for (const [method, path] of ROUTES) {
        const answer = await send(platform, method, path, { key });
        expect([path, answer.status]).toEqual([path, 401]);
        bodies.add(answer.text);
      }
    expect(bodies.size).toBe(1);
  });

  it("refuses a key without the role, whatever else it may", async () => {
    const { platform, admin } = await inhabited();
    for (const scopes of [["infer:*", "embed:*"], ["auditor"], ["auditor:demo"]]) {
      const minted = await send(platform, "POST", "/admin/v1/keys", {
        key: admin,
        json: { tenant: "demo", name: "n", scopes },
      });
      for (const [method, path] of ROUTES) {
        const { status, json } = await send(platform, method, path, { key: minted.json.key });
        expect([path, status, json.error.code]).toEqual([path, 403, "permission_denied"]);
      }
    }
  });

  it("takes the token as x-api-key too, but not two different ones", async () => {
    const { platform, admin } = await inhabited();
    const status = async (headers: Record<string, string>) =>
      (await send(platform, "GET", "/admin/v1/keys", { headers })).status;
    expect(await status({ "x-api-key": admin })).toBe(200);
    expect(await status({ "x-api-key": admin, authorization: "Bearer other" })).toBe(401);
    expect(await status({ authorization: `bearer   ${admin}` })).toBe(200);
  });
});

describe("an administrator", () => {
  it("who is revoked can do nothing from the next call on", async () => {
    const { platform, admin } = await inhabited();
    const second = await send(platform, "POST", "/admin/v1/keys", {
      key: admin,
      json: { tenant: "system", name: "two", scopes: ["admin"] },
    });
    expect((await send(platform, "GET", "/admin/v1/keys", { key: second.json.key })).status).toBe(200);
    await send(platform, "DELETE", `/admin/v1/keys/${second.json.id}`, { key: admin });
    expect((await send(platform, "GET", "/admin/v1/keys", { key: second.json.key })).status).toBe(401);
  });

  it("whose row lost the role can do nothing, though the token still names it", async () => {
    const { platform, admin } = await inhabited();
    const json = { tenant: "system", name: "two", scopes: ["admin", "auditor"] };
    const second = await send(platform, "POST", "/admin/v1/keys", { key: admin, json });
    await send(platform, "PATCH", `/admin/v1/keys/${second.json.id}`, { key: admin, json: { scopes: ["auditor"] } });
    expect((await send(platform, "GET", "/admin/v1/keys", { key: second.json.key })).status).toBe(403);
  });

  it("bound to addresses is refused from any other, and where none is known", async () => {
    const { platform, admin } = await inhabited();
    const json = { tenant: "system", name: "two", scopes: ["admin"], allow_cidrs: ["192.0.2.0/24"] };
    const { json: minted } = await send(platform, "POST", "/admin/v1/keys", { key: admin, json });
    const from = async (headers: Record<string, string>) =>
      (await send(platform, "GET", "/admin/v1/keys", { key: minted.key, headers })).status;
    expect(await from({ "cf-connecting-ip": "192.0.2.7" })).toBe(200);
    expect(await from({ "cf-connecting-ip": "198.51.100.7" })).toBe(403);
    expect(await from({})).toBe(403);
    expect(await from({ "x-forwarded-for": "192.0.2.7", forwarded: "for=192.0.2.7" })).toBe(403);
  });

  it("may be an OAuth client, until that client is revoked", async () => {
    const { platform, admin } = await inhabited();
    const json = { tenant: "system", name: "robot", scopes: ["admin"] };
    const { json: client } = await send(platform, "POST", "/admin/v1/clients", { key: admin, json });
    const { json: token } = await send(platform, "POST", "/oauth/token", {
      body: "grant_type=client_credentials",
      headers: {
        authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}`,
        "content-type": "application/x-www-form-urlencoded",
      },
    });
    expect((await send(platform, "GET", "/admin/v1/keys", { key: token.access_token })).status).toBe(200);
    await send(platform, "DELETE", `/admin/v1/clients/${client.client_id}`, { key: admin });
    expect((await send(platform, "GET", "/admin/v1/keys", { key: token.access_token })).status).toBe(401);
  });
});

describe("the one-time secret", () => {
  const burn = async (platform: Platform, secret: unknown) =>
    await send(platform, "POST", "/admin/v1/bootstrap", { json: { secret } });

  it("gives one administrator, and afterwards answers as to a wrong one", async () => {
    const platform = await newPlatform();
    const wrong = await burn(platform, randomText(32));
    const first = await burn(platform, platform.bootstrapSecret);
    expect([first.status, first.json.scopes]).toEqual([201, ["admin"]]);
    expect((await send(platform, "GET", "/admin/v1/tenants", { key: first.json.key })).status).toBe(200);
    const again = await burn(platform, platform.bootstrapSecret);
    expect([again.status, again.text, wrong.status]).toEqual([401, wrong.text, 401]);
    expect(again.headers.get("www-authenticate")).toBe(wrong.headers.get("www-authenticate"));
  });

  it("used by many at the same time gives exactly one", async () => {
    const platform = await newPlatform();
    const answers = await Promise.all(Array.from({ length: 8 }, () => burn(platform, platform.bootstrapSecret)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(401)]);
  });

  it("that is not configured lets nobody in, not even with an empty one", async () => {
    for (const BOOTSTRAP_SECRET of ["", undefined]) {
      const platform = await newPlatform({ BOOTSTRAP_SECRET } as Record<string, string>);
      for (const secret of ["", "undefined", "null", randomText(32)])
        expect((await burn(platform, secret)).status).toBe(401);
    }
  });

  it("that is replaced works once more", async () => {
    const platform = await newPlatform();
    await administrator(platform);
    const replaced = { ...platform, env: { ...platform.env, BOOTSTRAP_SECRET: randomText(32) } };
    expect((await burn(replaced, replaced.env.BOOTSTRAP_SECRET)).status).toBe(201);
    expect((await burn(replaced, platform.bootstrapSecret)).status).toBe(401);
  });

  it("that is no text is a bad request", async () => {
    const platform = await newPlatform();
    for (const secret of [1, null, ["a"], {}]) expect((await burn(platform, secret)).status).toBe(400);
  });
});

describe("tenants", () => {
  it("are made once, with jurisdiction and log, and listed", async () => {
    const { platform, admin } = await inhabited();
    const make = async (json: unknown) => await send(platform, "POST", "/admin/v1/tenants", { key: admin, json });
    expect((await make({ name: "acme", jurisdiction: "eu", log: "acme" })).json).toMatchObject({
      name: "acme",
      jurisdiction: "eu",
      log: "acme",
    });
    const again = await make({ name: "acme" });
    expect([again.status, again.json.error.code, again.json.error.param]).toEqual([409, "conflict", "name"]);
    for (const json of [
      { name: "Acme" },
      { name: "a/b" },
      { name: "x", jurisdiction: "mars" },
      { name: "x", log: "../x" },
      { name: "x", extra: 1 },
      {},
    ])
      expect((await make(json)).status).toBe(400);
    const { json } = await send(platform, "GET", "/admin/v1/tenants", { key: admin });
    expect(json.tenants.map(({ name }: { name: string }) => name)).toEqual(["acme", "demo", "system"]);
  });
});

describe("models", () => {
  it("are listed from the bucket, an unsigned one as such", async () => {
    const { platform, admin } = await inhabited();
    await platform.env.MODELS.put("models/tiny/v1/manifest.jws", "not.a.jws");
    const { status, json } = await send(platform, "GET", "/admin/v1/models", { key: admin });
    expect(status).toBe(200);
    expect(json.models).toEqual([
      expect.objectContaining({ name: "tiny", version: "v1", manifest: null, current: false }),
    ]);
    expect(json.models[0].fault).not.toBeNull();
  });
});

describe("every answer", () => {
  it("carries a request id and may not be cached, errors included", async () => {
    const { platform, admin } = await inhabited();
    for (const [method, path, key] of [
      ["GET", "/admin/v1/keys", admin],
      ["GET", "/admin/v1/keys", undefined],
      ["GET", "/nowhere", undefined],
      ["DELETE", "/oauth/token", undefined],
      ["POST", "/oauth/token", undefined],
      ["GET", "/healthz", undefined],
    ] as const) {
      const { headers } = await send(platform, method, path, { key });
      expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
      expect(headers.get("cache-control")).toBe("private, no-store");
    }
  });

  it("to a path in another spelling is 404, and to a wrong method 405 with Allow", async () => {
    const { platform, admin } = await inhabited();
    for (const path of [
      "/admin/v1/keys/",
      "//admin/v1/keys",
      "/admin/v1/k%65ys",
      "/admin//v1/keys",
      "/healthz/",
      "/oauth/token/",
      "/",
      "/ADMIN/v1/keys",
    ])
      expect([path, (await send(platform, "GET", path, { key: admin })).status]).toEqual([path, 404]);
    for (const [method, path, allow] of [
      ["PUT", "/admin/v1/keys", "GET, HEAD, POST"],
      ["POST", "/admin/v1/keys/key_1", "GET, HEAD, PATCH, DELETE"],
      ["GET", "/oauth/token", "POST"],
      ["GET", "/admin/v1/bootstrap", "POST"],
      ["POST", "/healthz", "GET, HEAD"],
    ] as const) {
      const { status, headers } = await send(platform, method, path, { key: admin });
      expect([path, status, headers.get("allow")]).toEqual([path, 405, allow]);
    }
  });

  it("to HEAD is GET's without a body", async () => {
    const { platform } = await inhabited();
    const { status, text } = await send(platform, "HEAD", "/healthz");
    expect([status, text]).toEqual([200, ""]);
  });

  it("to an error is a problem document where that is asked for", async () => {
    const { platform } = await inhabited();
    const { headers, json } = await send(platform, "GET", "/nowhere", {
      headers: { accept: "application/problem+json" },
    });
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(json.status).toBe(404);
  });
});

describe("a body", () => {
  it("that is no strict JSON object in UTF-8 is refused, never a 500", async () => {
    const { platform, admin } = await inhabited();
    const post = async (body: BodyInit, type = "application/json") =>
      await send(platform, "POST", "/admin/v1/keys", { key: admin, body, headers: { "content-type": type } });
    for (const body of [
      "",
      "{",
      "[]",
      "null",
      '{"tenant":"demo","tenant":"demo","name":"n","scopes":["admin"]}',
      '{"tenant":"demo","ten\\u0061nt":"system","name":"n","scopes":["admin"]}',
      '{"name":"\\ud800"}',
      `${"[".repeat(10_000)}`,
      new Uint8Array([0x7b, 0xff, 0x7d]),
    ]) {
      const { status, json } = await post(body);
      expect([status, json.error.code]).toEqual([400, "invalid_json"]);
    }
    expect((await post("{}", "text/plain")).status).toBe(415);
    expect((await post("{}", "application/json; charset=utf-16")).status).toBe(415);
    expect((await post("{}", "application/json; charset=UTF-8")).status).toBe(400);
  });

  it("of 64 KiB is read, of one byte more is refused, with or without a length", async () => {
    const { platform, admin } = await inhabited();
    const sized = (bytes: number) => `{"name":"${"x".repeat(bytes - 11)}"}`;
    const post = async (body: BodyInit) =>
      (
        await send(platform, "POST", "/admin/v1/keys", {
          key: admin,
          body,
          headers: { "content-type": "application/json" },
        })
      ).status;
    expect(await post(sized(64 * 1024))).toBe(400);
    expect(await post(sized(64 * 1024 + 1))).toBe(413);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const writing = (async () => {
      for (let i = 0; i < 1000; i++) await writer.write(new Uint8Array(1024).fill(0x20));
    })().catch(() => "cancelled");
    expect(await post(readable)).toBe(413);
    expect(await writing).toBe("cancelled");
  });
});

describe("misconfiguration", () => {
  it("is 503 and named in the log without its value; health stays up", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    try {
      const secret = randomText(48);
      for (const name of [
        "POLICY",
        "VERIFICATION_KEYS",
        "TOKEN_SIGNING_KEYS",
        "CLIENT_SECRET_PEPPER",
        "DIRECTORY_KEY",
        "ISSUER",
        "AUDIENCE",
      ] as const)
        for (const value of ["", name === "AUDIENCE" ? "" : `{"x":"${secret}"`]) {
          const platform = await newPlatform({ [name]: value });
          log.mockClear();
          const { status, json, text } = await send(platform, "GET", "/admin/v1/keys", { key: "x" });
          expect([name, status, json.error.code]).toEqual([name, 503, "not_initialised"]);
          const logged = JSON.stringify(log.mock.calls);
          expect(logged).toContain(name);
          expect(logged + text).not.toContain(secret);
          expect((await send(platform, "GET", "/healthz")).status).toBe(200);
        }
    } finally {
      log.mockRestore();
    }
  });

  it("of signing keys that no verifier trusts, or a weak one-time secret, mints nothing", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    try {
      const { env } = await newPlatform();
      const { api_key, access_token } = JSON.parse(env.TOKEN_SIGNING_KEYS ?? "");
      for (const settings of [
        // each in the other's place, and one whose public half is another's
        { TOKEN_SIGNING_KEYS: JSON.stringify({ api_key: access_token, access_token: api_key }) },
        { TOKEN_SIGNING_KEYS: JSON.stringify({ api_key: { ...api_key, x: access_token.x }, access_token }) },
        { DIRECTORY_KEY: randomText(31) },
        { BOOTSTRAP_SECRET: "short" },
        { CLIENT_SECRET_PEPPER: randomText(31) },
      ]) {
        const platform = await newPlatform(settings);
        const { status } = await send(platform, "POST", "/admin/v1/bootstrap", { json: { secret: "short" } });
        expect(status).toBe(503);
      }
    } finally {
      log.mockRestore();
    }
  });
});

describe("the log", () => {
  it("holds no key, secret or token, whatever fails", async () => {
    const written: unknown[] = [];
    const spies = (["log", "info", "warn", "error", "debug"] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...args) => void written.push(args)),
    );
    try {
      const { platform, admin } = await inhabited();
      const json = { tenant: "demo", name: "n", scopes: ["infer:*"] };
      const client = await send(platform, "POST", "/admin/v1/clients", { key: admin, json });
      for (const method of ["gateway.provision", "gateway.revoke", "gateway.change", "gateway.usage"])
        failing.add(method);
      for (const [method, path] of ROUTES)
        await send(platform, method, path, { key: admin, ...(method === "GET" ? {} : { json }) });
      await send(platform, "DELETE", `/admin/v1/clients/${client.json.client_id}`, { key: admin });
      await send(platform, "POST", "/oauth/token", { key: admin, body: `client_secret=${client.json.client_secret}` });
      expect(written.length).toBeGreaterThan(0);
      const text = JSON.stringify([written, calls]);
      for (const secret of [admin, admin.split(".")[2] ?? "", client.json.client_secret, platform.bootstrapSecret])
        expect(text).not.toContain(secret);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});
