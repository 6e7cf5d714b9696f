// Manifests, pointers and the bucket's layout.
import { CompactSign, exportJWK, generateKeyPair, type JWK } from "jose";
import { describe, expect, test } from "vitest";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import {
  type CatalogueStore,
  listModels,
  objectKeys,
  pointerKey,
  signPointer,
  verifyPointer,
} from "../../../r2-models/catalogue.ts";
import { sealedSizeOf } from "../../../r2-models/chunked.ts";
import { type Manifest, signManifest, verifyManifest } from "../../../r2-models/manifest.ts";
import { importPublisherKeys, importPublisherSigner } from "../../../r2-models/publisher.ts";

async function publisher(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const [open, secret]: JWK[] = await Promise.all([exportJWK(publicKey), exportJWK(privateKey)]);
  const publicJwk = { ...open, kid };
  return { publicJwk, privateKey, signer: await importPublisherSigner({ ...secret, kid }) };
}

const ours = await publisher("p1");
const stranger = await publisher("p1");
const keys = await importPublisherKeys([ours.publicJwk]);

const manifest: Manifest = {
  v: 1,
  name: "m",
  version: "1",
  format: "gguf",
  plain: { digest: `sha256:${"a".repeat(64)}`, size: 100_000 },
  sealed: { digest: `sha256:${"b".repeat(64)}`, size: sealedSizeOf(100_000) },
  encryption: { scheme: "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM", context: "bartizan/model/v1/m@1" },
  licence: "Apache-2.0",
  provenance: { source: "a test" },
  created: "2026-11-01T00:00:00Z",
};

describe("a manifest", () => {
  test("counts when a known publisher signed it for this model and version", async () => {
    expect(await verifyManifest(await signManifest(manifest, ours.signer), keys, manifest)).toEqual(manifest);
  });

  test("does not count for another model or version", async () => {
    const jws = await signManifest(manifest, ours.signer);
    await expect(verifyManifest(jws, keys, { name: "m", version: "2" })).rejects.toMatchObject({ fault: "wrong_type" });
    await expect(verifyManifest(jws, keys, { name: "n", version: "1" })).rejects.toMatchObject({ fault: "wrong_type" });
  });

  test("does not count when a stranger signed it under our key id", async () => {
    const jws = await signManifest(manifest, stranger.signer);
    await expect(verifyManifest(jws, keys, manifest)).rejects.toMatchObject({ fault: "bad_signature" });
  });

  test("does not count under an unknown key id", async () => {
    const other = { ...ours.signer, kid: "p2" };
    const jws = await signManifest(manifest, other);
    await expect(verifyManifest(jws, keys, manifest)).rejects.toMatchObject({ fault: "unknown_key" });
  });

  test("does not count unsigned: `alg: none`, HMAC with the public key, no signature, no JWS", async () => {
    const payload = toBase64Url(utf8(JSON.stringify(manifest)));
    const head = (alg: string) => toBase64Url(utf8(JSON.stringify({ alg, typ: "bartizan-manifest+jws", kid: "p1" })));
    const hmac = await new CompactSign(utf8(JSON.stringify(manifest)))
      .setProtectedHeader({ alg: "HS256", typ: "bartizan-manifest+jws", kid: "p1" })
      .sign(utf8(ours.publicJwk.x ?? ""));
    for (const jws of [
      `${head("none")}.${payload}.`,
      `${head("none")}.${payload}.AA`,
      hmac,
      `${head("EdDSA")}.${payload}.`,
      "x",
      "",
    ])
      await expect(verifyManifest(jws, keys, manifest)).rejects.toMatchObject({ fault: "unsigned" });
  });

  test("does not count once a character of it changed", async () => {
    const jws = await signManifest(manifest, ours.signer);
    const [head = "", payload = "", signature = ""] = jws.split(".");
    const changed = toBase64Url(utf8(JSON.stringify({ ...manifest, licence: "MIT" })));
    await expect(verifyManifest(`${head}.${changed}.${signature}`, keys, manifest)).rejects.toMatchObject({
      fault: "bad_signature",
    });
    const last = signature.startsWith("A") ? "B" : "A";
    await expect(verifyManifest(`${head}.${payload}.${last}${signature.slice(1)}`, keys, manifest)).rejects.toThrow();
  });

  test("is not a pointer, and a pointer is no manifest, though one key signs both", async () => {
    const pointer = { v: 1, name: "m", version: "1", digest: manifest.plain.digest, issued_at_ms: 1 } as const;
    const jws = await signPointer(pointer, ours.signer);
    expect(await verifyPointer(jws, keys, "m")).toEqual(pointer);
    await expect(verifyManifest(jws, keys, manifest)).rejects.toMatchObject({ fault: "wrong_type" });
    const other = await signManifest(manifest, ours.signer);
    await expect(verifyPointer(other, keys, "m")).rejects.toMatchObject({ fault: "wrong_type" });
    await expect(verifyPointer(jws, keys, "n")).rejects.toMatchObject({ fault: "wrong_type" });
  });

  test("with an unknown field, sizes that do not fit, or a name that leaves its folder is never signed", async () => {
    for (const change of [
      { more: 1 },
      { sealed: { ...manifest.sealed, size: manifest.sealed.size + 1 } },
      { name: "../m" },
      { version: "current" },
    ])
      await expect(signManifest({ ...manifest, ...change } as Manifest, ours.signer)).rejects.toThrow();
  });
});

