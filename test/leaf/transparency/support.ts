// A log in memory, its keys, and the naive tree of RFC 6962, section 2.1, written down as it stands there.
import { concat, toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import {
  appendLeaves,
  type Bytes,
  EMPTY_TREE,
  emptyRoot,
  encodeBundle,
  formatTilePath,
  importNoteSigner,
  leafHash,
  type NoteSigner,
  nodeHash,
  rootOf,
  type Sha256,
  signCheckpoint,
  TILE_WIDTH,
  type TileSource,
  tilesSince,
  webSha256,
} from "../../../transparency/index.ts";

/** Not a hash anyone should trust: quick, synchronous and 32 bytes, for the shape of large trees. */
export const quickHash: Sha256 = (bytes) => {
  const state = new Uint32Array(8).fill(0x811c9dc5);
  for (let at = 0; at < bytes.length; at++) {
    const lane = at % 8;
    state[lane] = Math.imul((state[lane] as number) ^ (bytes[at] as number) ^ (at << 8), 0x01000193);
  }
  for (let at = 0; at < 16; at++)
    state[at % 8] = Math.imul((state[at % 8] as number) ^ (state[(at + 3) % 8] as number), 0x01000193) ^ at;
  return new Uint8Array(state.buffer);
};

export async function naiveRoot(leaves: readonly Bytes[], sha256: Sha256): Promise<Bytes> {
  const only = leaves[0];
  if (only === undefined) return await emptyRoot(sha256);
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return await nodeHash(
    sha256,
    await naiveRoot(leaves.slice(0, split), sha256),
    await naiveRoot(leaves.slice(split), sha256),
  );
}

export async function newSigner(name = "log.example/test"): Promise<NoteSigner> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  return importNoteSigner(JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey)), name);
}

/** Tiles of a tree over these leaf hashes, from their definition: each level's hashes are naive roots of full tiles. */
export async function tileSourceOf(leaves: readonly Bytes[], sha256: Sha256): Promise<TileSource> {
  const levels: Bytes[][] = [[...leaves]];
  for (let below = levels[0] ?? []; below.length >= TILE_WIDTH; below = levels.at(-1) ?? []) {
    const level: Bytes[] = [];
    for (let at = 0; at + TILE_WIDTH <= below.length; at += TILE_WIDTH)
      level.push(await naiveRoot(below.slice(at, at + TILE_WIDTH), sha256));
    levels.push(level);
  }
  return {
    size: leaves.length,
    tile: async ({ level, index, width }) =>
      concat(...(levels[level] ?? []).slice(index * TILE_WIDTH, index * TILE_WIDTH + width)),
  };
}

/** Every resource of a static log, by path. */
export async function staticLog(entries: readonly Bytes[], signer: NoteSigner): Promise<Map<string, Bytes>> {
  const leaves = await Promise.all(entries.map((entry) => leafHash(webSha256, entry)));
  const source = await tileSourceOf(leaves, webSha256);
  const files = new Map<string, Bytes>();
  for (const ref of tilesSince(0, entries.length)) {
    files.set(formatTilePath(ref), await source.tile(ref));
    if (ref.level === 0)
      files.set(
        formatTilePath({ ...ref, level: "entries" }),
        encodeBundle(entries.slice(ref.index * TILE_WIDTH, ref.index * TILE_WIDTH + ref.width)),
      );
  }
  const { tree } = await appendLeaves(EMPTY_TREE, leaves, webSha256);
  const root = await rootOf(tree, webSha256);
  files.set("checkpoint", utf8(await signCheckpoint({ size: entries.length, root }, signer)));
  return files;
}

export const fetcherOf =
  (files: ReadonlyMap<string, Bytes>) =>
  async (path: string): Promise<Bytes> => {
    const file = files.get(path);
    if (file === undefined) throw new Error("not found");
    return file;
  };

/** An entry as the log would hold it, and nothing more than verification looks at. */
export function recordEntry(kind: string, requestId: string, source: string, seq: number, extra = ""): Bytes {
  return utf8(
    `{${extra}"commitments":{},"kind":"${kind}","request_id":"${requestId}","seq":${seq},"source":"${source}"}`,
  );
}

export const randomSalt = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));
export const anyDigest = toBase64Url(new Uint8Array(32));
