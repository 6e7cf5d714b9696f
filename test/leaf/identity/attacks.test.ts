// The attacks of RFC 8725 (JWT best practice) and RFC 9700 (OAuth security) that take more than one part of this room,
// each against the whole way in: presented credential → token → proof → judgement. Those against the token alone stand
// in tokens.test.ts and verify-jws.test.ts, those against one kind of proof in that proof's own tests.
import { describe, expect, it } from "vitest";
import { presentedCredential } from "../../../identity/bearer.ts";
import { verifyClientAssertion } from "../../../identity/client-assertion.ts";
import { PROOF_KINDS } from "../../../identity/confirmation.ts";
import { accessTokenHash, verifyDpopProof } from "../../../identity/dpop.ts";
import { issuerRuleSchema } from "../../../identity/issuer-rule.ts";
import { verifyExternalToken } from "../../../identity/issuers.ts";
import { publicMembers, thumbprint } from "../../../identity/jwk.ts";
import { clientCertificate } from "../../../identity/mtls.ts";
import { NOTHING_SHOWN, proofFault } from "../../../identity/proof.ts";
import { verifyToken } from "../../../identity/tokens.ts";
import { verifyJwt } from "../../../identity/verify-jws.ts";
import { fromHex, toBase64Url } from "../../../protocol/encoding.ts";
import { type AnySigner, anySigner, jwksOf, jwsOf, without } from "./jws-support.ts";
import {
  EXPECTED,
  goodClaims,
  goodHeader,
  goodToken,
  keySetOf,
  NOW_MS,
  NOW_S,
  newSigner,
  tokenOf,
} from "./tokens-support.ts";

const URL_ = "https://gateway.test/v1/models";
const issuer = await newSigner("at-1", "ES256");
const keys = await keySetOf([issuer, "access_token"]);
const jwks = jwksOf([issuer.publicJwk]);
const holder = await anySigner("ES256", "");
const thief = await anySigner("ES256", "");
const jktOf = async (signer: AnySigner) => {
  const key = publicMembers(signer.jwk);
  if (key === null || key === "weak") throw new Error("no key");
  return await thumbprint(key);
};
const bound = await goodToken(issuer, { cnf: { jkt: await jktOf(holder) } });

async function proofBy(signer: AnySigner, over: Record<string, unknown> = {}, token = bound): Promise<string> {
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: without(signer.jwk, "kid", "alg") };
  const claims = { jti: "0123456789abcdef", htm: "GET", htu: URL_, iat: NOW_S, ath: await accessTokenHash(token) };
  return await jwsOf(signer, header, { ...claims, ...over });
}

/** The way in, as the gateway goes it, with a replay cache that remembers. */
async function enter(headers: Record<string, string>, seen = new Set<string>(), url = URL_): Promise<string> {
  const sent = new Headers(headers);
  const presented = presentedCredential(sent, "dpop");
  if (presented.kind !== "token") return presented.kind;
  const verification = await verifyToken(presented.token, keys, { ...EXPECTED, confirmations: PROOF_KINDS });
  if (!verification.ok) return verification.reason;
  let shown = NOTHING_SHOWN;
  const proof = sent.get("dpop");
  if (proof !== null) {
    const verdict = await verifyDpopProof({
      proof,
      method: "GET",
      url,
      accessToken: presented.token,
      nonces: null,
      nowMs: NOW_MS,
    });
    if (!verdict.ok) return `proof:${verdict.fault}`;
    if (seen.has(verdict.replayKey)) return "replay";
    seen.add(verdict.replayKey);
    shown = { ...shown, dpop: verdict.jkt };
  }
  return proofFault(verification.principal.confirmation, presented.scheme, shown, []) ?? "in";
}

