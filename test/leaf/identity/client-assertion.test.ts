// `private_key_jwt` (RFC 7523): a client's assertion, attack by attack.
import { describe, expect, it } from "vitest";
import {
  ASSERTION_ALGORITHMS,
  type AssertionInput,
  assertedClient,
  verifyClientAssertion,
} from "../../../identity/client-assertion.ts";
import { anySigner, jwksOf, jwsOf } from "./jws-support.ts";

const NOW_S = 1_800_000_000;
const ISSUER = "https://issuer.test";
const ENDPOINT = "https://issuer.test/oauth/token";
const mine = await anySigner("ES256", "k1");
const other = await anySigner("ES256", "k1");
const CLAIMS = { iss: "client_1", sub: "client_1", aud: ISSUER, jti: "one-time", iat: NOW_S, exp: NOW_S + 60 };
const base = { clientId: "client_1", keys: jwksOf([mine.jwk]), audiences: [ISSUER, ENDPOINT], nowMs: NOW_S * 1000 };

async function fault(assertion: string, over: Partial<AssertionInput> = {}): Promise<string> {
  const verdict = await verifyClientAssertion({ ...base, assertion, ...over });
  return verdict.ok ? "accepted" : verdict.fault;
}
async function of(claims: Record<string, unknown>, header: Record<string, unknown> = {}, by = mine): Promise<string> {
  return await fault(await jwsOf(by, { alg: by.alg, kid: by.kid, ...header }, { ...CLAIMS, ...claims }));
}

describe("an assertion", () => {
  it("proves the client, for the issuer or the token endpoint, with or without a type", async () => {
    for (const aud of [ISSUER, ENDPOINT, [ISSUER], [ISSUER, ENDPOINT]]) expect(await of({ aud })).toBe("accepted");
    for (const typ of ["JWT", "client-authentication+jwt"]) expect(await of({}, { typ })).toBe("accepted");
  });
  it("names its client before its keys are known, and only where issuer and subject are one", async () => {
    const name = async (claims: Record<string, unknown>) =>
      assertedClient(await jwsOf(mine, { alg: "ES256" }, { ...CLAIMS, ...claims }));
    expect(await name({})).toBe("client_1");
    for (const claims of [
      { iss: "client_2" },
      { sub: "client_2" },
      { iss: 1, sub: 1 },
      { iss: "", sub: "" },
      { iss: "a b", sub: "a b" },
    ])
      expect(await name(claims)).toBeNull();
    for (const text of ["", "a.b", "a.b.c", "{}"]) expect(assertedClient(text)).toBeNull();
  });
  it("of another client, or by another's key, is refused", async () => {
    expect(await of({ iss: "client_2", sub: "client_2" })).toBe("issuer");
    expect(await of({ iss: "client_2" })).toBe("issuer");
    expect(await of({ sub: "client_2" })).toBe("subject");
    expect(await of({}, {}, other)).toBe("signature");
    expect(await fault(await jwsOf(other, { alg: "ES256", kid: "k1", jwk: other.jwk }, CLAIMS))).toBe("signature");
  });
  it("meant for another server, or for another server too, is refused (audience injection)", async () => {
    for (const aud of ["https://other.test", `${ISSUER}/`, [ISSUER, "https://other.test"], [], undefined, 1])
      expect(await of({ aud })).not.toBe("accepted");
    expect(await of({ aud: [ISSUER, "https://other.test"] })).toBe("audience");
  });
  it("lives five minutes at most, and is not good before or after", async () => {
    expect(await of({ exp: NOW_S + 330 })).toBe("accepted");
    expect(await of({ exp: NOW_S + 331 })).toBe("lifetime");
    expect(await of({ exp: NOW_S - 30 })).toBe("expired");
    expect(await of({ nbf: NOW_S + 31 })).toBe("not_yet_valid");
    expect(await of({ exp: undefined })).toBe("claims");
  });
  it("has a jti, by which it is good once", async () => {
    for (const jti of [undefined, "", 1, null, "j".repeat(257)]) expect(await of({ jti })).toBe("claims");
    const keyOf = async (clientId: string, jti: string) => {
      const assertion = await jwsOf(
        mine,
        { alg: "ES256", kid: "k1" },
        { ...CLAIMS, iss: clientId, sub: clientId, jti },
      );
      const verdict = await verifyClientAssertion({ ...base, clientId, assertion });
      if (!verdict.ok) throw new Error(verdict.fault);
      expect(verdict.replayUntilMs).toBe((NOW_S + 90) * 1000);
      return verdict.replayKey;
    };
    expect(await keyOf("client_1", "a")).toBe(await keyOf("client_1", "a"));
    expect(
      new Set([await keyOf("client_1", "a"), await keyOf("client_1", "b"), await keyOf("client_2", "a")]).size,
    ).toBe(3);
  });
  it("is no access token, DPoP proof or other statement (cross-JWT confusion)", async () => {
    for (const typ of ["at+jwt", "dpop+jwt", "logout+jwt", ""]) expect(await of({}, { typ })).toBe("type");
  });
  it("none and symmetric algorithms are refused, and keys from the header", async () => {
    for (const alg of ["none", "HS256"]) expect(await of({}, { alg })).toBe("algorithm");
    for (const header of [{ jwk: mine.jwk }, { jku: "https://evil.test" }, { x5c: ["AA"] }])
      expect(await of({}, header)).toBe("own_key");
    expect(await of({}, { crit: ["exp"] })).toBe("critical");
    expect(ASSERTION_ALGORITHMS.some((alg) => alg.startsWith("HS"))).toBe(false);
  });
});
