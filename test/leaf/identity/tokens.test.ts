// Attacks on a token verifier, one by one: RFC 8725 (JWT best current practices), RFC 7515 and RFC 9068.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { KeySet } from "../../../identity/keys.ts";
import { mintToken, type TokenClaims, type TokenFault, verifyToken } from "../../../identity/tokens.ts";
import { toBase64, toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import {
  EXPECTED,
  goodClaims,
  goodHeader,
  goodToken,
  keySetOf,
  NOW_MS,
  NOW_S,
  newSigner,
  type Signer,
  signatureOf,
  tokenOf,
} from "./tokens-support.ts";

let apiKeys: Signer;
let accessTokens: Signer;
let es256: Signer;
let keys: KeySet;

beforeAll(async () => {
  apiKeys = await newSigner("api-1");
  accessTokens = await newSigner("at-1");
  es256 = await newSigner("es-1", "ES256");
  keys = await keySetOf([apiKeys, "api_key"], [accessTokens, "access_token"], [es256, "access_token"]);
});

async function fault(token: string): Promise<TokenFault | "accepted"> {
  const verification = await verifyToken(token, keys, EXPECTED);
  return verification.ok ? "accepted" : verification.reason;
}

async function faultOfClaims(over: Record<string, unknown>): Promise<TokenFault | "accepted"> {
  return await fault(await goodToken(apiKeys, over));
}

async function faultOfHeader(over: Record<string, unknown>): Promise<TokenFault | "accepted"> {
  return await fault(await tokenOf(apiKeys, { ...goodHeader(apiKeys), ...over }, goodClaims()));
}

function parts(token: string): [string, string, string] {
  const [header = "", payload = "", signature = ""] = token.split(".");
  return [header, payload, signature];
}

describe("a good token", () => {
  it("becomes a principal, field by field", async () => {
    expect(await verifyToken(await goodToken(apiKeys, { jurisdiction: "eu" }), keys, EXPECTED)).toEqual({
      ok: true,
      principal: {
        tenant: "acme",
        account: "acct_1",
        jurisdiction: "eu",
        subject: "key_1",
        credentialId: "key_1",
        kind: "api_key",
        scopes: ["infer:small", "embed:small"],
        expiresAtMs: NOW_MS + 600_000,
        confirmation: null,
      },
    });
  });
  it("is of the kind that its key signs, whichever algorithm", async () => {
    for (const signer of [accessTokens, es256]) {
      const verification = await verifyToken(await goodToken(signer), keys, EXPECTED);
      expect(verification.ok && verification.principal.kind).toBe("access_token");
    }
  });
  it("may name its type with application/ and in any case, and our audience among others", async () => {
    expect(await faultOfHeader({ typ: "application/AT+jwt" })).toBe("accepted");
    expect(await faultOfClaims({ aud: ["https://other.test", EXPECTED.audience] })).toBe("accepted");
  });
  it("may have no scopes at all", async () => {
    const verification = await verifyToken(await goodToken(apiKeys, { scope: "" }), keys, EXPECTED);
    expect(verification.ok && verification.principal.scopes).toEqual([]);
  });
  it("of mintToken is accepted, for every life that its kind may have", async () => {
    const signer = { kid: apiKeys.kid, alg: apiKeys.alg, key: apiKeys.privateKey };
    const claims = { ...goodClaims(), jurisdiction: "none", exp: NOW_S - 60 + 90 * 86_400 } as unknown as TokenClaims;
    expect(await fault(await mintToken(claims, signer, "api_key"))).toBe("accepted");
    await expect(mintToken({ ...claims, exp: claims.exp + 1 }, signer, "api_key")).rejects.toThrow(RangeError);
    await expect(mintToken(claims, signer, "access_token")).rejects.toThrow(RangeError);
    await expect(mintToken({ ...claims, exp: Number.NaN }, signer, "api_key")).rejects.toThrow(RangeError);
  });
});

describe("algorithm (RFC 8725, sections 2.1 and 3.1)", () => {
  it("none, in any case and with any signature, is refused", async () => {
    for (const alg of ["none", "None", "NONE", "nOnE"]) {
      const [, payload, signature] = parts(await goodToken(apiKeys));
      const header = toBase64Url(utf8(JSON.stringify({ ...goodHeader(apiKeys), alg })));
      expect(await fault(`${header}.${payload}.${signature}`)).toBe("algorithm");
      expect(await fault(`${header}.${payload}.`)).toBe("malformed");
    }
  });
  it("HS256 with the public key as its secret is refused", async () => {
    for (const secret of [JSON.stringify(apiKeys.publicJwk), String(apiKeys.publicJwk.x)]) {
      const input = `${toBase64Url(utf8(JSON.stringify({ ...goodHeader(apiKeys), alg: "HS256" })))}.${toBase64Url(utf8(JSON.stringify(goodClaims())))}`;
      const hmac = { name: "HMAC", hash: "SHA-256" };
      const key = await crypto.subtle.importKey("raw", utf8(secret), hmac, false, ["sign"]);
      const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(input)));
      expect(await fault(`${input}.${toBase64Url(mac)}`)).toBe("algorithm");
    }
  });
  it("ES256 under an EdDSA key, and EdDSA under an ES256 key, are refused", async () => {
    expect(await fault(await tokenOf(es256, { ...goodHeader(es256), kid: "api-1" }, goodClaims()))).toBe("algorithm");
    expect(await fault(await tokenOf(apiKeys, { ...goodHeader(apiKeys), kid: "es-1" }, goodClaims()))).toBe(
      "algorithm",
    );
    // the algorithm of the key named, the signature of the other
    expect(await fault(await tokenOf(es256, goodHeader(apiKeys), goodClaims()))).toBe("signature");
    expect(await fault(await tokenOf(apiKeys, goodHeader(es256), goodClaims()))).toBe("signature");
  });
  it("another spelling of the algorithm is refused", async () => {
    for (const alg of ["eddsa", "Ed25519", "EdDSA ", "ES256K", "RS256", 1, null, ["EdDSA"]])
      expect(await faultOfHeader({ alg })).not.toBe("accepted");
  });
  it("an ES256 signature in DER, or of zeros, is refused", async () => {
    const [header, payload] = parts(await goodToken(es256));
    const raw = await signatureOf(es256, `${header}.${payload}`);
    const der = new Uint8Array([0x30, 0x46, 2, 0x21, 0, ...raw.subarray(0, 32), 2, 0x21, 0, ...raw.subarray(32)]);
    for (const signature of [der, new Uint8Array(64), raw.subarray(0, 63), new Uint8Array([...raw, 0])])
      expect(await fault(`${header}.${payload}.${toBase64Url(signature)}`)).toBe("signature");
  });
});

