// DPoP nonces at the gateway (RFC 9449, sections 8.2 and 9): who is asked for one, and which ones count.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { accessTokenHash } from "../../../identity/dpop.ts";
import { issueDpopNonce, NONCE_LIMITS } from "../../../identity/dpop-nonce.ts";
import type { PolicyInput } from "../../../policy/schema.ts";
import { gatewayNonces } from "../../../workers/gateway/nonces.ts";
import { type Answered, bindings, COMPLETION, type Edge, newEdge, newSigner, POLICY, upstream } from "./edge.ts";
import { recordsOf } from "./fake-audit.ts";

type NonceDemand = NonNullable<PolicyInput["tenants"]>[string]["dpop_nonce"];
const AUDIENCE = "https://gateway.example";
const MODELS = "/v1/models";
const CHAT = "/v1/chat/completions";
const CHALLENGE = 'DPoP realm="bartizan", error="use_dpop_nonce", algs="ES256 EdDSA"';

const demanding = (dpop_nonce: NonceDemand) => ({
  POLICY: JSON.stringify({ ...POLICY, tenants: { acme: { dpop_nonce } } }),
});

class Holder {
  readonly #key: CryptoKey;
  readonly #jwk: JWK;
  readonly jkt: string;

  constructor(key: CryptoKey, jwk: JWK, jkt: string) {
    this.#key = key;
    this.#jwk = jwk;
    this.jkt = jkt;
  }

  static async new(): Promise<Holder> {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(publicKey);
    return new Holder(privateKey, jwk, await calculateJwkThumbprint(jwk));
  }

  async proof(token: string, method: string, path: string, nonce: string | null): Promise<string> {
    const claims: JWTPayload = {
      htm: method,
      htu: `${AUDIENCE}${path}`,
      jti: crypto.randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      ath: await accessTokenHash(token),
      ...(nonce === null ? {} : { nonce }),
    };
    return new SignJWT(claims).setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: this.#jwk }).sign(this.#key);
  }
}

/** One request of the holder, with a new proof. */
async function ask(
  edge: Edge,
  holder: Holder,
  nonce: string | null,
  body: unknown = null,
  prover = holder,
): Promise<Answered> {
  const token = await edge.token({ cnf: { jkt: holder.jkt } });
  const [method, path] = body === null ? ["GET", MODELS] : ["POST", CHAT];
  const headers = {
    authorization: `DPoP ${token}`,
    dpop: await prover.proof(token, method, path, nonce),
    "content-type": "application/json",
    origin: "https://app.example",
  };
  return edge.fetch(path, { method, headers, ...(body === null ? {} : { body: JSON.stringify(body) }) });
}

const chatOf = (model: string) => ({ model, messages: [{ role: "user", content: "hello" }] });
const nonceOf = ({ response }: Answered): string | null => response.headers.get("dpop-nonce");

function expectDemand(answered: Answered): void {
  expect({ status: answered.response.status, code: answered.code }).toEqual({ status: 401, code: "use_dpop_nonce" });
  expect(answered.response.headers.get("www-authenticate")).toBe(CHALLENGE);
  expect(nonceOf(answered)).toMatch(/^[A-Za-z0-9_-]{30}$/);
}

