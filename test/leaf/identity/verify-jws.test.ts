// Any JWS under keys of one's own choice: form, algorithm, key and signature first, claims after.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOCAL_JWKS, readJwks } from "../../../identity/jwks.ts";
import { JWS_ALGORITHMS } from "../../../identity/jws-algorithms.ts";
import { type JwtExpectation, judgeToken, verifyJws, verifyJwt } from "../../../identity/verify-jws.ts";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import { type AnySigner, anySigner, jwksOf, jwsOf, rawSignature, tryAnySigner, without } from "./jws-support.ts";

const NOW_MS = 1_800_000_000_000;
const NOW_S = NOW_MS / 1000;
const CLAIMS = { iss: "https://idp.test", aud: "us", sub: "s", iat: NOW_S - 10, exp: NOW_S + 60 };
const es = await anySigner("ES256", "es-1");
const esOther = await anySigner("ES256", "es-2");
const ed = await anySigner("EdDSA", "ed-1");
const rs = await anySigner("RS256", "rs-1");
const keys = jwksOf([es.jwk, esOther.jwk, ed.jwk, rs.jwk]);
const header = (signer: AnySigner, over: Record<string, unknown> = {}) => ({
  alg: signer.alg,
  kid: signer.kid,
  ...over,
});

async function reason(token: string, set = keys): Promise<string> {
  const verdict = await verifyJws(token, set);
  return verdict.ok ? "accepted" : verdict.reason;
}
async function jwtReason(token: string, over: Partial<JwtExpectation> = {}, set = keys): Promise<string> {
  const verdict = await verifyJwt(token, set, { nowMs: NOW_MS, ...over });
  return verdict.ok ? "accepted" : verdict.reason;
}

describe("every asymmetric algorithm", () => {
  it.each(JWS_ALGORITHMS)(
    "%s: accepted under its key, refused when tampered with or named otherwise",
    async (alg) => {
      const signer = await tryAnySigner(alg, "k");
      if (signer === null) {
        // the runtime has none: then a key of it verifies nothing, and nothing throws
        expect(alg).toMatch(/^ML-DSA-/);
        const pub = toBase64Url(new Uint8Array({ "ML-DSA-44": 1312, "ML-DSA-65": 1952 }[alg as string] ?? 2592));
        const token = `${toBase64Url(utf8(JSON.stringify({ alg })))}.e30.AAAA`;
        expect(await reason(token, jwksOf([{ kty: "AKP", alg, pub }]))).toBe("signature");
        return;
      }
      const token = await jwsOf(signer, header(signer), "any payload");
      expect(await reason(token, jwksOf([signer.jwk]))).toBe("accepted");
      const [head, , signature] = token.split(".");
      expect(await reason(`${head}.${toBase64Url(utf8("other payload"))}.${signature}`, jwksOf([signer.jwk]))).toBe(
        "signature",
      );
      for (const other of JWS_ALGORITHMS.filter((name) => name !== alg)) {
        const renamed = await jwsOf(signer, header(signer, { alg: other }), "any payload");
        expect(await reason(renamed, jwksOf([signer.jwk]))).not.toBe("accepted");
      }
    },
    30_000,
  );
});

describe("algorithms", () => {
  it("none and every symmetric one are refused, whatever the set holds", async () => {
    const secret = { kty: "oct", k: toBase64Url(new Uint8Array(32)), kid: "es-1", alg: "HS256" };
    for (const alg of ["none", "None", "", "HS256", "HS384", "HS512", "es256", "ES256 ", "ES256K", "A256GCM"])
      for (const set of [keys, jwksOf([secret]), jwksOf([es.jwk, { ...secret, kid: "h" }])]) {
        const token = await jwsOf(es, { alg, kid: "es-1" }, "x");
        expect(await reason(token, set)).toBe("algorithm");
        expect(await reason(`${token.split(".").slice(0, 2).join(".")}.`, set)).toBe("algorithm");
      }
  });
  it("a key named for one algorithm verifies no other that its type could", async () => {
    const ps = await jwsOf(rs, header(rs, { alg: "PS256" }), "x");
    expect(await reason(ps)).toBe("algorithm");
    expect(await reason(await jwsOf(rs, header(rs, { alg: "RS512" }), "x"))).toBe("algorithm");
    expect(await reason(await jwsOf(ed, header(ed, { alg: "Ed25519" }), "x"))).toBe("algorithm");
  });
  it("outside the caller's list is refused before any signature is checked", async () => {
    const verdict = await verifyJws(await jwsOf(rs, header(rs), "x"), keys, ["ES256"]);
    expect(verdict).toEqual({ ok: false, reason: "algorithm" });
  });
});

