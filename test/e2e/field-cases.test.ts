// Faults that users of other systems met, kept as tests under the names of their cases: over real sockets, against the
// production shape, with every input of the case.
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RawAnswer, rawHttp } from "../support/raw-http.ts";
import { startThreeWorkers, type ThreeWorkers } from "../support/three-workers.ts";
import { mintKey, type Target } from "./contract/target.ts";

/** A key that is published and that this test holds. */
interface Signer {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: Readonly<Record<string, unknown>>;
}

async function newEs256(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: "ES256", bartizan_signs: "api_key" };
  return { kid, privateKey, jwk };
}

/** control publishes generations of the order of the clock, in seconds */
const ABOVE = 100_000_000_000;

let deployment: ThreeWorkers;
let target: Target;
let first: Signer;
let second: Signer;

beforeAll(async () => {
  [first, second] = [await newEs256("es-1"), await newEs256("es-2")];
  const settings = (worker: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
    if (worker === "control") return given;
    const { keys } = JSON.parse(given.VERIFICATION_KEYS ?? "") as { keys: unknown[] };
    // these two stand for keys in the overlap of a rotation
    return {
      ...given,
      VERIFICATION_KEYS: JSON.stringify({ generation: ABOVE, keys: [...keys, first.jwk, second.jwk] }),
    };
  };
  deployment = await startThreeWorkers(undefined, { settings });
  ({ target } = deployment);
});
afterAll(() => deployment?.stop());

/** Where each Worker asks for a key, and a key that opens it. */
const DOORS = [
  ["gateway, GET", "GET /v1/models", () => target.apiKey],
  ["control", "GET /admin/v1/keys", () => target.adminKey],
  ["audit", "GET /audit/v1/records", () => target.auditorKey],
] as const;

const ask = (request: string, lines: readonly string[]): Promise<RawAnswer> =>
  rawHttp(target.url, [`${request} HTTP/1.1`, "host: gateway", "connection: close", ...lines]);

function expectUnauthorized({ status, headers, body }: RawAnswer, what: string): void {
  expect(status, what).toBe(401);
  expect(headers["www-authenticate"], what).toMatch(/^Bearer realm="bartizan"/);
  expect(headers["x-request-id"], what).toMatch(/^req_/);
  expect(JSON.parse(body), what).toEqual({
    error: { message: expect.any(String), type: "authentication_error", param: null, code: "invalid_api_key" },
  });
}

describe("auth-scheme-case-and-spaces", () => {
  it.each(DOORS)(
    "%s: the scheme's case, the spaces after it and the header's case do not matter",
    async (_door, request, key) => {
      for (const line of [
        `Authorization: bearer ${key()}`,
        `Authorization: BEARER ${key()}`,
        `Authorization: Bearer   ${key()}`,
        `Authorization: Bearer ${key()}   `,
        `authorization: Bearer ${key()}`,
        `AUTHORIZATION:bEaReR ${key()}`,
      ])
        expect((await ask(request, [line])).status, line.slice(0, 25)).toBe(200);
    },
  );

  it.each(DOORS)("%s: whatever else is there is one and the same 401", async (_door, request, key) => {
    const [head = "", ...rest] = key().split(".");
    const inputs: Readonly<Record<string, readonly string[]>> = {
      "the scheme alone": ["Authorization: Bearer"],
      "the scheme and a space": ["Authorization: Bearer "],
      "the key alone": [`Authorization: ${key()}`],
      "another scheme": ["Authorization: Basic xyz"],
      "another scheme with the key": [`Authorization: Token ${key()}`],
      "two headers": [`Authorization: Bearer ${key()}`, `Authorization: Bearer ${key()}`],
      "two headers, one of them empty": [`Authorization: Bearer ${key()}`, "Authorization: "],
      "two headers, of two schemes": ["Authorization: Basic eDp5", `Authorization: Bearer ${key()}`],
      "two keys in one header": [`Authorization: Bearer ${key()}, Bearer ${key()}`],
      "a colon after the key": [`Authorization: Bearer ${key()}:x`],
      "a colon in the key": [`Authorization: Bearer ${[`${head}:`, ...rest].join(".")}`],
      "a non-ASCII character (latin1)": [`Authorization: Bearer ${key()}\u00e9`],
      "a non-ASCII character (UTF-8)": [`Authorization: Bearer ${Buffer.from(`${key()}ü`).toString("latin1")}`],
      "a space in the key": [`Authorization: Bearer ${[head, ...rest].join(". ")}`],
      "a tab before the key": [`Authorization: Bearer\t${key()}`],
      "a key in quotes": [`Authorization: Bearer "${key()}"`],
      "an unknown key of the same form": [`Authorization: Bearer ${head}.${rest[0]}.${"A".repeat(86)}`],
    };
    const bodies = new Set<string>();
    for (const [what, lines] of Object.entries(inputs)) {
      const answer = await ask(request, lines);
      expectUnauthorized(answer, what);
      bodies.add(answer.body);
    }
    // a malformed token reads like an unknown one
    expect(bodies.size).toBe(1);
  });

  it("a body beside it changes nothing", async () => {
    const body = JSON.stringify({ model: target.faultModel, messages: [{ role: "user", content: "ok" }] });
    const post = (authorization: string): Promise<RawAnswer> =>
      rawHttp(
        target.url,
        [
          "POST /v1/chat/completions HTTP/1.1",
          "host: gateway",
          "content-type: application/json",
          `content-length: ${body.length}`,
          authorization,
        ],
        { rest: (socket) => void socket.write(body) },
      );
    expect((await post(`Authorization: BEARER   ${target.apiKey}  `)).status).toBe(200);
    expectUnauthorized(await post(`Authorization: ${target.apiKey}`), "the key alone");
  });
});