test("a publisher's key must be a public Ed25519 key with an id of its own", async () => {
  const secret = await exportJWK(ours.privateKey);
  await expect(importPublisherKeys([{ ...secret, kid: "p" }])).rejects.toThrow(TypeError);
  await expect(importPublisherKeys([ours.publicJwk, ours.publicJwk])).rejects.toThrow(TypeError);
  const { kid: _kid, ...nameless } = ours.publicJwk;
  await expect(importPublisherKeys([nameless])).rejects.toThrow(TypeError);
  const { publicKey } = await generateKeyPair("ES256", { extractable: true });
  await expect(importPublisherKeys([{ ...(await exportJWK(publicKey)), kid: "e" }])).rejects.toThrow(TypeError);
});

describe("the catalogue", () => {
  const objects = new Map<string, Uint8Array>();
  const store: CatalogueStore = {
    get: async (key) => objects.get(key) ?? null,
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)),
  };

  test("lists versions with what is wrong with each, and follows the signed pointer alone", async () => {
    const second = {
      ...manifest,
      version: "2",
      encryption: { ...manifest.encryption, context: "bartizan/model/v1/m@2" },
    };
    objects.set(objectKeys(manifest).manifest, utf8(await signManifest(manifest, ours.signer)));
    objects.set(objectKeys(second).manifest, utf8(await signManifest(second, ours.signer)));
    objects.set("models/m/3/manifest.jws", utf8(await signManifest({ ...manifest, version: "3" }, stranger.signer)));
    objects.set("models/m/4/artifact.sealed", utf8("without a manifest it does not exist"));
    const pointer = { v: 1, name: "m", version: "2", digest: manifest.plain.digest, issued_at_ms: 1 } as const;
    objects.set(pointerKey("m"), utf8(await signPointer(pointer, ours.signer)));
    const listed = await listModels(store, keys);
    expect(listed.map(({ version, fault, current }) => [version, fault, current])).toEqual([
      ["1", null, false],
      ["2", null, true],
      ["3", "bad_signature", false],
    ]);
    expect(listed[2]?.manifest).toBeNull();
    // an unsigned pointer points nowhere
    objects.set(pointerKey("m"), utf8(JSON.stringify(pointer)));
    expect((await listModels(store, keys)).some((entry) => entry.current)).toBe(false);
  });

  test("a rollback is a signed pointer to an older version", async () => {
    const pointer = { v: 1, name: "m", version: "1", digest: manifest.plain.digest, issued_at_ms: 2 } as const;
    objects.set(pointerKey("m"), utf8(await signPointer(pointer, ours.signer)));
    expect((await listModels(store, keys)).find((entry) => entry.current)?.version).toBe("1");
  });

  test("no name leaves its folder", () => {
    for (const name of ["", ".", "..", "a/b", "a\\b", "a%2fb", "-a", "a\n", "ä", "a".repeat(129)])
      expect(() => objectKeys({ name, version: "1" }), name).toThrow();
    for (const version of ["current", "..", "1/2", ""]) expect(() => objectKeys({ name: "m", version })).toThrow();
  });
});