describe("a key that the token brings along (RFC 8725, section 3.10)", () => {
  it("jwk, jku, x5u, x5c, x5t are refused, also beside a good signature", async () => {
    const stranger = await newSigner("api-1");
    for (const brought of [
      { jwk: stranger.publicJwk },
      { jku: "https://attacker.test/jwks.json" },
      { x5u: "https://attacker.test/cert.pem" },
      { x5c: ["MIIB"] },
      { x5t: "AAAA" },
    ]) {
      expect(await fault(await tokenOf(stranger, { ...goodHeader(stranger), ...brought }, goodClaims()))).toBe(
        "malformed",
      );
      expect(await faultOfHeader(brought)).toBe("malformed");
    }
  });
  it("a stranger's signature under a kid of ours is refused", async () => {
    expect(await fault(await goodToken(await newSigner("api-1")))).toBe("signature");
  });
});

describe("kid", () => {
  it("missing, empty or no string is refused", async () => {
    for (const kid of [undefined, null, "", 1, ["api-1"], { a: 1 }, true])
      expect(await faultOfHeader({ kid })).toBe("malformed");
  });
  it("that is a path, a query, a header line or a prototype's name is refused", async () => {
    for (const kid of ["../../dev/null", "x' OR '1'='1", "a\r\nb", "api-1\u0000", "a|b", "ä", "a".repeat(129), ".."])
      expect(await faultOfHeader({ kid })).toBe("malformed");
    for (const kid of ["__proto__", "constructor", "toString"])
      expect(await faultOfHeader({ kid })).toBe("unknown_key");
  });
  it("unknown is refused, also in another case", async () => {
    for (const kid of ["api-2", "API-1"]) expect(await faultOfHeader({ kid })).toBe("unknown_key");
  });
  it("of another trusted key is refused for this signature", async () => {
    expect(await faultOfHeader({ kid: "at-1" })).toBe("signature");
  });
});