describe("auth-jwt-no-kid-two-keys", () => {
  const NOW_S = Math.floor(Date.now() / 1000);
  const EXPIRED = { iat: NOW_S - 7200, exp: NOW_S - 3600 };
  const claimsOf = (key: string): JWTPayload =>
    JSON.parse(Buffer.from(key.split(".")[1] ?? "", "base64url").toString()) as JWTPayload;

  /** The same credential, signed by a key of the overlap. @param kid undefined: none */
  async function signed(
    key: string,
    by: CryptoKey,
    kid: string | undefined,
    over: JWTPayload = {},
    alg = "ES256",
  ): Promise<string> {
    return new SignJWT({ ...claimsOf(key), ...over })
      .setProtectedHeader({ alg, typ: "at+jwt", ...(kid === undefined ? {} : { kid }) })
      .sign(by);
  }

  it.each([DOORS[0], DOORS[2]])(
    "%s: the kid is required, and chooses the one key that judges",
    async (_door, request, key) => {
      const bearer = (token: string): Promise<RawAnswer> => ask(request, [`Authorization: Bearer ${token}`]);
      for (const { privateKey, kid } of [first, second])
        expect((await bearer(await signed(key(), privateKey, kid))).status, kid).toBe(200);

      const rsa = await generateKeyPair("RS256");
      const inputs: Readonly<Record<string, string>> = {
        "no kid, signed by the first key": await signed(key(), first.privateKey, undefined),
        "no kid, signed by the second key": await signed(key(), second.privateKey, undefined),
        "no kid, signed by the second key, expired": await signed(key(), second.privateKey, undefined, EXPIRED),
        "expired, with its kid": await signed(key(), second.privateKey, second.kid, EXPIRED),
        "a kid that is not in the set": await signed(key(), second.privateKey, "es-3"),
        "an empty kid": await signed(key(), second.privateKey, ""),
        "the other key's kid": await signed(key(), second.privateKey, first.kid),
        "no kid, by an RSA key": await signed(key(), rsa.privateKey, undefined, {}, "RS256"),
        "an RSA signature under a kid of the set": await signed(key(), rsa.privateKey, second.kid, {}, "RS256"),
      };
      const bodies = new Set<string>();
      for (const [what, token] of Object.entries(inputs)) {
        // twice: neither order nor a cache decides
        for (const answer of [await bearer(token), await bearer(token)]) {
          expectUnauthorized(answer, what);
          bodies.add(answer.body);
        }
      }
      expect(bodies.size).toBe(1);
    },
  );

  it("a token of each key stands for the same credential: revoking it ends both", async () => {
    const { id, key } = await mintKey(target);
    const tokens = [await signed(key, first.privateKey, first.kid), await signed(key, second.privateKey, second.kid)];
    const statuses = async (): Promise<number[]> =>
      Promise.all(
        tokens.map(async (token) => (await ask("GET /v1/models", [`Authorization: Bearer ${token}`])).status),
      );
    expect(await statuses()).toEqual([200, 200]);
    await fetch(`${target.url}/admin/v1/keys/${id}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${target.adminKey}` },
    });
    expect(await statuses()).toEqual([401, 401]);
  });
});