describe("stolen access tokens (RFC 9700, sections 2.2.1 and 4.10)", () => {
  it("the holder gets in", async () => {
    expect(await enter({ authorization: `DPoP ${bound}`, dpop: await proofBy(holder) })).toBe("in");
  });
  it("downgrade to Bearer: a bound token without its proof, in any header, does not", async () => {
    for (const headers of [{ authorization: `Bearer ${bound}` }, { "x-api-key": bound }] as Record<string, string>[]) {
      expect(await enter(headers)).toBe("scheme");
      expect(await enter({ ...headers, dpop: await proofBy(holder) })).toBe("scheme");
    }
    expect(await enter({ authorization: `DPoP ${bound}` })).toBe("unproved");
  });
  it("a thief's own proof for it does not", async () => {
    expect(await enter({ authorization: `DPoP ${bound}`, dpop: await proofBy(thief) })).toBe("unproved");
  });
  it("a bearer token does not become a bound one by a proof beside it", async () => {
    const free = await goodToken(issuer);
    expect(await enter({ authorization: `DPoP ${free}`, dpop: await proofBy(holder, {}, free) })).toBe("scheme");
  });
  it("a stolen DPoP proof for another request, another token, or sent again, does not (RFC 9449, section 11.1)", async () => {
    const dpop = await proofBy(holder);
    const seen = new Set<string>();
    expect(await enter({ authorization: `DPoP ${bound}`, dpop }, seen)).toBe("in");
    expect(await enter({ authorization: `DPoP ${bound}`, dpop }, seen)).toBe("replay");
    // another signature of the same statement is the same statement
    expect(await enter({ authorization: `DPoP ${bound}`, dpop: await proofBy(holder) }, seen)).toBe("replay");
    expect(await enter({ authorization: `DPoP ${bound}`, dpop }, seen, "https://gateway.test/v1/embeddings")).toBe(
      "proof:url",
    );
    const second = await goodToken(issuer, { jti: "at_2", cnf: { jkt: await jktOf(holder) } });
    expect(await enter({ authorization: `DPoP ${second}`, dpop }, seen)).toBe("proof:token");
  });
  it("a token in the query or in a form is not looked at (RFC 9700, section 2.2)", async () => {
    expect(presentedCredential(new Request(`https://gateway.test/?access_token=${bound}`).headers).kind).toBe("none");
  });
  it("a token for another resource server is refused here (RFC 9700, section 2.3)", async () => {
    expect(await enter({ authorization: `Bearer ${await goodToken(issuer, { aud: "https://other.test" })}` })).toBe(
      "audience",
    );
  });
});

describe("TLS ended by a proxy (RFC 9700, section 4.13)", () => {
  it("a certificate that a client claims in a header binds nothing", () => {
    const forged = new Headers({
      "client-cert": ":MIIB:",
      "cf-client-cert-sha256": "ab".repeat(32),
      "x-client-cert-verified": "SUCCESS",
      "mf-cf-blob": JSON.stringify({ tlsClientAuth: { certPresented: "1", certVerified: "SUCCESS" } }),
    });
    expect(clientCertificate(forged)).toBeNull();
    expect(clientCertificate(Object.fromEntries(forged))).toBeNull();
  });
  it("a certificate-bound token needs that very certificate", () => {
    const x5t = toBase64Url(fromHex("ab".repeat(32)));
    const shown = (byte: string) => ({
      ...NOTHING_SHOWN,
      mtls:
        clientCertificate({ certPresented: "1", certVerified: "SUCCESS", certFingerprintSHA256: byte.repeat(32) })
          ?.x5t ?? null,
    });
    expect(proofFault({ kind: "mtls", x5t }, "bearer", shown("ab"), [])).toBeNull();
    expect(proofFault({ kind: "mtls", x5t }, "bearer", shown("cd"), [])).toBe("unproved");
    expect(proofFault({ kind: "mtls", x5t }, "bearer", shown("zz"), [])).toBe("unproved");
  });
});

