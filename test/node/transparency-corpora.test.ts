// Public vectors, read where they lie beside the checkout: transparency-dev's Merkle inclusion probes and Tessera's
// example log. Skipped, saying so, where the folder is absent.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fromBase64 } from "../../protocol/encoding.ts";
import {
  type Bytes,
  type Checkpoint,
  encodeBundle,
  formatTilePath,
  leafHash,
  openCheckpoint,
  parseBundle,
  parseVkey,
  rootFromTiles,
  type TileSource,
  verifyInclusion,
  verifyLog,
  webSha256,
} from "../../transparency/index.ts";

const CORPUS = new URL("../../../shared/corpora/tlog/", import.meta.url).pathname;
const present = existsSync(CORPUS);
if (!present) console.warn("skipped: the tlog corpora are not beside this checkout");

describe.skipIf(!present)("transparency-dev's Merkle inclusion vectors", () => {
  const scratch = mkdtempSync(join(tmpdir(), "merkle-"));
  if (present) execFileSync("tar", ["xzf", join(CORPUS, "merkle-inclusion.tar.gz"), "-C", scratch]);
  afterAll(() => rmSync(scratch, { recursive: true }));
  const files = (present ? readdirSync(scratch, { recursive: true, encoding: "utf8" }) : []).filter((name) =>
    name.endsWith(".json"),
  );

  it("are there", () => {
    expect(files.length).toBeGreaterThan(90);
  });

  it.each(files)("%s is judged as it says", async (name) => {
    const probe = JSON.parse(readFileSync(join(scratch, name), "utf8")) as {
      leafIdx: number;
      treeSize: number;
      root: string | null;
      leafHash: string;
      proof: string[] | null;
      wantErr: boolean;
    };
    const accepted = await verifyInclusion(
      {
        index: probe.leafIdx,
        size: probe.treeSize,
        root: fromBase64(probe.root ?? ""),
        leafHash: fromBase64(probe.leafHash),
        proof: (probe.proof ?? []).map(fromBase64),
      },
      webSha256,
    );
    expect(accepted).toBe(!probe.wantErr);
  });
});

describe.skipIf(!present)("Tessera's example log", () => {
  const read = (path: string): Bytes => new Uint8Array(readFileSync(join(CORPUS, "tessera-log", path)));
  const VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
  const checkpointAt = async (size: number): Promise<Checkpoint> => {
    const opened = await openCheckpoint(read(`checkpoint.${size}`), await parseVkey(VKEY));
    if (!opened.ok) throw new Error(opened.fault);
    return opened.checkpoint;
  };
  const sizes = Array.from({ length: 15 }, (_, at) => at + 1);

  it.each(sizes)("at size %i its tiles and its entries give the root of its checkpoint", async (size) => {
    const checkpoint = await checkpointAt(size);
    const source: TileSource = { size, tile: async (ref) => read(formatTilePath(ref)) };
    expect(checkpoint.size).toBe(size);
    expect(await rootFromTiles(source, webSha256)).toEqual(checkpoint.root);

    const bundle = read(formatTilePath({ level: "entries", index: 0, width: size }));
    const entries = parseBundle(bundle) ?? [];
    expect(encodeBundle(entries)).toEqual(bundle);
    const hashes = await Promise.all(entries.map((entry) => leafHash(webSha256, entry)));
    expect(new Uint8Array(hashes.flatMap((hash) => [...hash]))).toEqual(
      read(formatTilePath({ level: 0, index: 0, width: size })),
    );
  });

  it.each(sizes)("at size %i verifies whole under the key that its project publishes for it", async (size) => {
    const fetch = async (path: string): Promise<Bytes> => read(path === "checkpoint" ? `checkpoint.${size}` : path);
    const previous = size > 1 ? await checkpointAt(size - 1) : undefined;
    const report = await verifyLog({ vkey: VKEY, fetch, records: false, ...(previous ? { previous } : {}) });
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(size);
  });

  it("is refused whole under any other key", async () => {
    const vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const report = await verifyLog({ vkey, fetch: async (path) => read(path), records: false });
    expect(report.problems).toEqual([{ fault: "unknown_key", where: "checkpoint" }]);
  });
});