describe("other header parameters", () => {
  it("crit, whatever it names, is refused", async () => {
    for (const crit of [["exp"], ["b64"], [], "exp", null]) expect(await faultOfHeader({ crit })).toBe("malformed");
  });
  it("b64 (RFC 7797), zip, enc and cty are refused", async () => {
    for (const over of [{ b64: false }, { b64: true }, { zip: "DEF" }, { enc: "A256GCM" }, { cty: "JWT" }])
      expect(await faultOfHeader(over)).toBe("malformed");
  });
  it("a typ of another kind of statement is refused (RFC 8725, section 3.11)", async () => {
    for (const typ of [
      "JWT",
      "dpop+jwt",
      "logout+jwt",
      "secevent+jwt",
      "at+jwt2",
      "application/application/at+jwt",
      "",
    ])
      expect(await faultOfHeader({ typ })).toBe("type");
    for (const typ of [undefined, null, 1, ["at+jwt"]]) expect(await faultOfHeader({ typ })).toBe("malformed");
  });
  it("a name that stands twice is refused, escaped or not", async () => {
    for (const header of [
      '{"alg":"none","alg":"EdDSA","kid":"api-1","typ":"at+jwt"}',
      '{"alg":"EdDSA","alg":"EdDSA","kid":"api-1","typ":"at+jwt"}',
      '{"alg":"EdDSA","\\u0061lg":"none","kid":"api-1","typ":"at+jwt"}',
      '{"alg":"EdDSA","kid":"api-1","kid":"at-1","typ":"at+jwt"}',
    ])
      expect(await fault(await tokenOf(apiKeys, header, goodClaims()))).toBe("malformed");
  });
  it("a header that is no object of JSON is refused", async () => {
    for (const header of ["[]", "null", "1", '"a"', "", "{", '{"alg":"EdDSA"}x', "\ud800"])
      expect(await fault(await tokenOf(apiKeys, header, goodClaims()))).toBe("malformed");
  });
});

describe("spelling: one token has one", () => {
  it("padding, white space and stray characters are refused in every part", async () => {
    const token = await goodToken(apiKeys);
    const [header, payload, signature] = parts(token);
    for (const stray of ["=", "==", " ", "\n", "\t", "+", "/", "\u0000", "é", "%3D", "~"])
      for (const bad of [
        `${header}${stray}.${payload}.${signature}`,
        `${header}.${payload}${stray}.${signature}`,
        `${header}.${payload}.${signature}${stray}`,
        `${stray}${token}`,
      ])
        expect(await fault(bad)).toBe("malformed");
  });
  it("a signature in standard base64 is refused", async () => {
    const [header, payload] = parts(await goodToken(es256));
    let signature = "";
    while (!/[+/]/.test(signature)) signature = toBase64(await signatureOf(es256, `${header}.${payload}`));
    expect(await fault(`${header}.${payload}.${signature}`)).toBe("malformed");
  });
  it("trailing bits that are not zero are refused", async () => {
    const token = await goodToken(apiKeys);
    // 64 bytes end in a group of one byte: two characters, of which the last carries four idle bits
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(token.at(-1) ?? "");
    expect(last % 16).toBe(0);
    for (let bits = 1; bits < 16; bits++)
      expect(await fault(token.slice(0, -1) + alphabet.charAt(last + bits))).toBe("malformed");
  });
  it("two, four or five parts, empty parts and a JWE are refused", async () => {
    const [header, payload, signature] = parts(await goodToken(apiKeys));
    for (const bad of [
      "",
      ".",
      "..",
      "...",
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `.${payload}.${signature}`,
      `${header}..${signature}`,
      `${header}.${payload}.${signature}.`,
      `${header}.${payload}.${signature}.${signature}`,
      `${header}.${payload}.${payload}.${payload}.${signature}`,
      JSON.stringify({ protected: header, payload, signature }),
    ])
      expect(await fault(bad)).toBe("malformed");
  });
  it("8 KiB are read, more is refused", async () => {
    const padded = async (extra: number) => await goodToken(apiKeys, { pad: "x".repeat(extra) });
    let extra = 5000;
    while ((await padded(extra + 1)).length <= 8192) extra++;
    expect(await fault(await padded(extra))).toBe("accepted");
    expect(await fault(await padded(extra + 1))).toBe("malformed");
  });
  it("no change of any one character leaves a token good", async () => {
    const token = await goodToken(apiKeys);
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.string({ unit: "grapheme", maxLength: 2 }), async (at, put) => {
        fc.pre(put !== token[at]);
        expect(await fault(token.slice(0, at) + put + token.slice(at + 1))).not.toBe("accepted");
      }),
      { numRuns: 200 },
    );
  }, 30_000);
  it("no text whatever makes the verifier throw", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.base64String(), { maxLength: 5 }),
        fc.string({ unit: "binary" }),
        async (list, text) => {
          expect(await fault(list.join("."))).not.toBe("accepted");
          expect(await fault(text)).not.toBe("accepted");
        },
      ),
      { numRuns: 100 },
    );
  }, 30_000);
});

