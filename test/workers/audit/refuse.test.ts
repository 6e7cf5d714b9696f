import { createExecutionContext } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { expectedSeq } from "../../../durable-objects/audit-log/errors.ts";
import { handleAudit } from "../../../workers/audit/app.ts";
import { append, env, get, newName, read, record, restrict, revoke, type TestEnv, token } from "./support.ts";

interface ErrorBody {
  readonly error: { readonly code: string; readonly type: string; readonly param: string | null };
}

async function refusalOf(response: Response): Promise<string> {
  expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
  expect(response.headers.get("cache-control")).toBe("private, no-store");
  const { error } = (await response.json()) as ErrorBody;
  return `${response.status} ${error.code}`;
}

const PROTECTED = [
  "/audit/v1/checkpoint",
  "/audit/v1/logs/default/checkpoint",
  "/audit/v1/tile/0/000.p/1",
  "/audit/v1/tile/entries/000.p/1",
  "/audit/v1/records",
  "/audit/v1/logs/default/records",
  "/audit/v1/sinks",
];

describe("a reader", () => {
  it.each(PROTECTED)("without a token gets 401 at %s, with a challenge", async (path) => {
    const response = await get(path);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="bartizan"');
    expect(await refusalOf(response)).toBe("401 invalid_api_key");
  });

  it.each(PROTECTED)("with an administrator's or a client's token gets 403 at %s", async (path) => {
    for (const scopes of ["admin", "operator", "infer:* admin operator logprobs", "", "auditors", "audito"]) {
      const response = await get(path, { authorization: `Bearer ${await token(scopes)}` });
      expect(await refusalOf(response), scopes).toBe("403 permission_denied");
    }
  });

  it("with a token that is foreign, expired, tampered or none gets one and the same 401", async () => {
    const good = await token("auditor");
    const [head = "", claims = "", signature = ""] = good.split(".");
    const bad = [
      await token("auditor", { iss: "https://other.example" }),
      await token("auditor", { exp: Math.floor(Date.now() / 1000) - 40 }),
      `${head}.${claims}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
      `${btoa('{"alg":"none"}')}.${claims}.`,
      "nonsense",
    ];
    const bodies = new Set<string>();
    for (const credential of bad) {
      const response = await get("/audit/v1/checkpoint", { authorization: `Bearer ${credential}` });
      expect(response.status).toBe(401);
      bodies.add(await response.text());
    }
    expect(bodies.size).toBe(1);
  });

  it("may present the token as x-api-key", async () => {
    expect((await get("/audit/v1/checkpoint", { "x-api-key": await token("auditor") })).status).toBe(200);
  });

  it("whose credential was revoked gets 401 at the next request, remembered token or not", async () => {
    const jti = newName();
    const headers = { authorization: `Bearer ${await token("auditor", { jti })}` };
    expect((await get("/audit/v1/checkpoint", headers)).status).toBe(200);
    await revoke([{ credential_id: jti, expires_at_ms: Date.now() + 3_600_000 }]);
    for (const path of PROTECTED) expect(await refusalOf(await get(path, headers)), path).toBe("401 invalid_api_key");
    expect((await read("/audit/v1/checkpoint")).status).toBe(200);
  });

  it("whose row was narrowed, or bound to addresses, is held to it at the next request, remembered token or not", async () => {
    const jti = newName();
    const bearer = { authorization: `Bearer ${await token("auditor admin", { jti })}` };
    const ask = async (address?: string) =>
      (
        await get("/audit/v1/checkpoint", {
          ...bearer,
          ...(address === undefined ? {} : { "cf-connecting-ip": address }),
        })
      ).status;
    expect(await ask()).toBe(200);
    const row = {
      credential_id: jti,
      scopes: ["auditor"],
      allow_cidrs: ["192.0.2.0/24"],
      expires_at_ms: Date.now() + 3_600_000,
    };
    await restrict([row]);
    expect([await ask("192.0.2.1"), await ask("198.51.100.1"), await ask()]).toEqual([200, 403, 403]);
    await restrict([{ ...row, scopes: ["admin"], allow_cidrs: [] }]);
    expect(await ask("192.0.2.1")).toBe(403);
    // a row gives nothing that the token has not
    await restrict([{ ...row, scopes: ["auditor", "infer:*"], allow_cidrs: [] }]);
    expect(await ask()).toBe(200);
    const plain = newName();
    await restrict([{ ...row, credential_id: plain, allow_cidrs: [] }]);
    const response = await get("/audit/v1/checkpoint", {
      authorization: `Bearer ${await token("infer:*", { jti: plain })}`,
    });
    expect(response.status).toBe(403);
  });

  it("learns nothing of its role when it is revoked", async () => {
    const jti = newName();
    await revoke([{ credential_id: jti, expires_at_ms: Date.now() + 3_600_000 }]);
    const response = await get("/audit/v1/checkpoint", { authorization: `Bearer ${await token("admin", { jti })}` });
    expect(await refusalOf(response)).toBe("401 invalid_api_key");
  });
});

describe("a path", () => {
  it.each([
    "/audit/v1",
    "/audit/v1/",
    "/audit/v1/checkpoint/",
    "/audit/v1//checkpoint",
    "/audit//v1/checkpoint",
    "/audit/v1/Checkpoint",
    "/audit/v1/%63heckpoint",
    "/audit/v1/logs/default",
    "/audit/v1/logs/Default/checkpoint",
    "/audit/v1/logs/..%2fdefault/checkpoint",
    "/audit/v1/logs/default/logs/default/checkpoint",
    "/audit/v1/tile/0/000.p/256",
    "/audit/v1/tile/0/0",
    "/audit/v1/tile/64/000",
    "/audit/v1/tile/0/x000/000",
    "/audit/v1/records/1",
    "/.well-known/bartizan-log/",
    "/",
  ])("%s is nothing", async (path) => {
    expect(await refusalOf(await read(path))).toBe("404 not_found");
  });

  it("of a log or a tile that there is not is nothing, and a look makes no log", async () => {
    const name = newName();
    for (const path of ["checkpoint", "records", "tile/0/000.p/1", "tile/entries/000.p/1"])
      expect(await refusalOf(await read(`/audit/v1/logs/${name}/${path}`))).toBe("404 not_found");
    await append({ log: name, source: "s", records: [record(1, "admin", "r")] });
    for (const path of ["tile/0/000", "tile/0/000.p/2", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000.p/2"])
      expect(await refusalOf(await read(`/audit/v1/logs/${name}/${path}`)), path).toBe("404 not_found");
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("takes no %s", async (method) => {
    const response = await read("/audit/v1/checkpoint", method);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await refusalOf(response)).toBe("405 method_not_allowed");
  });

  it.each([
    "/audit/v1/records?limit=0",
    "/audit/v1/records?limit=501",
    "/audit/v1/records?limit=-1",
    "/audit/v1/records?limit=1e2",
    "/audit/v1/records?limit=",
    "/audit/v1/records?limit=5&limit=6",
    "/audit/v1/records?cursor=",
    "/audit/v1/records?cursor=c1_01",
    "/audit/v1/records?cursor=c1_%00",
    "/audit/v1/records?cursor=c1_zzzzzzzzzzzz",
    "/audit/v1/records?tenant=acme",
    "/audit/v1/checkpoint?x=1",
    "/.well-known/bartizan-log?log=../x",
    "/.well-known/bartizan-log?log=",
  ])("%s is a query that is not taken", async (path) => {
    expect(await refusalOf(await read(path))).toBe("400 invalid_query");
  });

  it.each(["1", "500"])("takes limit=%s", async (limit) => {
    expect((await read(`/audit/v1/records?limit=${limit}`)).status).toBe(200);
  });
});

describe("errors", () => {
  it("are problem details where the client asks for them", async () => {
    const response = await get("/audit/v1/checkpoint", { accept: "application/problem+json" });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 401, code: "invalid_api_key" });
  });

  it("the verifier key is open to all and says nothing of which logs there are", async () => {
    const [real, invented] = [
      await get("/.well-known/bartizan-log"),
      await get(`/.well-known/bartizan-log?log=${newName()}`),
    ];
    expect([real.status, invented.status]).toEqual([200, 200]);
    expect(real.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  });

  const broken: [string, Partial<TestEnv>][] = [
    ["without verification keys", { VERIFICATION_KEYS: "" }],
    ["with verification keys that are none", { VERIFICATION_KEYS: '{"keys":["SECRET-MARKER"]}' }],
    ["without an issuer", { ISSUER: "" }],
  ];
  it.each(broken)("%s nobody is let in, and the value that is wrong is not told", async (_, change) => {
    const logged: unknown[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation((...line) => void logged.push(...line));
    const request = new Request("https://audit.example/audit/v1/checkpoint", {
      headers: { authorization: `Bearer ${await token("auditor")}` },
    });
    const response = await handleAudit(request, { ...env, ...change }, createExecutionContext());
    spy.mockRestore();
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await refusalOf(response)).toBe("503 log_unavailable");
    expect(logged.join()).toContain("audit configuration unusable");
    expect(logged.join()).not.toContain("SECRET-MARKER");
  });

  const unsigned: [string, Partial<TestEnv>][] = [
    ["LOG_SIGNING_KEY", { LOG_SIGNING_KEY: '{"kty":"OKP","crv":"Ed25519","x":"AA","d":"SECRET-MARKER"}' }],
    ["LOG_ORIGIN", { LOG_ORIGIN: "has space" }],
    ["SINKS", { SINKS: '[{"name":"a","kind":"ndjson","url":"https://user:SECRET-MARKER@x.example/"}]' }],
    ["SINKS", { SINKS: '[{"name":"a","kind":"ndjson","url":"file:///etc/passwd"}]' }],
    ["SINKS", { SINKS: '[{"name":"a","kind":"ndjson","url":"https://x.example/","headers":{"a b":"SECRET-MARKER"}}]' }],
    [
      "SINKS",
      {
        SINKS:
          '[{"name":"a","kind":"ndjson","url":"https://x.example/"},{"name":"a","kind":"ndjson","url":"https://y.example/"}]',
      },
    ],
  ];
  it.each(unsigned)("a %s that is no good is named and not quoted", async (name, change) => {
    const logged: unknown[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation((...line) => void logged.push(...line));
    const request = new Request("https://audit.example/.well-known/bartizan-log");
    const response = await handleAudit(request, { ...env, ...change }, createExecutionContext());
    spy.mockRestore();
    expect(await refusalOf(response)).toBe("503 log_unavailable");
    expect(logged.join()).toContain(`audit configuration unusable: ${name}`);
    expect(logged.join()).not.toContain("SECRET-MARKER");
  });
});

describe("Append", () => {
  it("tells its caller across the border which record it wants", async () => {
    const log = newName();
    await append({ log, source: "s", records: [record(1, "admin", "r1")] });
    const error = await append({ log, source: "s", records: [record(5, "admin", "r5")] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(expectedSeq(error)).toBe(2);
  });

  it("makes no object of a name that is no log's", async () => {
    await expect(append({ log: "../x", source: "s", records: [record(1, "admin", "r1")] })).rejects.toThrow(
      "audit batch invalid",
    );
  });
});
