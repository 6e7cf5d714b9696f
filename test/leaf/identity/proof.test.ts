// Bound tokens: what `cnf` may say, who gets such a token at all, and what a request must show.
import { describe, expect, it } from "vitest";
import { presentedCredential } from "../../../identity/bearer.ts";
import { TokenCache, verifyTokenCached } from "../../../identity/cache.ts";
import { type Confirmation, confirmationClaim, PROOF_KINDS, readConfirmation } from "../../../identity/confirmation.ts";
import { applicableRules, NOTHING_SHOWN, proofFault } from "../../../identity/proof.ts";
import { modelNeeds } from "../../../identity/scopes.ts";
import { mintToken, type TokenClaims, verifyToken } from "../../../identity/tokens.ts";
import { anySigner, without } from "./jws-support.ts";
import { EXPECTED, goodClaims, goodToken, keySetOf, newSigner } from "./tokens-support.ts";

const JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
const OTHER = `A${JKT.slice(1)}`;
const client = await anySigner("EdDSA", "");
const jwk = without(client.jwk, "kid", "alg");
const signer = await newSigner("a");
const keys = await keySetOf([signer, "access_token"]);

const dpop: Confirmation = { kind: "dpop", jkt: JKT };
const mtls: Confirmation = { kind: "mtls", x5t: JKT };
const signature = await readConfirmation({ jwk });

describe("cnf", () => {
  it("is read in its three forms, and written as it is read", async () => {
    expect(await readConfirmation({ jkt: JKT })).toEqual(dpop);
    expect(await readConfirmation({ "x5t#S256": JKT })).toEqual(mtls);
    expect(signature).toMatchObject({ kind: "signature", key: jwk });
    for (const confirmation of [dpop, mtls, signature]) {
      if (confirmation === null) throw new Error("not read");
      expect(await readConfirmation(confirmationClaim(confirmation))).toEqual(confirmation);
    }
  });
  it("that is not understood whole is not understood", async () => {
    for (const cnf of [
      null,
      undefined,
      "x",
      [],
      {},
      { jkt: "x" },
      { jkt: `${JKT}=` },
      { jkt: [JKT] },
      { jkt: JKT, "x5t#S256": JKT },
      { jkt: JKT, kid: "1" },
      { kid: "1" },
      { jku: "https://evil.test" },
      { jwe: "a.b.c.d.e" },
      { jwk: { kty: "oct", k: "AAAA" } },
      { jwk: { ...jwk, d: "AAAA" } },
      { jwk: { ...jwk, x: "AAAA" } },
    ])
      expect(await readConfirmation(cnf)).toBeNull();
  });
});

describe("a bound token", () => {
  const bound = async (cnf: unknown) => await goodToken(signer, { cnf });
  it("is refused to whoever does not ask for its proof", async () => {
    for (const cnf of [{ jkt: JKT }, { "x5t#S256": JKT }, { jwk }]) {
      const token = await bound(cnf);
      expect(await verifyToken(token, keys, EXPECTED)).toEqual({ ok: false, reason: "confirmation" });
      const all = await verifyToken(token, keys, { ...EXPECTED, confirmations: PROOF_KINDS });
      expect(all.ok && all.principal.confirmation).toEqual(await readConfirmation(cnf));
    }
    const onlyMtls = { ...EXPECTED, confirmations: ["mtls"] as const };
    expect(await verifyToken(await bound({ jkt: JKT }), keys, onlyMtls)).toEqual({ ok: false, reason: "confirmation" });
  });
  it("is refused though the cache remembers it for one who does ask", async () => {
    const cache = new TokenCache();
    const token = await bound({ jkt: JKT });
    expect((await verifyTokenCached(token, keys, { ...EXPECTED, confirmations: ["dpop"] }, cache)).ok).toBe(true);
    expect(cache.size).toBe(1);
    expect(await verifyTokenCached(token, keys, EXPECTED, cache)).toEqual({ ok: false, reason: "confirmation" });
  });
  it("is minted with its cnf", async () => {
    const claims = { ...goodClaims(), jurisdiction: "none", cnf: { jkt: JKT } } as unknown as TokenClaims;
    const token = await mintToken(claims, { kid: "a", alg: "EdDSA", key: signer.privateKey }, "access_token");
    const verdict = await verifyToken(token, keys, { ...EXPECTED, confirmations: ["dpop"] });
    expect(verdict.ok && verdict.principal.confirmation).toEqual(dpop);
  });
});

