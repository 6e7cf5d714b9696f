// The keys of an external issuer, fetched and kept: the five points of the field case `auth-jwks-rotation-and-stampede`,
// and what a provider's endpoint may do wrong.
import { afterEach, describe, expect, it, vi } from "vitest";
import { ISSUER_KEYS_LIMITS } from "../../../workers/gateway/external/issuer-keys.ts";
import type { Edge } from "./edge.ts";
import { printed } from "./edge.ts";
import { bearer, edgeWith, Idp, newKey, ruleOf, serve, stoppedClock } from "./idp.ts";

const MINUTE = 60_000;
const before = { ...ISSUER_KEYS_LIMITS };

afterEach(() => {
  vi.useRealTimers();
  Object.assign(ISSUER_KEYS_LIMITS, before);
});

async function world(over: Parameters<typeof ruleOf>[1] = {}) {
  printed();
  const idp = new Idp();
  idp.keys = [await newKey("a")];
  const { strays } = serve(idp);
  return { idp, strays, edge: await edgeWith([ruleOf(idp, over)]) };
}

const listing = async (edge: Edge, token: string, headers: Record<string, string> = {}): Promise<string> => {
  const { response, code } = await edge.get("/v1/models", { ...bearer(token), ...headers });
  return code === null ? String(response.status) : `${response.status} ${code}`;
};

/** A client address of its own for each: the limit on failed authentications is another matter. */
let addresses = 0;
const stranger = () => ({ "cf-connecting-ip": `198.51.${(++addresses >> 8) % 256}.${addresses % 256}` });

describe("fifty requests at once on a cold isolate", () => {
  it("make one fetch of the discovery document and one of the keys, and all get in", async () => {
    const { idp, edge } = await world();
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, i) => idp.token({ sub: `user-${i}` })));
    const answers = await Promise.all(tokens.map((token) => listing(edge, token)));
    expect(new Set(answers)).toEqual(new Set(["200"]));
    expect(idp.asked).toEqual([`${idp.issuer}/.well-known/openid-configuration`, idp.keysAddress]);
  });

  it("are all 503 where the keys cannot be had, after one fetch, and are told when to come back", async () => {
    const { idp, edge } = await world();
    idp.fault = () => new Response("busy", { status: 500 });
    const token = await idp.token();
    const answers = await Promise.all(Array.from({ length: 50 }, () => listing(edge, token, stranger())));
    expect(new Set(answers)).toEqual(new Set(["503 issuer_unavailable"]));
    expect(idp.count(idp.keysAddress)).toBe(1);
    const { response } = await edge.get("/v1/models", bearer(token));
    expect(response.headers.get("retry-after")).toBe("1");
    expect(edge.calls).toEqual([]);
  });
});

describe("a rotation", () => {
  it("is picked up by the first token of the new key: one forced refresh, then 200", async () => {
    const { idp, edge } = await world();
    const [a] = idp.keys;
    const b = await newKey("b");
    expect(await listing(edge, await idp.token())).toBe("200");
    await scheduler.wait(2);
    idp.keys = [b, ...(a === undefined ? [] : [a])];
    const tokens = await Promise.all(Array.from({ length: 10 }, () => idp.token({}, {}, b)));
    const answers = await Promise.all(tokens.map((token) => listing(edge, token)));
    expect(new Set(answers)).toEqual(new Set(["200"]));
    expect(idp.count(idp.keysAddress)).toBe(2);
    expect(idp.count(`${idp.issuer}/.well-known/openid-configuration`)).toBe(1);
    expect(await listing(edge, await idp.token({}, {}, a))).toBe("200");
  });

  it("that drops a key kills the tokens that this isolate remembers of it, with the refresh that shows it", async () => {
    const { idp, edge } = await world();
    const [a] = idp.keys;
    const old = await idp.token();
    expect(await listing(edge, old)).toBe("200");
    await scheduler.wait(2);
    const b = await newKey("b");
    idp.keys = [b];
    expect(await listing(edge, old)).toBe("200");
    expect(await listing(edge, await idp.token({}, {}, b))).toBe("200");
    expect(await listing(edge, old)).toBe("401 invalid_api_key");
    expect(await listing(edge, await idp.token({}, {}, a))).toBe("401 invalid_api_key");
  });

  it("is seen without any new token once the keys are ten minutes old", async () => {
    const { idp, edge } = await world();
    const pass = stoppedClock();
    const old = await idp.token();
    expect(await listing(edge, old)).toBe("200");
    idp.keys = [await newKey("b")];
    pass(4 * MINUTE);
    expect(await listing(edge, old)).toBe("200");
    expect(idp.count(idp.keysAddress)).toBe(1);
    pass(6 * MINUTE + 1);
    expect(await listing(edge, old)).toBe("401 invalid_api_key");
  });

  it("a refresh that is due goes on beside the request, which is answered by the keys that are there", async () => {
    const { idp, edge } = await world();
    const pass = stoppedClock();
    const old = await idp.token();
    await listing(edge, old);
    idp.keys = [await newKey("b")];
    pass(5 * MINUTE + 1);
    expect(await listing(edge, old)).toBe("200");
    expect(idp.count(idp.keysAddress)).toBe(2);
    expect(await listing(edge, old)).toBe("401 invalid_api_key");
  });
});

