import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat, utf8 } from "../../../protocol/encoding.ts";
import {
  CHUNK_BYTES,
  chunkRange,
  decryptChunk,
  decryptStream,
  encryptStream,
  HEADER_BYTES,
  openHeader,
  plainSizeOf,
  SealError,
  sealedSizeOf,
  TAG_BYTES,
} from "../../../r2-models/chunked.ts";

const inputKey = crypto.getRandomValues(new Uint8Array(32));
const salt = crypto.getRandomValues(new Uint8Array(24));
const secret = { inputKey, context: utf8("model@1") };
const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;

/** Bytes that differ from chunk to chunk. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 14) * 7) & 0xff);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return concat(...parts);
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

const seal = (plain: Uint8Array) => collect(encryptStream({ ...secret, salt }, [plain]));
const open = (sealed: Uint8Array) => collect(decryptStream(secret, [sealed]));

async function faultOf(opening: Promise<unknown>): Promise<string> {
  const error: unknown = await opening.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof SealError)) throw new Error("opened, or failed otherwise");
  return error.fault;
}

/** Around the borders of a chunk, of a block of 64, and the empty message. */
const SIZES = [
  0,
  1,
  CHUNK_BYTES - 1,
  CHUNK_BYTES,
  CHUNK_BYTES + 1,
  2 * CHUNK_BYTES,
  64 * CHUNK_BYTES,
  64 * CHUNK_BYTES + 1,
];

describe("a message comes back as it was", () => {
  test.each(SIZES)("%i bytes", async (size) => {
    const plain = pattern(size);
    const sealed = await seal(plain);
    expect(sealed.length).toBe(sealedSizeOf(size));
    expect(plainSizeOf(sealed.length)).toBe(size);
    expect(await open(sealed)).toEqual(plain);
  });

  test("however the bytes are cut, on either side", async () => {
    const plain = pattern(3 * CHUNK_BYTES + 77);
    const whole = await seal(plain);
    const sizes = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (write, read) => {
        const sealed = await collect(encryptStream({ ...secret, salt }, cut(plain, write)));
        expect(sealed).toEqual(whole);
        expect(await collect(decryptStream(secret, cut(sealed, read)))).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  test("and each chunk opens alone", async () => {
    const plain = pattern(2 * CHUNK_BYTES + 5);
    const sealed = await seal(plain);
    const keys = await openHeader(secret, sealed.subarray(0, HEADER_BYTES));
    for (const index of [2, 0, 1]) {
      const { offset, length } = chunkRange(index, sealed.length);
      const chunk = await decryptChunk(keys, index, sealed.subarray(offset, offset + length));
      expect(chunk).toEqual(plain.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES));
    }
    expect(() => chunkRange(3, sealed.length)).toThrow(SealError);
    expect(() => chunkRange(-1, sealed.length)).toThrow(SealError);
  });
});

describe("what was changed does not open", () => {
  test("any flipped bit", async () => {
    const sealed = await seal(pattern(CHUNK_BYTES + 100));
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const changed = sealed.slice();
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(await faultOf(open(changed))).toBe(at < HEADER_BYTES ? "commitment" : "tag");
      }),
      { numRuns: 100 },
    );
  });

  test("any truncation, at a chunk's border above all", async () => {
    const sealed = await seal(pattern(2 * CHUNK_BYTES + 100));
    expect(await faultOf(open(sealed.subarray(0, HEADER_BYTES + SEALED_CHUNK)))).toBe("truncated");
    expect(await faultOf(open(sealed.subarray(0, HEADER_BYTES)))).toBe("truncated");
    expect(await faultOf(open(sealed.subarray(0, HEADER_BYTES - 1)))).toBe("size");
    expect(await faultOf(open(new Uint8Array()))).toBe("size");
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), async (length) => {
        await expect(open(sealed.subarray(0, length))).rejects.toThrow(SealError);
      }),
      { numRuns: 60 },
    );
  });

  test("any extension, a whole chunk of the same message included", async () => {
    const sealed = await seal(pattern(CHUNK_BYTES + 100));
    const again = concat(sealed, sealed.subarray(HEADER_BYTES));
    await expect(open(again)).rejects.toThrow(SealError);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (more) => {
        await expect(open(concat(sealed, more))).rejects.toThrow(SealError);
      }),
      { numRuns: 20 },
    );
  });

  test("chunks that changed places", async () => {
    const sealed = await seal(pattern(3 * CHUNK_BYTES));
    const at = (i: number) => sealed.subarray(HEADER_BYTES + i * SEALED_CHUNK, HEADER_BYTES + (i + 1) * SEALED_CHUNK);
    const head = sealed.subarray(0, HEADER_BYTES);
    expect(await faultOf(open(concat(head, at(1), at(0), at(2), at(3))))).toBe("tag");
    // without its middle the message is shorter, and its last chunk is in another's place
    expect(await faultOf(open(concat(head, at(0), at(1), at(3))))).toBe("tag");
  });

  test("a chunk of another message under the same key", async () => {
    const one = await seal(pattern(10));
    const other = await collect(
      encryptStream({ ...secret, salt: crypto.getRandomValues(new Uint8Array(24)) }, [pattern(10)]),
    );
    expect(await faultOf(open(concat(one.subarray(0, HEADER_BYTES), other.subarray(HEADER_BYTES))))).toBe("tag");
  });

  test("another key, another context", async () => {
    const sealed = await seal(pattern(10));
    const key = inputKey.slice();
    key[31] = (key[31] ?? 0) ^ 1;
    expect(await faultOf(collect(decryptStream({ ...secret, inputKey: key }, [sealed])))).toBe("commitment");
    expect(await faultOf(collect(decryptStream({ ...secret, context: utf8("model@2") }, [sealed])))).toBe("commitment");
  });
});

test("nothing of a message is handed out before its header was checked", async () => {
  const sealed = await seal(pattern(10));
  sealed[30] = (sealed[30] ?? 0) ^ 1;
  const parts: Uint8Array[] = [];
  await expect(
    (async () => {
      for await (const part of decryptStream(secret, [sealed])) parts.push(part);
    })(),
  ).rejects.toThrow(SealError);
  expect(parts).toEqual([]);
});

test("lengths that no message has are told apart, and sizes are inverse", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), (size) => {
      expect(plainSizeOf(sealedSizeOf(size))).toBe(size);
    }),
  );
  for (const length of [
    -1,
    0,
    55,
    56,
    57,
    71,
    HEADER_BYTES + SEALED_CHUNK,
    HEADER_BYTES + SEALED_CHUNK + 15,
    1.5,
    Number.NaN,
  ])
    expect(() => plainSizeOf(length)).toThrow(SealError);
});

test("a key or salt of the wrong length is a programming error, not a message", async () => {
  await expect(seal(pattern(1))).resolves.toBeDefined();
  await expect(collect(encryptStream({ ...secret, salt: salt.subarray(1) }, []))).rejects.toThrow(RangeError);
  await expect(collect(encryptStream({ ...secret, inputKey: inputKey.subarray(16), salt }, []))).rejects.toThrow(
    RangeError,
  );
});
