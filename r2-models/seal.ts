// Turns a plain model file into the three objects of the catalogue in one pass: while the sealed bytes stream to the
// bucket, both digests are taken; manifest and wrapped key exist only after the last byte.
import { toHex, utf8 } from "../protocol/encoding.ts";
import { encryptStream, SALT_BYTES, sealedSizeOf } from "./chunked.ts";
import { DATA_KEY_BYTES, type KeyEncryptionKeys, type WrappedKey, wrapDataKey } from "./data-key.ts";
import { artifactId, type Manifest, manifestSchema, signManifest } from "./manifest.ts";
import type { PublisherSigner } from "./publisher.ts";

/** SHA-256 that takes its input in pieces: WebCrypto has none, so the platform's own is passed in. */
export interface IncrementalHash {
  update(bytes: Uint8Array): void;
  /** the digest's 32 bytes; called once */
  digest(): Uint8Array | Promise<Uint8Array>;
}

export interface SealInput {
  readonly model: Pick<Manifest, "name" | "version" | "licence" | "provenance" | "sampling">;
  /** the plain file, and its size in bytes, which must come out right */
  readonly plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly plainSize: number;
  readonly sha256: () => IncrementalHash;
  readonly keks: KeyEncryptionKeys;
  readonly publisher: PublisherSigner;
  /** 68 fresh random bytes: data key, salt and the wrapping's nonce */
  readonly random: Uint8Array;
  readonly nowMs: number;
  /** plain bytes sealed so far */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface SealedArtifact {
  readonly manifest: Manifest;
  readonly manifestJws: string;
  readonly wrappedKey: WrappedKey;
}

export interface Sealing {
  /** to be read to its end, once */
  readonly sealed: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** known up front: a bucket wants the length with the first byte */
  readonly sealedSize: number;
  /** What to store beside the artifact. @throws Error before `sealed` was read to its end */
  finish(): Promise<SealedArtifact>;
}

export const SEAL_RANDOM_BYTES = DATA_KEY_BYTES + SALT_BYTES + 12;

/** Context of the key derivation: an artifact opens only as the model and version that it was sealed as. */
export function sealContext(model: { readonly name: string; readonly version: string }): string {
  return `bartizan/model/v1/${artifactId(model)}`;
}

/** Begins a sealing. @throws RangeError unless `random` has {@link SEAL_RANDOM_BYTES} bytes */
export function sealArtifact(input: SealInput): Sealing {
  if (input.random.length !== SEAL_RANDOM_BYTES) throw new RangeError("sealArtifact needs 68 random bytes");
  const dataKey = input.random.slice(0, DATA_KEY_BYTES);
  const salt = input.random.slice(DATA_KEY_BYTES, DATA_KEY_BYTES + SALT_BYTES);
  const wrapNonce = input.random.slice(DATA_KEY_BYTES + SALT_BYTES);
  const context = sealContext(input.model);
  const sealedSize = sealedSizeOf(input.plainSize);
  const plainHash = input.sha256();
  const sealedHash = input.sha256();
  let whole = false;

  async function* readPlain(): AsyncGenerator<Uint8Array, void, undefined> {
    let done = 0;
    for await (const piece of input.plain) {
      done += piece.length;
      // a file that grows or shrinks under us would be sealed under a size that the bucket was told wrong
      if (done > input.plainSize) throw new RangeError("the plain file is longer than stated");
      plainHash.update(piece);
      yield piece;
      input.onProgress?.(done, input.plainSize);
    }
    if (done !== input.plainSize) throw new RangeError("the plain file is shorter than stated");
  }

  async function* seal(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    for await (const block of encryptStream({ inputKey: dataKey, context: utf8(context), salt }, readPlain())) {
      sealedHash.update(block);
      yield block;
    }
    whole = true;
  }

  async function finish(): Promise<SealedArtifact> {
    if (!whole) throw new Error("the sealed bytes were not read to their end");
    const { name, version, licence, provenance, sampling } = input.model;
    const manifest = manifestSchema.parse({
      v: 1,
      name,
      version,
      format: "gguf",
      plain: { digest: `sha256:${toHex(await plainHash.digest())}`, size: input.plainSize },
      sealed: { digest: `sha256:${toHex(await sealedHash.digest())}`, size: sealedSize },
      encryption: { scheme: "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM", context },
      licence,
      provenance,
      ...(sampling ? { sampling } : {}),
      created: new Date(input.nowMs).toISOString(),
    });
    const wrappedKey = await wrapDataKey(dataKey, artifactId(manifest), input.keks, wrapNonce);
    const manifestJws = await signManifest(manifest, input.publisher);
    dataKey.fill(0);
    return { manifest, manifestJws, wrappedKey };
  }

  return { sealed: seal(), sealedSize, finish };
}