describe("a thousand tokens with invented kids", () => {
  it("make one fetch in each cool-down, and one whose kid is known gets in all the while", async () => {
    const { idp, edge } = await world();
    const pass = stoppedClock();
    expect(await listing(edge, await idp.token())).toBe("200");
    const start = Date.now();
    for (let i = 0; i < 1000; i++) {
      pass(90);
      const forged = await idp.token({}, { kid: crypto.randomUUID() });
      const answer = await listing(edge, forged, stranger());
      if (answer !== "401 invalid_api_key") throw new Error(`${i}: ${answer}`);
    }
    expect(await listing(edge, await idp.token())).toBe("200");
    const cooldowns = Math.ceil((Date.now() - start) / 30_000);
    expect(cooldowns).toBe(3);
    expect(idp.count(idp.keysAddress) - 1).toBeLessThanOrEqual(cooldowns);
    expect(idp.asked.length).toBeLessThanOrEqual(cooldowns + 2);
  }, 60_000);
});

describe("an endpoint that fails while keys are there", () => {
  const json = { "content-type": "application/json" };
  const FAULTS: [string, (request: Request) => Response | Promise<Response>][] = [
    ["500", () => new Response("{}", { status: 500, headers: json })],
    ["HTML", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
    ["HTML that says it is JSON", () => new Response("<html>", { headers: json })],
    ["no answer in time", () => new Promise(() => undefined)],
    [
      "a body that never ends",
      () =>
        new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([123])) }), {
          headers: json,
        }),
    ],
    ["more than 256 KiB", () => new Response(`{"keys":[],"x":"${"x".repeat(256 * 1024)}"}`, { headers: json })],
    ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://idp.test/evil" } })],
    ["404", () => new Response("{}", { status: 404, headers: json })],
    ["no set", () => Response.json({ keys: "none" })],
    ["bytes that are no text", () => new Response(new Uint8Array([0xff, 0xfe, 0x7b]), { headers: json })],
    ["a broken connection", () => Promise.reject(new Error("secret: broken"))],
  ];

  it.each(FAULTS)(
    "%s: the cached keys go on, an unknown kid is 401, and past their age it is 503",
    async (_, fault) => {
      const { idp, edge, strays } = await world();
      const lines = printed();
      const pass = stoppedClock();
      const token = await idp.token();
      expect(await listing(edge, token)).toBe("200");
      // only now: on a busy machine the first fetch may take longer
      Object.assign(ISSUER_KEYS_LIMITS, { fetchMs: 50 });
      idp.fault = fault;
      pass(11 * MINUTE);
      expect(await listing(edge, token)).toBe("200");
      expect(await listing(edge, await idp.token({ sub: "bob" }))).toBe("200");
      expect(await listing(edge, await idp.token({}, { kid: "invented" }), stranger())).toBe("401 invalid_api_key");
      // between its maximum age and the refresh before it, ever more rarely
      for (let i = 0; i < 48; i++) {
        pass(MINUTE);
        expect(await listing(edge, await idp.token())).toBe("200");
      }
      expect(idp.count(idp.keysAddress)).toBeLessThan(60);
      pass(MINUTE);
      expect(await listing(edge, await idp.token())).toBe("503 issuer_unavailable");
      expect(strays).toEqual([]);
      expect(lines.join()).toContain("issuer_keys_not_fetched");
      expect(lines.join()).not.toContain("secret");
      // and it comes back by itself
      idp.fault = null;
      pass(MINUTE);
      expect(await listing(edge, await idp.token())).toBe("200");
    },
  );

  it("a withdrawn key is refused after the age that policy sets, though its endpoint is down", async () => {
    const { idp, edge } = await world({ max_key_age_s: 120 });
    const pass = stoppedClock();
    const token = await idp.token();
    expect(await listing(edge, token)).toBe("200");
    idp.fault = () => new Response("down", { status: 500 });
    pass(119_000);
    expect(await listing(edge, token)).toBe("200");
    pass(1000);
    expect(await listing(edge, token)).toBe("503 issuer_unavailable");
    idp.fault = null;
    idp.keys = [await newKey("b")];
    pass(31_000);
    expect(await listing(edge, token)).toBe("401 invalid_api_key");
  });
});