describe("time, with 30 s of skew both ways", () => {
  it("expired is refused, and not one second sooner", async () => {
    expect(await faultOfClaims({ exp: NOW_S - 29 })).toBe("accepted");
    expect(await faultOfClaims({ exp: NOW_S - 30 })).toBe("expired");
    expect(await faultOfClaims({ exp: NOW_S - 31 })).toBe("expired");
  });
  it("not yet valid beyond the skew is refused, by nbf and by iat", async () => {
    expect(await faultOfClaims({ nbf: NOW_S + 30 })).toBe("accepted");
    expect(await faultOfClaims({ nbf: NOW_S + 31 })).toBe("not_yet_valid");
    expect(await faultOfClaims({ iat: NOW_S + 30 })).toBe("accepted");
    expect(await faultOfClaims({ iat: NOW_S + 31 })).toBe("not_yet_valid");
  });
  it("a life of more than 90 days is refused, whoever signed it", async () => {
    expect(await faultOfClaims({ iat: NOW_S - 1, exp: NOW_S - 1 + 90 * 86_400 })).toBe("accepted");
    expect(await faultOfClaims({ iat: NOW_S - 1, exp: NOW_S + 90 * 86_400 })).toBe("lifetime");
    expect(await faultOfClaims({ iat: 0 })).toBe("lifetime");
  });
  it("a key for access tokens cannot make an API key of 90 days", async () => {
    const life = async (seconds: number) =>
      await fault(await goodToken(accessTokens, { iat: NOW_S, exp: NOW_S + seconds }));
    expect(await life(3600)).toBe("accepted");
    expect(await life(3601)).toBe("lifetime");
    expect(await life(90 * 86_400)).toBe("lifetime");
  });
  it("a life that ends before it began is refused", async () => {
    expect(await faultOfClaims({ iat: NOW_S + 20, exp: NOW_S + 20 })).toBe("lifetime");
  });
  it("times that are text, fractions, negative, huge or missing are refused", async () => {
    for (const name of ["exp", "iat", "nbf"])
      for (const value of [String(NOW_S + 60), NOW_S + 0.5, -1, 1e300, null, true, [NOW_S], {}])
        expect(await faultOfClaims({ [name]: value })).not.toBe("accepted");
    for (const name of ["exp", "iat"]) expect(await faultOfClaims({ [name]: undefined })).toBe("claims");
  });
});

describe("claims", () => {
  it("a wrong issuer is refused, also one that merely begins like ours", async () => {
    for (const iss of ["https://issuer.test/", "https://issuer.test.evil", "HTTPS://ISSUER.TEST", ""])
      expect(await faultOfClaims({ iss })).toBe("issuer");
  });
  it("a wrong audience is refused", async () => {
    for (const aud of ["https://gateway.test/", "https://issuer.test", "", ["https://other.test"], []])
      expect(await faultOfClaims({ aud })).toBe("audience");
  });
  it("each required claim is missed", async () => {
    for (const name of ["iss", "aud", "exp", "iat", "sub", "jti", "client_id", "tenant", "account", "scope"])
      expect(await faultOfClaims({ [name]: undefined })).toBe("claims");
  });
  it("claims that are not text are refused", async () => {
    for (const name of ["iss", "sub", "jti", "client_id", "tenant", "account", "scope", "jurisdiction"])
      for (const value of [1, null, true, ["acme"], { a: "acme" }])
        expect(await faultOfClaims({ [name]: value })).not.toBe("accepted");
    for (const aud of [1, null, { a: 1 }, [1], [EXPECTED.audience, 1]])
      expect(await faultOfClaims({ aud })).not.toBe("accepted");
  });
  it("an identifier with a slash, a space or a control character is refused", async () => {
    for (const name of ["jti", "tenant", "account"])
      for (const value of ["", "eu/acct_1", "a b", "a\nb", "a\u0000", "ä", "a".repeat(129)])
        expect(await faultOfClaims({ [name]: value })).toBe("claims");
  });
  it("a scope with doubled, leading or trailing spaces is refused (RFC 6749, section 3.3)", async () => {
    for (const scope of ["a  b", " a", "a ", "a\tb", 'a"b', "a\\b"])
      expect(await faultOfClaims({ scope })).toBe("claims");
  });
  it("a jurisdiction that does not exist is refused", async () => {
    expect(await faultOfClaims({ jurisdiction: "mars" })).toBe("claims");
  });
  it("cnf is refused until possession is proved, whatever it holds", async () => {
    for (const cnf of [{ jkt: "x" }, {}, null]) expect(await faultOfClaims({ cnf })).toBe("confirmation");
  });
  it("a claim that stands twice is refused", async () => {
    const text = JSON.stringify(goodClaims());
    const twice = `${text.slice(0, -1)},"tenant":"other"}`;
    expect(await fault(await tokenOf(apiKeys, goodHeader(apiKeys), twice))).toBe("malformed");
  });
  it("claims that are no object are refused", async () => {
    for (const claims of ["[]", "null", "1", "", '{"a":', "\ud800"])
      expect(await fault(await tokenOf(apiKeys, goodHeader(apiKeys), claims))).toBe("malformed");
  });
});