describe("the scheme DPoP", () => {
  const of = (value: string, proofs: "dpop" | "none") =>
    presentedCredential(new Headers({ authorization: value }), proofs);
  it("is unknown to whoever verifies no proofs, and in any case to others", () => {
    expect(of("DPoP tok", "none")).toEqual({ kind: "malformed" });
    for (const value of ["DPoP tok", "dpop   tok", "DPOP tok"])
      expect(of(value, "dpop")).toEqual({ kind: "token", token: "tok", scheme: "dpop" });
    expect(of("Bearer tok", "dpop")).toEqual({ kind: "token", token: "tok", scheme: "bearer" });
    expect(presentedCredential(new Headers({ "x-api-key": "tok" }), "dpop")).toMatchObject({ scheme: "api_key" });
    for (const value of ["DPoP", "DPoP ", "DPoP a b", "DPoPtok", "DPoP tok, Bearer tok"])
      expect(of(value, "dpop")).toEqual({ kind: "malformed" });
  });
});

describe("what a request must show", () => {
  it("a stolen bound token alone is worth nothing, nor with a thief's own proof", () => {
    if (signature?.kind !== "signature") throw new Error("not read");
    expect(proofFault(dpop, "dpop", NOTHING_SHOWN, [])).toBe("unproved");
    expect(proofFault(dpop, "dpop", { ...NOTHING_SHOWN, dpop: OTHER }, [])).toBe("unproved");
    expect(proofFault(mtls, "bearer", { ...NOTHING_SHOWN, mtls: OTHER }, [])).toBe("unproved");
    expect(proofFault(mtls, "bearer", { ...NOTHING_SHOWN, dpop: JKT, signature: JKT }, [])).toBe("unproved");
    expect(proofFault(signature, "bearer", { ...NOTHING_SHOWN, dpop: signature.jkt }, [])).toBe("unproved");
    expect(proofFault(dpop, "dpop", { ...NOTHING_SHOWN, dpop: JKT }, [])).toBeNull();
    expect(proofFault(mtls, "api_key", { ...NOTHING_SHOWN, mtls: JKT }, [])).toBeNull();
    expect(proofFault(signature, "bearer", { ...NOTHING_SHOWN, signature: signature.jkt }, [])).toBeNull();
  });
  it("a DPoP-bound token as a bearer token is a downgrade, and so is the other way round", () => {
    const shown = { ...NOTHING_SHOWN, dpop: JKT };
    expect(proofFault(dpop, "bearer", shown, [])).toBe("scheme");
    expect(proofFault(dpop, "api_key", shown, [])).toBe("scheme");
    expect(proofFault(null, "dpop", shown, [])).toBe("scheme");
    expect(proofFault(mtls, "dpop", { ...shown, mtls: JKT }, [])).toBe("scheme");
  });
  it("where policy requires a proof, an unbound token does not pass, whatever is shown with it", () => {
    const rules = [{ proof: ["dpop", "mtls"] as const }];
    const everything = { dpop: JKT, mtls: JKT, signature: JKT };
    expect(proofFault(null, "bearer", everything, rules)).toBe("required");
    expect(proofFault(dpop, "dpop", everything, rules)).toBeNull();
    expect(proofFault(dpop, "dpop", everything, [...rules, { proof: ["signature"] }])).toBe("required");
    expect(proofFault(null, "bearer", NOTHING_SHOWN, [])).toBeNull();
  });
  it("a rule for scopes holds for what they cover, and for nothing else", () => {
    const rules = [{ proof: ["dpop"] as const, scopes: ["infer:secret-*", "admin"] }, { proof: ["mtls"] as const }];
    expect(applicableRules(rules, modelNeeds("infer", "secret-1", "2", null))).toHaveLength(2);
    expect(applicableRules(rules, modelNeeds("embed", "secret-1", "2", null))).toHaveLength(1);
    expect(applicableRules(rules, ["admin:acme"])).toHaveLength(2);
    expect(applicableRules(rules, null)).toHaveLength(1);
  });
});
