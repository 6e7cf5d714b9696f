// Requests that a client signs with its token's key (RFC 9421, RFC 9530).
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConfirmation } from "../../../identity/confirmation.ts";
import { contentDigestOf, sha256 } from "../../../identity/content-digest.ts";
import type { JwsAlgorithm } from "../../../identity/jws-algorithms.ts";
import { type ClientSigner, type RequestSignature, signClientRequest } from "../../../identity/sign-request.ts";
import { readSignatureInput, signatureBase } from "../../../identity/signature-input.ts";
import { type SignedRequestInput, verifySignedRequest } from "../../../identity/signed-request.ts";
import { toBase64, utf8 } from "../../../protocol/encoding.ts";
import { anySigner, without } from "./jws-support.ts";

const NOW_S = 1_800_000_000;
const NOW_MS = NOW_S * 1000;
const URL_ = "https://gateway.test/v1/chat/completions";
const DIGEST = contentDigestOf(await sha256(utf8('{"a":1}')));
const HEADERS = { authorization: "Bearer a.b.c", "content-digest": DIGEST, "content-type": "application/json" };
const COVERED = ["@method", "@target-uri", "content-type", "content-digest", "authorization"];

async function client(alg: JwsAlgorithm) {
  const { jwk, privateKey } = await anySigner(alg, "");
  const confirmation = await readConfirmation({ jwk: without(jwk, "kid", "alg") });
  if (confirmation?.kind !== "signature") throw new Error("no key");
  const signer: ClientSigner = { privateKey, key: confirmation.key, jkt: confirmation.jkt };
  return { signer, confirmation };
}
const holder = await client("EdDSA");
const thief = await client("EdDSA");
const params: RequestSignature = { components: COVERED, nonce: "n".repeat(22), createdS: NOW_S, expiresS: NOW_S + 60 };

async function signed(
  over: Partial<RequestSignature> = {},
  by = holder.signer,
  url = URL_,
): Promise<Record<string, string>> {
  const message = { method: "POST", url, headers: new Headers(HEADERS) };
  return { ...HEADERS, ...(await signClientRequest(message, { ...params, ...over }, by)) };
}
async function judge(headers: Record<string, string>, over: Partial<SignedRequestInput> = {}) {
  return await verifySignedRequest({
    method: "POST",
    url: URL_,
    headers: new Headers(headers),
    hasBody: true,
    credentialField: "authorization",
    confirmation: holder.confirmation,
    nowMs: NOW_MS,
    ...over,
  });
}
async function fault(headers: Record<string, string>, over: Partial<SignedRequestInput> = {}): Promise<string> {
  const verdict = await judge(headers, over);
  return verdict.ok ? "accepted" : verdict.fault;
}

