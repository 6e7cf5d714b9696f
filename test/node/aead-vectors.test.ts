// Public vectors, where they lie beside the project: C2SP's own for chunked encryption (its AES-128 form, which shares
// every line but the key's length), and Wycheproof's for AES-GCM with 256-bit keys, through WebCrypto as used here.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { concat, fromHex, toHex } from "../../protocol/encoding.ts";
import {
  chunkRange,
  decryptChunk,
  decryptStream,
  encryptStream,
  HEADER_BYTES,
  openHeader,
  plainSizeOf,
  SALT_BYTES,
} from "../../r2-models/chunked.ts";

const FOLDER = new URL("../../../shared/corpora/aead/", import.meta.url).pathname;
const absent = !existsSync(FOLDER);
if (absent) console.warn("skipped: the AEAD vectors are not beside this project");

interface Vectors<T> {
  readonly testGroups: readonly { readonly keySize?: number; readonly ivSize?: number; readonly tests: readonly T[] }[];
}

function vectors<T>(file: string): Vectors<T> {
  return absent ? { testGroups: [] } : JSON.parse(readFileSync(FOLDER + file, "utf8"));
}

interface ChunkedCase {
  readonly tcId: number;
  readonly comment: string;
  readonly key: string;
  readonly ctx: string;
  /** zlib, then hex */
  readonly ct: string;
  readonly msgLength?: number;
  readonly msgSha512?: string;
  readonly result: string;
}

const chunked = vectors<ChunkedCase>("c2sp_chunked_encryption_aes_128_gcm_test.json").testGroups.flatMap(
  ({ tests }) => tests,
);

/** Pieces of odd sizes, so that no border of a chunk is one of the input. */
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0, n = 1; at < bytes.length; at += n, n = (n * 7 + 13) % 50_000) yield bytes.subarray(at, at + n);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return concat(...parts);
}

test.skipIf(absent)("the C2SP vectors are there, valid and invalid", () => {
  expect(chunked).toHaveLength(35);
});

test.each(chunked.map((vector) => [vector.tcId, vector.comment, vector.result, vector] as const))(
  "C2SP chunked encryption %i: %s (%s)",
  async (_id, _comment, result, vector) => {
    const sealed = new Uint8Array(inflateSync(Buffer.from(vector.ct, "hex")));
    const secret = { aead: "AEAD_AES_128_GCM", inputKey: fromHex(vector.key), context: fromHex(vector.ctx) } as const;
    const opening = collect(decryptStream(secret, pieces(sealed)));
    if (result !== "valid") {
      await expect(opening).rejects.toThrow();
      return;
    }
    const plain = await opening;
    expect(plain.length).toBe(vector.msgLength);
    expect(createHash("sha512").update(plain).digest("hex")).toBe(vector.msgSha512);
    expect(plainSizeOf(sealed.length)).toBe(plain.length);
    // sealed again with the same salt it is the same, byte by byte
    const again = await collect(encryptStream({ ...secret, salt: sealed.subarray(0, SALT_BYTES) }, pieces(plain)));
    expect(createHash("sha256").update(again).digest("hex")).toBe(createHash("sha256").update(sealed).digest("hex"));
    // and its last chunk opens alone
    const keys = await openHeader(secret, sealed.subarray(0, HEADER_BYTES));
    const last = Math.floor(plain.length / 16_384);
    const { offset, length } = chunkRange(last, sealed.length);
    const tail = await decryptChunk(keys, last, sealed.subarray(offset, offset + length));
    expect(toHex(tail)).toBe(toHex(plain.subarray(last * 16_384)));
  },
  60_000,
);

interface GcmCase {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: string;
}

const gcm = vectors<GcmCase>("wycheproof-aes_gcm_test.json").testGroups.filter(
  ({ keySize, ivSize }) => keySize === 256 && ivSize === 96,
);

test.skipIf(absent)("AES-256-GCM as WebCrypto does it agrees with Wycheproof, tampered tags included", async () => {
  const cases = gcm.flatMap(({ tests }) => tests);
  expect(cases.length).toBeGreaterThan(50);
  for (const { key, iv, aad, msg, ct, tag, result } of cases) {
    const imported = await crypto.subtle.importKey("raw", fromHex(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    const algorithm = { name: "AES-GCM", iv: fromHex(iv), additionalData: fromHex(aad) };
    const opening = crypto.subtle.decrypt(algorithm, imported, fromHex(ct + tag));
    if (result !== "valid") {
      await expect(opening).rejects.toThrow();
      continue;
    }
    expect(toHex(new Uint8Array(await opening))).toBe(msg);
    expect(toHex(new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, fromHex(msg))))).toBe(ct + tag);
  }
});
