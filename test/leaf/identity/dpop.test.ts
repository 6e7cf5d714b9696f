// DPoP proofs (RFC 9449, section 4.3) and the server's nonce (sections 8 and 9), attack by attack.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accessTokenHash, DPOP_ALGORITHMS, type DpopInput, verifyDpopProof } from "../../../identity/dpop.ts";
import { isCurrentDpopNonce, issueDpopNonce, NONCE_LIMITS, type NonceKeys } from "../../../identity/dpop-nonce.ts";
import { normalTarget } from "../../../identity/http-target.ts";
import { publicMembers, thumbprint } from "../../../identity/jwk.ts";
import type { JwsAlgorithm } from "../../../identity/jws-algorithms.ts";
import { type AnySigner, anySigner, jwsOf, without } from "./jws-support.ts";

const NOW_MS = 1_800_000_000_000;
const NOW_S = NOW_MS / 1000;
const URL_ = "https://gateway.test/v1/chat/completions";
const TOKEN = "header.payload.signature";
const ATH = await accessTokenHash(TOKEN);
const holder = await anySigner("ES256", "");
const thief = await anySigner("ES256", "");

const jwkOf = (signer: AnySigner) => without(signer.jwk, "kid", "alg");
const headerOf = (signer: AnySigner, over: Record<string, unknown> = {}) => ({
  typ: "dpop+jwt",
  alg: signer.alg,
  jwk: jwkOf(signer),
  ...over,
});
const claimsOf = (over: Record<string, unknown> = {}) => ({
  jti: "e1j3V_bKic8-LAEB",
  htm: "POST",
  htu: URL_,
  iat: NOW_S,
  ath: ATH,
  ...over,
});
const base = { method: "POST", url: URL_, accessToken: TOKEN, nonces: null, nowMs: NOW_MS };

async function judge(proof: string, over: Partial<DpopInput> = {}) {
  return await verifyDpopProof({ ...base, proof, ...over });
}
async function fault(proof: string, over: Partial<DpopInput> = {}): Promise<string> {
  const verdict = await judge(proof, over);
  return verdict.ok ? "accepted" : verdict.fault;
}
async function ofClaims(over: Record<string, unknown>, input: Partial<DpopInput> = {}): Promise<string> {
  return await fault(await jwsOf(holder, headerOf(holder), claimsOf(over)), input);
}
async function ofHeader(over: Record<string, unknown>): Promise<string> {
  return await fault(await jwsOf(holder, headerOf(holder, over), claimsOf()));
}

