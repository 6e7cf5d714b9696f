// The log judged by an implementation that shares no line with ours: Go's golang.org/x/mod/sumdb (note and tlog).
// Skipped, saying so, where there is no Go, or its one module cannot be had.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { toBase64 } from "../../protocol/encoding.ts";
import { type Bytes, consistencyProof, inclusionProof, leafHash, webSha256 } from "../../transparency/index.ts";
import { newSigner, recordEntry, staticLog, tileSourceOf } from "../leaf/transparency/support.ts";

const SOURCES = new URL("../support/go-verifier/", import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), "go-verifier-"));
const binary = join(scratch, "verifier");
afterAll(() => rmSync(scratch, { recursive: true }));

const available = spawnSync("go", ["mod", "download"], { cwd: SOURCES, timeout: 30_000 }).status === 0;
if (!available) console.warn("skipped: Go or its module golang.org/x/mod is not available");
else execFileSync("go", ["build", "-o", binary, "."], { cwd: SOURCES, timeout: 120_000 });

interface Report {
  readonly size: number;
  readonly root: string;
  readonly inclusion: Readonly<Record<string, readonly string[] | null>>;
  readonly consistency: Readonly<Record<string, readonly string[] | null>>;
}

async function newLog(
  size: number,
): Promise<{ readonly dir: string; readonly vkey: string; readonly leaves: Bytes[] }> {
  const dir = mkdtempSync(join(scratch, "log-"));
  const signer = await newSigner("log.example/go");
  const entries = Array.from({ length: size }, (_, at) => recordEntry("admin", `req_${at}`, "control", at + 1));
  for (const [path, bytes] of await staticLog(entries, signer)) {
    mkdirSync(join(dir, dirname(path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  }
  const leaves = await Promise.all(entries.map((entry) => leafHash(webSha256, entry)));
  return { dir, vkey: signer.vkey, leaves };
}

const goVerify = (dir: string, vkey: string): Report =>
  JSON.parse(execFileSync(binary, [dir, vkey], { encoding: "utf8", maxBuffer: 64 << 20, stdio: "pipe" })) as Report;

describe.skipIf(!available)("Go's own verifier", () => {
  it.each([1, 2, 255, 256, 257, 600])(
    "accepts a log of %i entries, and its proofs are ours byte for byte",
    async (size) => {
      const { dir, vkey, leaves } = await newLog(size);
      const report = goVerify(dir, vkey);
      expect(report.size).toBe(size);
      const source = await tileSourceOf(leaves, webSha256);
      for (const at of [0, 1, 127, 254, 255, 256, 511, 599].filter((index) => index < size)) {
        const proof = await inclusionProof(source, at, webSha256);
        expect(proof.map(toBase64), `inclusion of ${at}`).toEqual(report.inclusion[at] ?? []);
      }
      for (const before of [1, 2, 128, 255, 256, 257, 512, 600].filter((old) => old <= size)) {
        const proof = await consistencyProof(source, before, webSha256);
        expect(proof.map(toBase64), `from ${before}`).toEqual(report.consistency[before] ?? []);
      }
    },
  );

  it("refuses a log with one entry changed, and one under another key", async () => {
    const { dir, vkey } = await newLog(5);
    expect(() => goVerify(dir, vkey.replace("log.example/go", "log.example/no"))).toThrow();
    writeFileSync(join(dir, "tile/entries/000.p/5"), "\0\u0001x");
    expect(() => goVerify(dir, vkey)).toThrow();
  });
});
