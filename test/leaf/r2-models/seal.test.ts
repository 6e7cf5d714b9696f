import { exportJWK, generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { concat, toHex, utf8 } from "../../../protocol/encoding.ts";
import { decryptStream, sealedSizeOf } from "../../../r2-models/chunked.ts";
import { unwrapDataKey } from "../../../r2-models/data-key.ts";
import { verifyManifest } from "../../../r2-models/manifest.ts";
import { importPublisherKeys, importPublisherSigner } from "../../../r2-models/publisher.ts";
import { SEAL_RANDOM_BYTES, type SealInput, sealArtifact } from "../../../r2-models/seal.ts";

const keks = { current: "k", keys: { k: crypto.getRandomValues(new Uint8Array(32)) } };
const pair = await generateKeyPair("EdDSA", { extractable: true });
const publisher = await importPublisherSigner({ ...(await exportJWK(pair.privateKey)), kid: "p" });
const keys = await importPublisherKeys([{ ...(await exportJWK(pair.publicKey)), kid: "p" }]);

function sha256() {
  const parts: Uint8Array[] = [];
  return {
    update: (bytes: Uint8Array) => void parts.push(bytes.slice()),
    digest: async () => new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts))),
  };
}

const plain = crypto.getRandomValues(new Uint8Array(50_000));

function input(more: Partial<SealInput> = {}): SealInput {
  return {
    model: { name: "m", version: "1", licence: "MIT", provenance: { source: "test" } },
    plain: [plain.subarray(0, 20_000), plain.subarray(20_000)],
    plainSize: plain.length,
    sha256,
    keks,
    publisher,
    random: crypto.getRandomValues(new Uint8Array(SEAL_RANDOM_BYTES)),
    nowMs: 0,
    ...more,
  };
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return concat(...parts);
}

describe("sealing a model file", () => {
  test("gives bytes, manifest and wrapped key that together open to the file", async () => {
    const seen: [number, number][] = [];
    const sealing = sealArtifact(input({ onProgress: (done, total) => seen.push([done, total]) }));
    const sealed = await collect(sealing.sealed);
    expect(sealed.length).toBe(sealing.sealedSize);
    expect(sealing.sealedSize).toBe(sealedSizeOf(plain.length));
    expect(seen).toEqual([
      [20_000, 50_000],
      [50_000, 50_000],
    ]);
    const { manifest, manifestJws, wrappedKey } = await sealing.finish();
    expect(await verifyManifest(manifestJws, keys, { name: "m", version: "1" })).toEqual(manifest);
    const digest = async (bytes: Uint8Array<ArrayBuffer>) =>
      `sha256:${toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))}`;
    expect(manifest.plain.digest).toBe(await digest(plain));
    expect(manifest.sealed.digest).toBe(await digest(sealed.slice()));
    const inputKey = await unwrapDataKey(wrappedKey, "m@1", keks);
    const opened = await collect(decryptStream({ inputKey, context: utf8(manifest.encryption.context) }, [sealed]));
    expect(opened).toEqual(plain);
  });

  test("a file that is longer or shorter than stated is not sealed", async () => {
    await expect(collect(sealArtifact(input({ plainSize: 49_999 })).sealed)).rejects.toThrow(RangeError);
    await expect(collect(sealArtifact(input({ plainSize: 50_001 })).sealed)).rejects.toThrow(RangeError);
  });

  test("there is no manifest before the last byte", async () => {
    const sealing = sealArtifact(input());
    for await (const _block of sealing.sealed) break;
    await expect(sealing.finish()).rejects.toThrow();
  });

  test("too few random bytes are refused", () => {
    expect(() => sealArtifact(input({ random: new Uint8Array(SEAL_RANDOM_BYTES - 1) }))).toThrow(RangeError);
  });
});