describe("which key", () => {
  it("without kid, every key that fits is tried: the second of two works (rotation in overlap)", async () => {
    expect(await reason(await jwsOf(es, { alg: "ES256" }, "x"))).toBe("accepted");
    expect(await reason(await jwsOf(esOther, { alg: "ES256" }, "x"))).toBe("accepted");
    const stranger = await anySigner("ES256", "es-1");
    expect(await reason(await jwsOf(stranger, { alg: "ES256" }, "x"))).toBe("signature");
    expect(await reason(await jwsOf(es, { alg: "ES384" }, "x"))).toBe("unknown_key");
  });
  it("without kid and expired, it is told to be expired, whichever key signed", async () => {
    const expired = { ...CLAIMS, exp: NOW_S - 60 };
    for (const signer of [es, esOther])
      expect(await jwtReason(await jwsOf(signer, { alg: "ES256" }, expired))).toBe("expired");
  });
  it("with a kid that is not in the set, a good signature does not help", async () => {
    for (const kid of ["es-3", "", "ES-1", "es-1 ", "__proto__", "../es-1", "es-1' OR '1'='1"])
      expect(await reason(await jwsOf(es, { alg: "ES256", kid }, "x"))).toBe("unknown_key");
    expect(await reason(await jwsOf(es, { alg: "ES256", kid: "es-1" }, "x"), jwksOf([without(es.jwk, "kid")]))).toBe(
      "unknown_key",
    );
  });
  it("with a kid of another key of the set, it is refused", async () => {
    expect(await reason(await jwsOf(es, header(es, { kid: "es-2" }), "x"))).toBe("signature");
    expect(await reason(await jwsOf(es, header(es, { kid: "ed-1" }), "x"))).toBe("algorithm");
  });
  it("with a kid that stands twice, none is chosen", async () => {
    const twice = jwksOf([es.jwk, { ...esOther.jwk, kid: "es-1" }]);
    expect(await reason(await jwsOf(es, header(es), "x"), twice)).toBe("ambiguous_key");
  });
  it("tries no more keys than its limit", async () => {
    const set = jwksOf([esOther.jwk, ...Array.from({ length: 8 }, () => without(esOther.jwk, "kid")), es.jwk]);
    const token = await jwsOf(es, { alg: "ES256" }, "x");
    expect(await reason(token, set)).toBe("signature");
    expect(await verifyJws(token, set, JWS_ALGORITHMS, { maxTokenLength: 9999, maxTries: 10 })).toMatchObject({
      ok: true,
    });
  });
});