describe("where the keys are", () => {
  it("policy's own address needs no discovery", async () => {
    printed();
    const idp = new Idp();
    idp.keys = [await newKey("a")];
    serve(idp);
    const edge = await edgeWith([ruleOf(idp, { jwks_uri: idp.keysAddress })]);
    expect(await listing(edge, await idp.token())).toBe("200");
    expect(idp.asked).toEqual([idp.keysAddress]);
  });

  it("rules that share an issuer share its keys", async () => {
    printed();
    const idp = new Idp();
    idp.keys = [await newKey("a")];
    serve(idp);
    const edge = await edgeWith([ruleOf(idp), ruleOf(idp, { tenants: ["other"], audiences: ["other"] })]);
    expect(await listing(edge, await idp.token())).toBe("200");
    expect(await listing(edge, await idp.token({ aud: "other" }))).toBe("200");
    expect(idp.count(idp.keysAddress)).toBe(1);
  });

  const FORBIDDEN = [
    "https://evil.test/keys",
    "http://idp.test/keys",
    "https://idp.test:8443/keys",
    "https://idp.test@10.0.0.1/keys",
    "http://127.0.0.1/keys",
    "http://[::1]:9/keys",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/keys",
    "file:///etc/passwd",
    "//evil.test/keys",
  ];
  it.each(FORBIDDEN)("a discovery document that points to %s makes us fetch nothing there (SSRF)", async (jwks_uri) => {
    const { idp, edge, strays } = await world();
    idp.metadata = { jwks_uri };
    expect(await listing(edge, await idp.token())).toBe("503 issuer_unavailable");
    expect(idp.asked).toEqual([`${idp.issuer}/.well-known/openid-configuration`]);
    expect(strays).toEqual([]);
  });

  it("a discovery document that speaks for another issuer is not believed (mix-up)", async () => {
    for (const another of [() => "https://evil.test", (own: string) => `${own}/`, (own: string) => own.slice(0, -1)]) {
      const { idp, edge } = await world();
      idp.metadata = { issuer: another(idp.issuer) };
      expect(await listing(edge, await idp.token())).toBe("503 issuer_unavailable");
      expect(idp.count(idp.keysAddress)).toBe(0);
    }
  });

  it("plain http to the machine itself is for a local platform alone", async () => {
    printed();
    const idp = new Idp("http://127.0.0.1:9999");
    idp.keys = [await newKey("a")];
    serve(idp);
    const rules = [ruleOf(idp)];
    const pass = stoppedClock();
    expect(await listing(await edgeWith(rules), await idp.token())).toBe("503 issuer_unavailable");
    expect(idp.asked).toEqual([]);
    pass(MINUTE);
    const local = await edgeWith(rules, {}, { BARTIZAN_LOCAL: "1" });
    expect(await listing(local, await idp.token())).toBe("200");
  });
});