describe("a good proof", () => {
  it.each(DPOP_ALGORITHMS)(
    "of %s names its key's thumbprint",
    async (alg: JwsAlgorithm) => {
      const signer = await anySigner(alg, "");
      const verdict = await judge(await jwsOf(signer, headerOf(signer), claimsOf()));
      const key = publicMembers(signer.jwk);
      if (key === null || key === "weak") throw new Error("no key");
      expect(verdict).toMatchObject({ ok: true, jkt: await thumbprint(key), jti: "e1j3V_bKic8-LAEB", iatMs: NOW_MS });
    },
    30_000,
  );
  it("of RFC 9449's own example has the thumbprint that the RFC prints", async () => {
    // section 4.1's key, and section 6.1's `jkt`
    const key = publicMembers({
      kty: "EC",
      crv: "P-256",
      x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
      y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    });
    if (key === null || key === "weak") throw new Error("no key");
    expect(await thumbprint(key)).toBe("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
  });
  it("has one replay key, the same for the same jti of the same key and no other, whatever the jti holds", async () => {
    const keyOf = async (signer: AnySigner, jti: string) => {
      const verdict = await judge(await jwsOf(signer, headerOf(signer), claimsOf({ jti })));
      if (!verdict.ok) throw new Error(verdict.fault);
      expect(verdict.replayKey).toMatch(/^dpop:[A-Za-z0-9_-]{43}$/);
      return verdict.replayKey;
    };
    const first = await keyOf(holder, "a".repeat(16));
    expect(await keyOf(holder, "a".repeat(16))).toBe(first);
    expect(await keyOf(holder, "a".repeat(17))).not.toBe(first);
    expect(await keyOf(thief, "a".repeat(16))).not.toBe(first);
    expect(await keyOf(holder, `"],"x:${"y".repeat(240)}`)).not.toBe(first);
  });
  it("must be remembered exactly as long as it could be shown again", async () => {
    const proof = await jwsOf(holder, headerOf(holder), claimsOf({ iat: NOW_S + 0.5 }));
    const verdict = await judge(proof);
    if (!verdict.ok) throw new Error(verdict.fault);
    expect(await fault(proof, { nowMs: verdict.replayUntilMs - 1 })).toBe("accepted");
    expect(await fault(proof, { nowMs: verdict.replayUntilMs })).toBe("too_old");
  });
});

describe("header", () => {
  it("another type is refused: an access token or an assertion is no proof (cross-JWT confusion)", async () => {
    for (const typ of ["at+jwt", "jwt", "JWT", "dpop", "", undefined, 1])
      expect(await ofHeader({ typ })).not.toBe("accepted");
    expect(await ofHeader({ typ: "application/DPoP+JWT" })).toBe("accepted");
  });
  it("none, symmetric and unlisted algorithms are refused", async () => {
    for (const alg of ["none", "HS256", "RS512", "ML-DSA-44", "ES256K"])
      expect(await ofHeader({ alg })).toBe("algorithm");
    expect(await fault(await jwsOf(holder, headerOf(holder), claimsOf()), { algorithms: ["EdDSA"] })).toBe("algorithm");
  });
  it("a missing, private, symmetric, malformed or mismatched key is refused", async () => {
    for (const jwk of [
      undefined,
      null,
      "key",
      {},
      { ...jwkOf(holder), d: "AAAA" },
      { kty: "oct", k: "AAAA" },
      { ...jwkOf(holder), use: "enc" },
      { ...jwkOf(holder), alg: "ES384" },
      { ...jwkOf(holder), x: "AAAA" },
      { ...jwkOf(holder), y: jwkOf(holder).x },
      jwkOf(await anySigner("EdDSA", "")),
    ])
      expect(await ofHeader({ jwk })).toBe("key");
  });
  it("a key from elsewhere is refused: jku, x5u, x5c beside the jwk", async () => {
    for (const over of [{ jku: "https://evil.test" }, { x5u: "https://evil.test" }, { x5c: ["AA"] }])
      expect(await ofHeader(over)).toBe("key");
  });
  it("crit is refused, and a second jwk", async () => {
    expect(await ofHeader({ crit: ["x"], x: 1 })).toBe("malformed");
    const text = JSON.stringify(headerOf(holder));
    const twice = `${text.slice(0, -1)},"jwk":${JSON.stringify(jwkOf(thief))}}`;
    expect(await fault(await jwsOf(holder, twice, claimsOf()))).toBe("malformed");
  });
  it("a signature by another key than the one it shows is refused", async () => {
    expect(await fault(await jwsOf(thief, headerOf(holder), claimsOf()))).toBe("signature");
  });
  it("two proofs in one header are refused, and 8 KiB is the longest", async () => {
    const proof = await jwsOf(holder, headerOf(holder), claimsOf());
    expect(await fault(`${proof}, ${proof}`)).toBe("malformed");
    expect(await fault(await jwsOf(holder, headerOf(holder), claimsOf({ x: "x".repeat(7000) })))).toBe("malformed");
  });
});

describe("a stolen proof", () => {
  it("is no good for another method", async () => {
    for (const htm of ["GET", "post", "", "POST "]) expect(await ofClaims({ htm })).toBe("method");
  });
  it("is no good for another path, host, scheme or port", async () => {
    for (const htu of [
      "https://gateway.test/v1/embeddings",
      "https://gateway.test/v1/chat/completions/",
      "https://gateway.test/V1/chat/completions",
      "https://other.test/v1/chat/completions",
      "http://gateway.test/v1/chat/completions",
      "https://gateway.test:8443/v1/chat/completions",
      "https://user@gateway.test/v1/chat/completions",
      "https://gateway.test\\v1/chat/completions",
      "https:/gateway.test/v1/chat/completions",
      "/v1/chat/completions",
      "",
      `https://gateway.test/${"a".repeat(2048)}`,
    ])
      expect(await ofClaims({ htu })).toBe("url");
  });
  it("is not saved by spelling: case of scheme and host, default port, dots, escapes, query and fragment", async () => {
    for (const htu of [
      "HTTPS://GATEWAY.test/v1/chat/completions",
      "https://gateway.test:443/v1/chat/completions",
      "https://gateway.test/v1/./chat/x/../completions",
      "https://gateway.test/v1/chat/%63ompletions",
      `${URL_}?a=b#c`,
    ])
      expect(await ofClaims({ htu })).toBe("accepted");
    expect(await ofClaims({}, { url: `${URL_}?trace=1` })).toBe("accepted");
  });
  it("is no good with another token, or made for none", async () => {
    expect(await ofClaims({ ath: await accessTokenHash(`${TOKEN}x`) })).toBe("token");
    expect(await ofClaims({ ath: undefined })).toBe("token");
    expect(await ofClaims({ ath: `${ATH}=` })).toBe("token");
    expect(await ofClaims({ ath: undefined }, { accessToken: null })).toBe("accepted");
  });
  it("grows old after 60 s and the skew, and cannot be made ahead", async () => {
    expect(await ofClaims({ iat: NOW_S - 89 })).toBe("accepted");
    expect(await ofClaims({ iat: NOW_S - 90 })).toBe("too_old");
    expect(await ofClaims({ iat: NOW_S + 30 })).toBe("accepted");
    expect(await ofClaims({ iat: NOW_S + 31 })).toBe("too_new");
  });
});

describe("claims", () => {
  it("each one is missed, and taken in its own type only", async () => {
    for (const name of ["jti", "htm", "htu", "iat"])
      for (const value of [undefined, null, 1e300, [], {}, true, ["POST"]])
        expect(await ofClaims({ [name]: value })).toBe("claims");
    expect(await ofClaims({ iat: String(NOW_S) })).toBe("claims");
    expect(await ofClaims({ ath: 1 })).toBe("claims");
    expect(await ofClaims({ nonce: 1 })).toBe("claims");
  });
  it("a jti of 8 to 256 visible characters is taken, any other refused", async () => {
    for (const jti of ["a".repeat(8), "a".repeat(256), "-!~'\"\\"])
      expect(await ofClaims({ jti: jti.padEnd(8, "x") })).toBe("accepted");
    for (const jti of [
      "",
      "a".repeat(7),
      "a".repeat(257),
      "with space",
      "new\nline!",
      "ünicode-jti",
      "nul\u0000nul\u0000",
    ])
      expect(await ofClaims({ jti })).toBe("claims");
  });
  it("a claim that stands twice is refused", async () => {
    const text = `${JSON.stringify(claimsOf()).slice(0, -1)},"htm":"GET"}`;
    expect(await fault(await jwsOf(holder, headerOf(holder), text))).toBe("claims");
  });
});

describe("the server's nonce", async () => {
  const newKey = async () =>
    (await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"])) as CryptoKey;
  const [first, second] = [await newKey(), await newKey()];
  const nonces: NonceKeys = { keys: [first], context: "https://gateway.test" };

  it("is believed for its life and no longer", async () => {
    const nonce = await issueDpopNonce(nonces, NOW_MS);
    expect(nonce).toMatch(/^[A-Za-z0-9_-]{30}$/);
    expect(await isCurrentDpopNonce(nonce, nonces, NOW_MS + NONCE_LIMITS.lifeMs)).toBe(true);
    expect(await isCurrentDpopNonce(nonce, nonces, NOW_MS + NONCE_LIMITS.lifeMs + 1)).toBe(false);
    expect(await isCurrentDpopNonce(nonce, nonces, NOW_MS - NONCE_LIMITS.skewMs)).toBe(true);
    expect(await isCurrentDpopNonce(nonce, nonces, NOW_MS - NONCE_LIMITS.skewMs - 1)).toBe(false);
  });
  it("is none of another context, or of a key that is not ours any more", async () => {
    const nonce = await issueDpopNonce(nonces, NOW_MS);
    expect(await isCurrentDpopNonce(nonce, { ...nonces, context: "https://issuer.test" }, NOW_MS)).toBe(false);
    expect(await isCurrentDpopNonce(nonce, { ...nonces, keys: [second, first] }, NOW_MS)).toBe(true);
    expect(await isCurrentDpopNonce(nonce, { ...nonces, keys: [second] }, NOW_MS)).toBe(false);
  });
  it("is not made by changing one, or by writing any text (property)", async () => {
    const nonce = await issueDpopNonce(nonces, NOW_MS);
    await fc.assert(
      fc.asyncProperty(fc.nat(29), fc.constantFrom(..."AZaz09-_"), fc.string(), async (at, put, text) => {
        const changed = nonce.slice(0, at) + put + nonce.slice(at + 1);
        if (changed !== nonce) expect(await isCurrentDpopNonce(changed, nonces, NOW_MS)).toBe(false);
        expect(await isCurrentDpopNonce(text, nonces, NOW_MS)).toBe(false);
      }),
    );
  }, 30_000);
  it("where it is demanded, a proof without a current one is told to fetch one", async () => {
    const nonce = await issueDpopNonce(nonces, NOW_MS);
    expect(await ofClaims({ nonce }, { nonces })).toBe("accepted");
    expect(await ofClaims({}, { nonces })).toBe("nonce");
    expect(await ofClaims({ nonce: "made-up" }, { nonces })).toBe("nonce");
    // and only there: what is wrong otherwise gets no nonce
    expect(await ofClaims({ nonce, htm: "GET" }, { nonces })).toBe("method");
    expect(await ofClaims({ nonce: "made-up" })).toBe("accepted");
  });
});

describe("a target", () => {
  it("has one spelling, which it keeps (property)", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const normal = normalTarget(url);
        if (normal === null) return;
        expect(normalTarget(normal)).toBe(normal);
        expect(normal).not.toMatch(/[?#]/);
      }),
    );
  });
  it("keeps an escaped slash apart from a slash", () => {
    expect(normalTarget("https://h.test/a%2fb")).toBe("https://h.test/a%2Fb");
    expect(normalTarget("https://h.test/a/b")).toBe("https://h.test/a/b");
  });
});