describe("a set of keys", () => {
  const skip = (jwk: unknown, limits = LOCAL_JWKS) => readJwks({ keys: [jwk] }, limits)?.skipped[0]?.fault;
  it("skips what must not verify, with the reason, and keeps the rest", async () => {
    expect(skip({ ...es.jwk, use: "enc" })).toBe("use");
    expect(skip({ ...es.jwk, key_ops: ["encrypt"] })).toBe("use");
    expect(skip({ ...es.jwk, key_ops: "verify" })).toBe("use");
    expect(skip({ ...es.jwk, alg: "ES384" })).toBe("algorithm");
    expect(skip({ ...es.jwk, alg: "ECDH-ES" })).toBe("algorithm");
    expect(skip({ ...es.jwk, alg: 1 })).toBe("algorithm");
    expect(skip({ ...es.jwk, kid: 1 })).toBe("malformed");
    expect(skip({ ...es.jwk, kty: "RSA" })).toBe("malformed");
    expect(skip({ ...es.jwk, x: `${es.jwk.x}=` })).toBe("malformed");
    expect(skip({ ...es.jwk, x: "AAAA" })).toBe("malformed");
    expect(skip({ ...es.jwk, crv: "P-224" })).toBe("malformed");
    expect(skip({ kty: "OKP", crv: "X25519", x: ed.jwk.x })).toBe("malformed");
    expect(skip({ kty: "oct", k: "AAAA" })).toBe("symmetric");
    for (const junk of [null, 1, "key", []]) expect(skip(junk)).toBe("malformed");
    const mixed = jwksOf([{ kty: "oct", k: "AAAA" }, es.jwk, {}]);
    expect(mixed.keys).toHaveLength(1);
    expect(await reason(await jwsOf(es, header(es), "x"), mixed)).toBe("accepted");
  });
  it("says so when the named key is there and must not be used", async () => {
    expect(await reason(await jwsOf(es, header(es), "x"), jwksOf([{ ...es.jwk, use: "enc" }]))).toBe("unusable_key");
  });
  it("takes no published private key, and of an own file's the public half alone", () => {
    const jwk = { ...es.jwk, d: "AAAA" };
    expect(readJwks({ keys: [jwk] })?.skipped[0]?.fault).toBe("private");
    const own = readJwks({ keys: [{ ...jwk, key_ops: ["sign"] }] }, LOCAL_JWKS)?.keys[0];
    expect(own?.members).toEqual({ kty: "EC", crv: "P-256", x: es.jwk.x, y: es.jwk.y });
  });
  it("takes no RSA key that is short, even, of exponent 1, or of the ROCA family", () => {
    const n = String(rs.jwk.n);
    expect(skip({ ...rs.jwk, e: "AQ" })).toBe("weak");
    expect(skip({ ...rs.jwk, e: "Ag" })).toBe("weak");
    expect(skip({ ...rs.jwk, n: n.slice(0, 170), e: "AQAB" })).toMatch(/weak|malformed/);
    expect(skip({ ...rs.jwk, n: `AA${n}` })).toBe("malformed");
    // 65537^k modulo the primes' product: the mark that the faulty generator leaves, here without being a modulus at all
    const rocaLike = 65_537n ** 129n;
    const bytes = rocaLike.toString(16).padStart(2 * Math.ceil(rocaLike.toString(16).length / 2), "0");
    const octets = Uint8Array.from(bytes.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    expect(rocaLike.toString(2).length).toBeGreaterThanOrEqual(2048);
    expect(skip({ ...rs.jwk, n: toBase64Url(octets) })).toBe("weak");
    // a sound key next to it is none
    expect(readJwks({ keys: [rs.jwk] })?.skipped).toEqual([]);
  });
  it("is bounded, and what is no set is none", () => {
    expect(readJwks({ keys: Array.from({ length: 64 }, () => es.jwk) })?.keys).toHaveLength(64);
    expect(readJwks({ keys: Array.from({ length: 65 }, () => es.jwk) })).toBeNull();
    for (const value of [null, [], {}, { keys: {} }, "keys", es.jwk]) expect(readJwks(value)).toBeNull();
  });
});

describe("form", () => {
  it("crit, b64 and enc are refused, understood by nobody here", async () => {
    for (const over of [
      { crit: ["exp"], exp: 1 },
      { crit: ["b64"], b64: true },
      { crit: ["b64"], b64: false },
      { crit: [] },
      { crit: "exp" },
      { b64: true },
      { b64: false },
      { enc: "A256GCM" },
    ])
      expect(await reason(await jwsOf(es, header(es, over), "x"))).toBe("critical");
  });
  it("a header parameter that stands twice is refused, in any spelling", async () => {
    for (const text of [
      '{"alg":"none","alg":"ES256","kid":"es-1"}',
      '{"alg":"ES256","kid":"es-1","\\u0061lg":"ES256"}',
      '{"alg":"ES256","kid":"es-2","kid":"es-1"}',
    ])
      expect(await reason(await jwsOf(es, text, "x"))).toBe("header");
  });
  it("a header that is no object, or whose parameters are not of their types, is refused", async () => {
    for (const text of ["[]", "null", "1", '"x"', "{", "{}", '{"kid":"es-1"}', '{"alg":["ES256"]}', '{"alg":null}'])
      expect(await reason(await jwsOf(es, text, "x"))).toBe("header");
    for (const over of [{ kid: 1 }, { kid: null }, { typ: 1 }, { cty: [] }])
      expect(await reason(await jwsOf(es, header(es, over), "x"))).toBe("header");
  });
  it("white space, padding, stray characters and idle bits are refused in every part", async () => {
    const token = await jwsOf(es, header(es), "xy");
    const [head = "", body = "", signature = ""] = token.split(".");
    for (const stray of ["=", "==", " ", "\n", "\t", "\r\n", "+", "/", "\u0000", "é", "%3D"])
      for (const bad of [
        `${head}${stray}.${body}.${signature}`,
        `${head}.${body}${stray}.${signature}`,
        `${token}${stray}`,
        `${stray}${token}`,
      ])
        expect(await reason(bad)).toBe("malformed");
    expect(await reason(`${head}.eHk.${signature}`)).toBe("accepted");
    for (const idle of ["eHl", "eHm", "eHn"]) expect(await reason(`${head}.${idle}.${signature}`)).toBe("malformed");
    for (const bad of ["", "..", `${head}.${body}`, `${token}.`, `${token}.${body}`, `.${body}.${signature}`])
      expect(await reason(bad)).toBe("malformed");
  });
  it("an empty payload is a payload, an empty signature none", async () => {
    expect(await reason(await jwsOf(es, header(es), ""))).toBe("accepted");
    expect(await reason(`${(await jwsOf(es, header(es), "x")).split(".").slice(0, 2).join(".")}.`)).toBe("signature");
  });
  it("16 KiB are read, more is refused before it is decoded", async () => {
    const [head = ""] = (await jwsOf(es, header(es), "x")).split(".");
    const rest = 16 * 1024 - head.length - 2;
    expect(await reason(`${head}.${"A".repeat(rest - 4)}.AAAA`)).toBe("signature");
    expect(await reason(`${head}.${"A".repeat(rest - 3)}.AAAA`)).toBe("too_long");
  });
  it("a signature in DER or of another length is refused", async () => {
    const token = await jwsOf(es, header(es), "x");
    const input = token.slice(0, token.lastIndexOf("."));
    const raw = await rawSignature(es, input);
    const der = new Uint8Array([0x30, 0x44, 2, 0x20, ...raw.subarray(0, 32), 2, 0x20, ...raw.subarray(32)]);
    for (const bad of [der, raw.subarray(1), new Uint8Array([...raw, 0]), new Uint8Array(64)])
      expect(await reason(`${input}.${toBase64Url(bad)}`)).toBe("signature");
  });
  it("no change of one character leaves a token good, and no text throws (property)", async () => {
    const token = await jwsOf(ed, header(ed), "payload");
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.string({ maxLength: 2 }), async (at, put) => {
        fc.pre(put !== token[at]);
        expect(await reason(token.slice(0, at) + put + token.slice(at + 1))).not.toBe("accepted");
        expect(await reason(put)).not.toBe("accepted");
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});

describe("a JWT", () => {
  it("brings no key of its own, and says not where to get one", async () => {
    for (const over of [
      { jwk: es.jwk },
      { jku: "https://evil.test/jwks" },
      { x5u: "https://evil.test/cert" },
      { x5c: ["MIIB"] },
      { x5t: "AAAA" },
      { "x5t#S256": "AAAA" },
    ]) {
      const token = await jwsOf(es, header(es, over), CLAIMS);
      expect(await jwtReason(token)).toBe("own_key");
      // by signature alone it is the given keys that count, and what the token offers is not looked at
      expect(await reason(token)).toBe("accepted");
    }
    const evil = await anySigner("ES256", "es-1");
    expect(await reason(await jwsOf(evil, header(es, { jwk: evil.jwk }), CLAIMS))).toBe("signature");
  });
  it("must expire, and says its times, issuer and audiences in their own types", async () => {
    const of = async (over: Record<string, unknown>) =>
      await jwtReason(await jwsOf(es, header(es), { ...CLAIMS, ...over }));
    expect(await of({})).toBe("accepted");
    expect(await of({ exp: undefined })).toBe("claims");
    for (const name of ["exp", "nbf", "iat"])
      for (const value of ["1", null, -1, [1], true, 1e300]) expect(await of({ [name]: value })).toBe("claims");
    for (const name of ["iss", "sub", "jti", "aud", "azp"])
      for (const value of [1, null, {}, "", [1]]) expect(await of({ [name]: value })).toBe("claims");
    expect(await of({ exp: NOW_S - 29 })).toBe("accepted");
    expect(await of({ exp: NOW_S - 30 })).toBe("expired");
    expect(await of({ nbf: NOW_S + 31 })).toBe("not_yet_valid");
    expect(await of({ iat: NOW_S + 31 })).toBe("not_yet_valid");
    expect(await jwtReason(await jwsOf(es, header(es), '{"exp":9000000000,"exp":9000000000}'))).toBe("claims");
    for (const payload of ["", "[]", "x"]) expect(await jwtReason(await jwsOf(es, header(es), payload))).toBe("claims");
  });
  it("is for whom and from whom it is expected", async () => {
    const token = await jwsOf(es, header(es, { typ: "application/AT+jwt" }), CLAIMS);
    expect(await jwtReason(token, { issuer: "https://idp.test", audiences: ["us"], types: ["at+jwt"] })).toBe(
      "accepted",
    );
    expect(await jwtReason(token, { issuer: "https://idp.test/" })).toBe("issuer");
    expect(await jwtReason(token, { audiences: ["them"] })).toBe("audience");
    expect(await jwtReason(token, { types: ["jwt", null] })).toBe("type");
    expect(await jwtReason(await jwsOf(es, header(es), CLAIMS), { types: ["jwt", null] })).toBe("accepted");
  });
});

describe("a line of the command", () => {
  it("is answered with its id, a verdict and a reason", async () => {
    const token = await jwsOf(es, header(es), "no claims at all");
    const options = { nowMs: NOW_MS, signatureOnly: true };
    expect(await judgeToken({ id: "a", token }, keys, options)).toEqual({ id: "a", verdict: "accept", reason: null });
    expect(await judgeToken({ id: 2, token: `${token} ` }, keys, options)).toEqual({
      id: 2,
      verdict: "reject",
      reason: "malformed",
    });
    expect(await judgeToken({ id: 3, token }, keys, { nowMs: NOW_MS, signatureOnly: false })).toEqual({
      id: 3,
      verdict: "reject",
      reason: "claims",
    });
  });
});