describe("a signed request", () => {
  it("gives the digest that its body must still match, and a key against replay", async () => {
    const verdict = await judge(await signed());
    expect(verdict).toMatchObject({ ok: true, jkt: holder.signer.jkt, contentDigest: DIGEST });
    expect(verdict.ok && verdict.replayKey).toMatch(/^signature:[A-Za-z0-9_-]{43}$/);
    const other = await judge(await signed({ nonce: "m".repeat(22) }));
    expect(verdict.ok && other.ok && verdict.replayKey !== other.replayKey).toBe(true);
  });
  it("may be signed with P-256 and P-384 as well, and cover more than it must, in any order", async () => {
    for (const alg of ["ES256", "ES384"] as const) {
      const one = await client(alg);
      expect(await fault(await signed({}, one.signer), { confirmation: one.confirmation })).toBe("accepted");
    }
    const components = ["authorization", "content-digest", "@scheme", "@query", "@path", "@authority", "@method"];
    expect(await fault(await signed({ components }))).toBe("accepted");
  });
  it("is refused with a key that cannot sign requests", async () => {
    const rsa = await client("RS256");
    await expect(signed({}, rsa.signer)).rejects.toThrow(TypeError);
    const headers = await signed();
    headers["signature-input"] = headers["signature-input"]?.replace(holder.signer.jkt, rsa.signer.jkt) ?? "";
    expect(await fault(headers, { confirmation: rsa.confirmation })).toBe("algorithm");
  }, 30_000);
  it("agrees with RFC 9421, appendix B.2.6, on its base, which Ed25519 signs in one way only", async () => {
    const message = {
      method: "POST",
      url: "https://example.com/foo?param=Value&Pet=dog",
      headers: new Headers({
        date: "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
      }),
    };
    const input =
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
    const field = "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:";
    const read = readSignatureInput(input, field);
    if (read === null) throw new Error("not read");
    const base = signatureBase(message, read.components, read.text);
    const jwk = { kty: "OKP", crv: "Ed25519", x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs" };
    const key = await crypto.subtle.importKey("jwk", jwk, { name: "Ed25519" }, false, ["verify"]);
    expect(await crypto.subtle.verify({ name: "Ed25519" }, key, read.signature, utf8(base ?? ""))).toBe(true);
  });
});

describe("what must be covered", () => {
  it.each(["@method", "content-digest", "authorization", "@target-uri"])(
    "a signature without %s is refused",
    async (name) => {
      expect(await fault(await signed({ components: COVERED.filter((one) => one !== name) }))).toBe("uncovered");
    },
  );
  it("host and path stand for the target, with the query where there is one", async () => {
    const rest = ["@method", "content-digest", "authorization"];
    expect(await fault(await signed({ components: [...rest, "@authority", "@path"] }))).toBe("accepted");
    for (const short of [["@path"], ["@authority"], ["@request-target"], ["@scheme", "@path"]])
      expect(await fault(await signed({ components: [...rest, ...short] }))).toBe("uncovered");
    const url = `${URL_}?x=1`;
    const noQuery = await signed({ components: [...rest, "@authority", "@path"] }, holder.signer, url);
    expect(await fault(noQuery, { url })).toBe("uncovered");
    const withQuery = await signed({ components: [...rest, "@authority", "@path", "@query"] }, holder.signer, url);
    expect(await fault(withQuery, { url })).toBe("accepted");
  });
  it("the token is covered in the header that it came in", async () => {
    expect(await fault(await signed(), { credentialField: "x-api-key" })).toBe("uncovered");
  });
  it("without a body no digest is needed; where one is covered it stays owed", async () => {
    const bare = await signed({ components: ["@method", "@target-uri", "authorization"] });
    expect(await judge(bare, { hasBody: false })).toMatchObject({ ok: true, contentDigest: null });
    expect(await judge(await signed(), { hasBody: false })).toMatchObject({ ok: true, contentDigest: DIGEST });
  });
});

describe("a signature that was stolen or changed", () => {
  it("is no good for another method, target, body digest or token", async () => {
    const headers = await signed();
    expect(await fault(headers, { method: "PUT" })).toBe("bad_signature");
    for (const url of [`${URL_}?x`, "https://gateway.test/v1/embeddings", "https://other.test/v1/chat/completions"])
      expect(await fault(headers, { url })).toBe("bad_signature");
    expect(await fault({ ...headers, authorization: "Bearer a.b.d" })).toBe("bad_signature");
    expect(await fault({ ...headers, "content-digest": contentDigestOf(new Uint8Array(32)) })).toBe("bad_signature");
  });
  it("is no good by another key, under the holder's name or its own", async () => {
    expect(await fault(await signed({}, thief.signer))).toBe("wrong_key");
    expect(await fault(await signed({}, { ...thief.signer, jkt: holder.signer.jkt }))).toBe("bad_signature");
  });
  it("lives as long as it says, at most five minutes, give or take the skew", async () => {
    const at = async (createdS: number, expiresS: number) => await fault(await signed({ createdS, expiresS }));
    expect(await at(NOW_S - 300, NOW_S)).toBe("accepted");
    expect(await at(NOW_S, NOW_S + 301)).toBe("too_long");
    expect(await at(NOW_S + 10, NOW_S)).toBe("too_long");
    expect(await at(NOW_S - 300, NOW_S - 29)).toBe("accepted");
    expect(await at(NOW_S - 300, NOW_S - 30)).toBe("expired");
    expect(await at(NOW_S + 30, NOW_S + 60)).toBe("accepted");
    expect(await at(NOW_S + 31, NOW_S + 60)).toBe("not_yet_valid");
  });
  it("must be remembered exactly as long as it could be shown again", async () => {
    const headers = await signed();
    const verdict = await judge(headers);
    if (!verdict.ok) throw new Error(verdict.fault);
    expect(await fault(headers, { nowMs: verdict.replayUntilMs - 1 })).toBe("accepted");
    expect(await fault(headers, { nowMs: verdict.replayUntilMs })).toBe("expired");
  });
  it("no parameter can be changed, left out or added", async () => {
    const headers = await signed();
    const input = headers["signature-input"] ?? "";
    for (const [from, to] of [
      [`created=${NOW_S}`, `created=${NOW_S - 1}`],
      [`expires=${NOW_S + 60}`, `expires=${NOW_S + 61}`],
      ["nnnnnn", "nnnnnm"],
      [`;created=${NOW_S}`, ""],
      [`;expires=${NOW_S + 60}`, ""],
      [`;nonce="${"n".repeat(22)}"`, ""],
      [';tag="bartizan/request"', ""],
      ["bartizan/request", "bartizan/origin/gpu-1"],
      [';tag="bartizan/request"', ';tag="bartizan/request";alg="ed25519"'],
      [';tag="bartizan/request"', ';tag="bartizan/request";alg="hmac-sha256"'],
      ["nnnnnnnnnnnnnnnnnnnnnn", "short"],
    ] as const) {
      expect(input).toContain(from);
      expect(await fault({ ...headers, "signature-input": input.replace(from, to) })).not.toBe("accepted");
    }
  });
});

describe("the fields", () => {
  it("are missed", async () => {
    const { signature = "", "signature-input": input = "" } = await signed();
    expect(await fault(HEADERS)).toBe("missing");
    expect(await fault({ ...HEADERS, signature })).toBe("missing");
    expect(await fault({ ...HEADERS, "signature-input": input })).toBe("missing");
  });
  it("hold one signature, each component and parameter once, in one spelling", async () => {
    const headers = await signed();
    const { signature = "", "signature-input": input = "" } = headers;
    for (const bad of [
      `${input}, other=("@method");created=1`,
      input.replace('"@method" ', '"@method"  '),
      input.replace('"@method"', '"@method" "@method"'),
      input.replace('"@method"', '"@METHOD"'),
      input.replace('"@method"', '"@method";req'),
      input.replace('"@method"', '"@query-param";name="x"'),
      input.replace(";created", "; created"),
      input.replace(";created=1", ";created=01"),
      input.replace(/;created=(\d+)/, ";created=$1;created=$1"),
      input.replace("sig=", "SIG="),
      input.replace("sig=", ""),
      input.replace(/\(.*\)/, "()"),
      "",
    ])
      expect(await fault({ ...headers, "signature-input": bad })).not.toBe("accepted");
    for (const bad of [
      signature.replace("sig=", "other="),
      `${signature}, ${signature}`,
      signature.slice(0, -2),
      `sig=:${toBase64(new Uint8Array(63))}:`,
      "sig=::",
      "",
    ])
      expect(await fault({ ...headers, signature: bad })).not.toBe("accepted");
  });
  it("that cover a header which is absent, or which is sent twice, do not verify", async () => {
    const headers = await signed();
    expect(await fault(Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "content-type")))).toBe(
      "malformed",
    );
    const twice = new Headers(headers);
    twice.append("content-type", "text/plain");
    const verdict = await verifySignedRequest({
      method: "POST",
      url: URL_,
      headers: twice,
      hasBody: true,
      credentialField: "authorization",
      confirmation: holder.confirmation,
      nowMs: NOW_MS,
    });
    expect(verdict).toEqual({ ok: false, fault: "bad_signature" });
  });
  it("of any text neither throw nor pass (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme-ascii" }),
        fc.string({ unit: "grapheme-ascii" }),
        async (input, signature) => {
          expect(readSignatureInput(input, signature)).toBeNull();
        },
      ),
    );
  }, 30_000);
});
