import fc from "fast-check";
import { exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { describe, expect, test } from "vitest";
import { contentDigestOf, matchesContentDigest, sha256 } from "../../../identity/content-digest.ts";
import { originTag, REQUEST_LIFE_S, signOriginRequest, verifyOriginReply } from "../../../identity/http-signature.ts";
import {
  type CoveredRequest,
  type RequestExpectation,
  type SignatureKey,
  signBase,
  signRequest,
  verifyRequest,
} from "../../../identity/message-signature.ts";
import { type CoveredReply, signResponse, verifyResponse } from "../../../identity/reply-signature.ts";
import { utf8 } from "../../../protocol/encoding.ts";

async function keyOf(jwk: JWK): Promise<SignatureKey> {
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new TypeError();
  return key;
}

async function pair() {
  const keys = await generateKeyPair("EdDSA", { extractable: true });
  return { sign: await keyOf(await exportJWK(keys.privateKey)), verify: await keyOf(await exportJWK(keys.publicKey)) };
}

const gateway = await pair();
const stranger = await pair();
const NOW = 1_800_000_000;
const BODY = utf8('{"a":1}');
const request: CoveredRequest = {
  method: "POST",
  target: "/v1/chat/completions?x=%20y&z",
  contentType: "application/json",
  contentDigest: contentDigestOf(await sha256(BODY)),
};
const params = { createdS: NOW, expiresS: NOW + 30, nonce: "n".repeat(24), tag: originTag("gpu-1") };
const expected: RequestExpectation = {
  tag: originTag("gpu-1"),
  keyOf: (keyid) => (keyid === "g1" ? gateway.verify : undefined),
  nowS: NOW,
  skewS: 30,
  maxLifeS: REQUEST_LIFE_S,
};
const signer = { keyid: "g1", key: gateway.sign };
const fields = await signRequest(request, params, signer);
const received = { signatureInput: fields["signature-input"], signature: fields.signature };

async function faultOf(
  change: Partial<CoveredRequest>,
  more: Partial<typeof received> = {},
  other: Partial<RequestExpectation> = {},
): Promise<string> {
  const verdict = await verifyRequest({ ...request, ...change }, { ...received, ...more }, { ...expected, ...other });
  return verdict.ok ? "none" : verdict.fault;
}

test("RFC 9421, B.2.6: our signature over that base is the RFC's, since Ed25519 is deterministic", async () => {
  const jwk = {
    kty: "OKP",
    crv: "Ed25519",
    d: "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
    x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs",
  };
  const input =
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const base = [
    '"date": Tue, 20 Apr 2021 02:07:55 GMT',
    '"@method": POST',
    '"@path": /foo',
    '"@authority": example.com',
    '"content-type": application/json',
    '"content-length": 18',
    `"@signature-params": ${input}`,
  ].join("\n");
  const { signature } = await signBase(base, input, await keyOf(jwk));
  expect(signature).toBe(
    "sig=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
  );
});

test("RFC 9530 and RFC 9421, section 1.4: the digest of the example body", async () => {
  const body = utf8('{"hello": "world"}');
  const field = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
  expect(contentDigestOf(await sha256(body))).toBe(field);
  expect(await matchesContentDigest(field, body)).toBe(true);
  expect(await matchesContentDigest(field, utf8('{"hello": "World"}'))).toBe(false);
});

test.each([
  "",
  "sha-512=:AAAA:",
  "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
  "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:",
  "SHA-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
  "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPF=:",
])("a digest field in another form does not match: %s", async (field) => {
  expect(await matchesContentDigest(field, utf8('{"hello": "world"}'))).toBe(false);
});

describe("a signed request", () => {
  test("verifies, and says its nonce and times", async () => {
    expect(await verifyRequest(request, received, expected)).toEqual({
      ok: true,
      keyid: "g1",
      nonce: params.nonce,
      createdS: NOW,
      expiresS: NOW + 30,
    });
  });

  test("with another method, path, query, type or digest does not", async () => {
    expect(await faultOf({ method: "PUT" })).toBe("bad_signature");
    expect(await faultOf({ target: "/v1/embeddings?x=%20y&z" })).toBe("bad_signature");
    expect(await faultOf({ target: "/v1/chat/completions?x=%20y" })).toBe("bad_signature");
    expect(await faultOf({ target: "/v1/chat/completions" })).toBe("bad_signature");
    expect(await faultOf({ contentType: "text/plain" })).toBe("bad_signature");
    expect(await faultOf({ contentDigest: contentDigestOf(await sha256(utf8("{}"))) })).toBe("bad_signature");
  });

  test("cannot lose its body, nor one without a body gain one", async () => {
    expect(await faultOf({ contentType: null, contentDigest: null })).toBe("malformed");
    const bare = { ...request, contentType: null, contentDigest: null };
    const signed = await signRequest(bare, params, signer);
    const got = { signatureInput: signed["signature-input"], signature: signed.signature };
    expect((await verifyRequest(bare, got, expected)).ok).toBe(true);
    expect((await verifyRequest(request, got, expected)).ok).toBe(false);
  });

  test("for another audience does not", async () => {
    expect(await faultOf({}, {}, { tag: originTag("gpu-2") })).toBe("wrong_tag");
  });

  test("of an unknown key, or of a stranger under a known id, does not", async () => {
    expect(await faultOf({}, {}, { keyOf: () => undefined })).toBe("unknown_key");
    expect(await faultOf({}, {}, { keyOf: () => stranger.verify })).toBe("bad_signature");
  });

  test("holds from 30 s before to its end, and no longer", async () => {
    expect(await faultOf({}, {}, { nowS: NOW - 30 })).toBe("none");
    expect(await faultOf({}, {}, { nowS: NOW - 31 })).toBe("not_yet_valid");
    expect(await faultOf({}, {}, { nowS: NOW + 29.9 })).toBe("none");
    expect(await faultOf({}, {}, { nowS: NOW + 30 })).toBe("expired");
  });

  test("with a longer life than allowed does not", async () => {
    const long = await signRequest(request, { ...params, expiresS: NOW + 31 }, signer);
    const got = { signatureInput: long["signature-input"], signature: long.signature };
    expect(await faultOf({}, got)).toBe("too_long");
  });

  test("with any parameter changed does not", async () => {
    for (const [from, to] of [
      [`created=${NOW}`, `created=${NOW + 1}`],
      [`expires=${NOW + 30}`, `expires=${NOW + 29}`],
      ["nonce", "nonse"],
      ["nnnn", "nnnm"],
      ['alg="ed25519"', 'alg="hmac-sha256"'],
      ['"@path"', '"@method"'],
      ["sig=", "sig1="],
    ] as const)
      expect(await faultOf({}, { signatureInput: received.signatureInput.replace(from, to) }), from).not.toBe("none");
  });

  test("in any other spelling of the same fields does not", async () => {
    const { signatureInput, signature } = received;
    for (const text of [
      ` ${signatureInput}`,
      `${signatureInput} `,
      signatureInput.replaceAll(";", "; "),
      `${signatureInput}, b=()`,
      `${signatureInput};x=1`,
    ])
      expect(await faultOf({}, { signatureInput: text }), text).toBe("malformed");
    for (const text of [
      ` ${signature}`,
      `${signature}, b=:AA==:`,
      signature.replace("==:", ":"),
      signature.slice(0, -1),
      "sig=::",
    ])
      expect(await faultOf({}, { signature: text }), text).toBe("bad_signature");
  });

  test("is nothing without either field", async () => {
    const none = { signatureInput: null, signature: null };
    for (const got of [none, { ...received, signature: null }, { ...received, signatureInput: null }])
      expect(await verifyRequest(request, got, expected)).toEqual({ ok: false, fault: "missing" });
  });

  test("whatever comes as fields, the verifier answers and lets none of it in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (signatureInput, signature) => {
        const verdict = await verifyRequest(request, { signatureInput, signature }, expected);
        expect(verdict.ok).toBe(false);
        const mixed = await verifyRequest(request, { ...received, signature }, expected);
        expect(mixed.ok).toBe(false);
      }),
    );
  });

  test("is never made over a line break or a fragment, which could forge another line of the base", async () => {
    for (const change of [
      { target: '/x\n"@query": ?' },
      { target: "/x y" },
      { target: "/x#y" },
      { target: "x" },
      { contentType: "a\nb" },
      { method: "post" },
      { contentType: null },
    ])
      await expect(signRequest({ ...request, ...change }, params, signer)).rejects.toThrow(TypeError);
    await expect(signRequest(request, { ...params, nonce: 'a"b' }, signer)).rejects.toThrow(TypeError);
    await expect(signRequest(request, { ...params, nonce: "short" }, signer)).rejects.toThrow(TypeError);
  });
});

