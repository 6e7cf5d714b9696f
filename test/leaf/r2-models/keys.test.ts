// The data key's two envelopes: wrapped at rest, sealed to an origin on its way.
import { exportJWK, generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import {
  DataKeyError,
  rewrapDataKey,
  unwrapDataKey,
  wrapDataKey,
  wrappedKeySchema,
} from "../../../r2-models/data-key.ts";
import { importReleaseKey, openReleasedKey, ReleaseError, releaseDataKey } from "../../../r2-models/release.ts";

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

describe("a wrapped data key", () => {
  const dataKey = random(32);
  const keks = { current: "b", keys: { a: random(32), b: random(32) } };

  test("comes back under its artifact's name, and only there", async () => {
    const wrapped = wrappedKeySchema.parse(await wrapDataKey(dataKey, "m@1", keks, random(12)));
    expect(wrapped.kek).toBe("b");
    expect(await unwrapDataKey(wrapped, "m@1", keks)).toEqual(dataKey);
    await expect(unwrapDataKey(wrapped, "m@2", keks)).rejects.toThrow(DataKeyError);
  });

  test("does not open once changed, or relabelled with another key-encryption key", async () => {
    const wrapped = await wrapDataKey(dataKey, "m@1", keks, random(12));
    const flip = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);
    for (const changed of [
      { ...wrapped, kek: "a" },
      { ...wrapped, ciphertext: flip(wrapped.ciphertext) },
      { ...wrapped, nonce: flip(wrapped.nonce) },
      { ...wrapped, nonce: "!".repeat(16) },
    ])
      await expect(unwrapDataKey(changed, "m@1", keks)).rejects.toMatchObject({ fault: "not_authentic" });
  });

  test("with an unknown key-encryption key is refused, a prototype's name included", async () => {
    const wrapped = await wrapDataKey(dataKey, "m@1", keks, random(12));
    for (const kek of ["c", "constructor", "__proto__"])
      await expect(unwrapDataKey({ ...wrapped, kek }, "m@1", keks)).rejects.toMatchObject({ fault: "unknown_kek" });
  });

  test("moves to a new key-encryption key and is the same data key; the old one opens it no more", async () => {
    const old = await wrapDataKey(dataKey, "m@1", { ...keks, current: "a" }, random(12));
    const moved = await rewrapDataKey(old, "m@1", keks, random(12));
    expect(moved.kek).toBe("b");
    const without = { current: "b", keys: { b: keks.keys.b } };
    expect(await unwrapDataKey(moved, "m@1", without)).toEqual(dataKey);
    await expect(unwrapDataKey(old, "m@1", without)).rejects.toThrow(DataKeyError);
  });
});

describe("a released data key", async () => {
  const dataKey = random(32);
  const binding = { origin: "gpu-1", artifact: "m@1", digest: `sha256:${"0".repeat(64)}`, nonce: "n".repeat(24) };
  const keys = await generateKeyPair("ECDH-ES", { crv: "X25519", extractable: true });
  const publicKey = await importReleaseKey(await exportJWK(keys.publicKey));
  const privateKey = await importReleaseKey(await exportJWK(keys.privateKey));

  test("opens with the enrolled key for the same request", async () => {
    const jwe = await releaseDataKey(dataKey, binding, publicKey);
    expect(new Uint8Array(await openReleasedKey(jwe, binding, privateKey))).toEqual(dataKey);
  });

  test.each(["origin", "artifact", "digest", "nonce"] as const)("does not open for another %s", async (name) => {
    const jwe = await releaseDataKey(dataKey, binding, publicKey);
    await expect(openReleasedKey(jwe, { ...binding, [name]: "other" }, privateKey)).rejects.toThrow(ReleaseError);
  });

  test("does not open with another key", async () => {
    const other = await generateKeyPair("ECDH-ES", { crv: "X25519", extractable: true });
    const jwe = await releaseDataKey(dataKey, binding, publicKey);
    await expect(openReleasedKey(jwe, binding, other.privateKey)).rejects.toThrow(ReleaseError);
  });

  test("does not open once any of its five parts was changed", async () => {
    const jwe = await releaseDataKey(dataKey, binding, publicKey);
    const parts = jwe.split(".");
    for (const [i, part] of parts.entries()) {
      const changed = parts.with(i, part === "" ? "AA" : (part.startsWith("A") ? "B" : "A") + part.slice(1)).join(".");
      await expect(openReleasedKey(changed, binding, privateKey)).rejects.toThrow(ReleaseError);
    }
  });

  test("is never sealed to another kind of key", async () => {
    const p256 = await generateKeyPair("ECDH-ES", { extractable: true });
    await expect(importReleaseKey(await exportJWK(p256.publicKey))).rejects.toThrow(TypeError);
    const ed = await generateKeyPair("EdDSA", { extractable: true });
    await expect(importReleaseKey(await exportJWK(ed.publicKey))).rejects.toThrow(TypeError);
  });
});