describe("a tenant whose proofs owe a nonce", () => {
  it("a proof without one is answered with one, the next proof carries it, and its answer hands out another", async () => {
    const edge = await newEdge(demanding(true));
    const holder = await Holder.new();
    const first = await ask(edge, holder, null);
    expectDemand(first);
    const second = await ask(edge, holder, nonceOf(first));
    expect(second.response.status).toBe(200);
    expect(nonceOf(second)).toMatch(/^[A-Za-z0-9_-]{30}$/);
    expect((await ask(edge, holder, nonceOf(second))).response.status).toBe(200);
    expect(edge.calls).toEqual(["refuse", "admit", "admit"]);
    const [record] = await recordsOf(first.response.headers.get("x-request-id"), 1);
    expect(record?.open).toMatchObject({ kind: "refusal", code: "use_dpop_nonce", status: 401 });
  });

  it("a script of an allowed origin may read the nonce", async () => {
    const { response } = await ask(await newEdge(demanding(true)), await Holder.new(), null);
    expect(response.headers.get("access-control-expose-headers")?.split(", ")).toContain("dpop-nonce");
  });

  it("a nonce that is old, of the future, of another key, of another audience, or invented does not count", async () => {
    const edge = await newEdge(demanding(true));
    const holder = await Holder.new();
    const { ORIGIN_REQUEST_KEY } = bindings;
    const other = JSON.stringify((await newSigner()).secret);
    const issued = async (key: string | undefined, audience: string, ageMs: number): Promise<string> => {
      const nonces = await gatewayNonces(key, audience);
      if (nonces === null) throw new Error("no key");
      return issueDpopNonce(nonces, Date.now() - ageMs);
    };
    const bad = {
      old: await issued(ORIGIN_REQUEST_KEY, AUDIENCE, NONCE_LIMITS.lifeMs + 1000),
      future: await issued(ORIGIN_REQUEST_KEY, AUDIENCE, -60_000),
      "another key's": await issued(other, AUDIENCE, 0),
      "another audience's": await issued(ORIGIN_REQUEST_KEY, "https://elsewhere.example", 0),
      invented: "A".repeat(30),
      "no nonce at all": "x",
    };
    for (const nonce of Object.values(bad)) expectDemand(await ask(edge, holder, nonce));
    expect((await ask(edge, holder, await issued(ORIGIN_REQUEST_KEY, AUDIENCE, 1000))).response.status).toBe(200);
  });

  it("a nonce of one isolate is good in another: they share nothing but the key", async () => {
    const [one, other] = [await newEdge(demanding(true)), await newEdge(demanding(true))];
    const holder = await Holder.new();
    expect((await ask(other, holder, nonceOf(await ask(one, holder, null)))).response.status).toBe(200);
  });

  it("a proof without a nonce is used up by the demand: it cannot be shown again", async () => {
    const edge = await newEdge(demanding(true));
    const holder = await Holder.new();
    const token = await edge.token({ cnf: { jkt: holder.jkt } });
    const headers = { authorization: `DPoP ${token}`, dpop: await holder.proof(token, "GET", MODELS, null) };
    expect((await edge.fetch(MODELS, { headers })).code).toBe("use_dpop_nonce");
    expect((await edge.fetch(MODELS, { headers })).code).toBe("invalid_api_key");
  });

  it("a thief's proof, and a revoked key, are told nothing of nonces but that they are not good", async () => {
    const edge = await newEdge(demanding(true));
    const holder = await Holder.new();
    const thief = await ask(edge, holder, null, null, await Holder.new());
    expect([thief.code, nonceOf(thief)]).toEqual(["invalid_api_key", null]);
    await edge.ledger.revoke(edge.keyId);
    expect((await ask(edge, holder, null)).code).toBe("invalid_api_key");
  });

  it("what is bound in no way owes none: that is `require`'s to demand", async () => {
    const answered = await (await newEdge(demanding(true))).get(MODELS);
    expect([answered.response.status, nonceOf(answered)]).toEqual([200, null]);
  });

  it("every answer of a proof hands one out, an error too", async () => {
    const edge = await newEdge(demanding(true));
    const holder = await Holder.new();
    const nonce = nonceOf(await ask(edge, holder, null));
    const missing = await ask(edge, holder, nonce, chatOf("none"));
    expect(missing.code).toBe("model_not_found");
    expect(nonceOf(missing)).not.toBeNull();
  });
});

describe("a nonce that is owed for some scopes", () => {
  it("is asked of who wants what they cover, and of nobody else", async () => {
    upstream(() => Response.json(COMPLETION));
    const edge = await newEdge(demanding({ scopes: ["infer:small"] }));
    const holder = await Holder.new();
    const listed = await ask(edge, holder, null);
    expect(listed.response.status).toBe(200);
    const other = await ask(edge, holder, null, chatOf("cloud"));
    expect(other.code).not.toBe("use_dpop_nonce");
    expectDemand(await ask(edge, holder, null, chatOf("small")));
    // handed out by the answer that needed none
    expect((await ask(edge, holder, nonceOf(listed), chatOf("small"))).response.status).toBe(200);
  });
});

describe("a tenant whose policy says nothing of nonces", () => {
  it("neither needs one nor is given one, and one that a proof carries does no harm", async () => {
    for (const over of [{}, demanding(false)]) {
      const edge = await newEdge(over);
      const holder = await Holder.new();
      for (const nonce of [null, "x"]) {
        const answered = await ask(edge, holder, nonce);
        expect([answered.response.status, nonceOf(answered)]).toEqual([200, null]);
      }
    }
  });
});