describe("cross-JWT confusion (RFC 8725, sections 2.8, 3.11 and 3.12): one key, many statements", () => {
  // a client whose own key is, by mistake, the key of everything
  const claims = { ...goodClaims(), iss: "client_1", sub: "client_1", aud: EXPECTED.issuer, exp: NOW_S + 60 };
  const assertion = async (typ: string | undefined) =>
    await verifyClientAssertion({
      assertion: await tokenOf(issuer, { ...goodHeader(issuer), typ }, claims),
      clientId: "client_1",
      keys: jwks,
      audiences: [EXPECTED.issuer],
      nowMs: NOW_MS,
    });

  it("an access token or a DPoP proof is no client assertion", async () => {
    expect((await assertion(undefined)).ok).toBe(true);
    for (const typ of ["at+jwt", "dpop+jwt"]) expect(await assertion(typ)).toEqual({ ok: false, fault: "type" });
  });
  it("an assertion, an ID token or a DPoP proof is no access token", async () => {
    for (const typ of ["JWT", "client-authentication+jwt", "dpop+jwt", "id_token+jwt"])
      expect(
        await enter({ authorization: `Bearer ${await tokenOf(issuer, { ...goodHeader(issuer), typ }, goodClaims())}` }),
      ).toBe("type");
  });
  it("an access token or an assertion is no DPoP proof", async () => {
    for (const typ of ["at+jwt", "JWT"]) {
      const header = { typ, alg: "ES256", jwk: without(holder.jwk, "kid", "alg") };
      const dpop = await jwsOf(holder, header, {
        jti: "0123456789abcdef",
        htm: "GET",
        htu: URL_,
        iat: NOW_S,
        ath: await accessTokenHash(bound),
      });
      expect(await enter({ authorization: `DPoP ${bound}`, dpop })).toBe("proof:type");
    }
  });
  it("an external issuer's ID token, or its logout token, is no access token here", async () => {
    const rule = issuerRuleSchema.parse({
      issuer: "https://idp.test",
      tenants: ["acme"],
      audiences: [EXPECTED.audience],
      grants: [{ scopes: ["infer:m"] }],
    });
    const external = { iss: rule.issuer, aud: EXPECTED.audience, sub: "s", iat: NOW_S, exp: NOW_S + 60 };
    const of = async (typ: string) => {
      const token = await tokenOf(issuer, { alg: "ES256", kid: "at-1", typ }, { ...external, nonce: "n" });
      const verdict = await verifyExternalToken(token, { rule, jwks }, { nowMs: NOW_MS });
      return verdict.ok ? "in" : verdict.fault;
    };
    expect(await of("at+jwt")).toBe("in");
    for (const typ of ["JWT", "logout+jwt", "secevent+jwt"]) expect(await of(typ)).toBe("type");
  });
  it("an external issuer's token is none of ours, though it says so, under a kid of ours", async () => {
    const evil = await newSigner("at-1", "ES256");
    expect(await enter({ authorization: `Bearer ${await goodToken(evil)}` })).toBe("signature");
    expect(await enter({ authorization: `Bearer ${await goodToken(issuer, { iss: "https://idp.test" })}` })).toBe(
      "issuer",
    );
  });
  it("a token of ours is none of an external issuer's, though the key were the same", async () => {
    expect(await verifyJwt(await goodToken(issuer), jwks, { nowMs: NOW_MS, issuer: "https://idp.test" })).toEqual({
      ok: false,
      reason: "issuer",
    });
  });
});

describe("mix-up and substitution (RFC 9700, section 4.4; RFC 8725, section 3.9)", () => {
  it("two tokens in two headers are no choice", async () => {
    expect(await enter({ authorization: `Bearer ${bound}`, "x-api-key": await goodToken(issuer) })).toBe("malformed");
    expect(await enter({ authorization: `DPoP ${bound}, Bearer ${bound}` })).toBe("malformed");
  });
  it("an audience that merely contains ours is another", async () => {
    for (const aud of [`${EXPECTED.audience}.evil.test`, `${EXPECTED.audience} https://other.test`, `*`])
      expect(await enter({ authorization: `Bearer ${await goodToken(issuer, { aud })}` })).toBe("audience");
  });
});