describe("a signed reply", async () => {
  const origin = await pair();
  const reply: CoveredReply = {
    status: 200,
    contentType: "text/event-stream",
    modelDigest: `sha256:${"a".repeat(64)}`,
    requestSignature: fields.signature,
  };
  const signed = await signResponse(reply, NOW, { keyid: "gpu-1", key: origin.sign });
  const got = { signatureInput: signed["signature-input"], signature: signed.signature };
  const peer = { keyid: "gpu-1", key: origin.verify };

  test("verifies for its own request", async () => {
    expect(await verifyResponse(reply, got, peer)).toEqual({ ok: true });
  });

  test("with another status, type, model or request does not", async () => {
    const otherRequest = await signRequest(request, { ...params, nonce: "m".repeat(24) }, signer);
    for (const change of [
      { status: 201 },
      { contentType: "application/json" },
      { modelDigest: `sha256:${"b".repeat(64)}` },
      { requestSignature: otherRequest.signature },
    ])
      expect(await verifyResponse({ ...reply, ...change }, got, peer)).toEqual({ ok: false, fault: "bad_signature" });
  });

  test("of another origin, or of a stranger in its name, does not", async () => {
    expect(await verifyResponse(reply, got, { ...peer, keyid: "gpu-2" })).toEqual({ ok: false, fault: "unknown_key" });
    expect(await verifyResponse(reply, got, { ...peer, key: stranger.verify })).toEqual({
      ok: false,
      fault: "bad_signature",
    });
  });

  test("is no request's signature, nor the other way round", async () => {
    expect((await verifyResponse(reply, received, peer)).ok).toBe(false);
    expect((await verifyRequest(request, got, { ...expected, keyOf: () => origin.verify })).ok).toBe(false);
  });

  test("without its fields, or in another spelling, does not", async () => {
    expect(await verifyResponse(reply, { ...got, signature: null }, peer)).toEqual({ ok: false, fault: "missing" });
    const spaced = { ...got, signatureInput: `${got.signatureInput} ` };
    expect(await verifyResponse(reply, spaced, peer)).toEqual({ ok: false, fault: "malformed" });
  });

  test("from the gateway's side: the exchange as a whole", async () => {
    const headers = await signOriginRequest({
      origin: "gpu-1",
      method: "POST",
      target: "/v1/embeddings",
      bodySha256: await sha256(BODY),
      nowMs: NOW * 1000 + 999,
      nonce: "q".repeat(24),
      signer,
    });
    expect(Object.keys(headers).sort()).toEqual(["content-digest", "content-type", "signature", "signature-input"]);
    const requestSignature = headers.signature ?? "";
    const head = { status: 200, contentType: "application/json", modelDigest: reply.modelDigest, requestSignature };
    const answer = await signResponse(head, NOW, { keyid: "gpu-1", key: origin.sign });
    const judged = (more: object, drop: string[] = []) => {
      const all = new Headers({
        "content-type": "application/json",
        "bartizan-model-digest": reply.modelDigest,
        ...answer,
      });
      for (const name of drop) all.delete(name);
      const input = {
        status: 200,
        headers: all,
        requestSignature,
        origin: "gpu-1",
        key: origin.verify,
        expectedDigest: null,
      };
      return verifyOriginReply({ ...input, ...more });
    };
    expect(await judged({})).toEqual({ ok: true, modelDigest: reply.modelDigest });
    expect(await judged({ expectedDigest: reply.modelDigest })).toMatchObject({ ok: true });
    expect(await judged({ expectedDigest: `sha256:${"c".repeat(64)}` })).toEqual({ ok: false, fault: "wrong_model" });
    expect(await judged({ status: 500 })).toEqual({ ok: false, fault: "bad_signature" });
    for (const name of ["signature", "signature-input", "bartizan-model-digest", "content-type"])
      expect(await judged({}, [name]), name).toEqual({ ok: false, fault: "missing" });
  });
});
