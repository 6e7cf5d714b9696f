// The whole of a log checked from outside: what `npx bartizan audit verify` runs. Nothing that the log serves is
// believed but what the verifier's own key and the mathematics show. Every entry is read and hashed, so a prefix is
// compared by its root and needs no consistency proof.
import { concat, equalBytes } from "../protocol/encoding.ts";
import { parseBundle } from "./bundle.ts";
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts";
import { type Bytes, leafHash, type Sha256, webSha256 } from "./hash.ts";
import type { NoteFault } from "./note.ts";
import { formatTilePath } from "./path.ts";
import { TILE_WIDTH, type TileRef, tileRef, tilesSince } from "./tile.ts";
import { appendLeaves, EMPTY_TREE, type FullTile, rootOf, type Tree } from "./tree.ts";
import { RecordChecker, type RecordFault } from "./verify-records.ts";
import { parseVkey } from "./vkey.ts";

export type LogFault =
  | NoteFault
  | "not_a_checkpoint"
  | "wrong_origin"
  | "unreachable"
  | "malformed_bundle"
  | "wrong_width"
  | "tile_mismatch"
  | "root_mismatch"
  | "shrunk"
  | "forked"
  | RecordFault;

export interface LogProblem {
  readonly fault: LogFault;
  /** path of the resource at fault, or the entry's index */
  readonly where: string;
}

export interface VerifyOptions {
  /** the log's verifier key, from somewhere the log's operator cannot change it unseen */
  readonly vkey: string;
  /** The resource at a path below the log's prefix (`checkpoint`, `tile/0/000.p/5`); throws where there is none. */
  readonly fetch: (path: string) => Promise<Bytes>;
  /** the checkpoint remembered from the last time, if any: the log must have grown from it */
  readonly previous?: Pick<Checkpoint, "size" | "root">;
  readonly sha256?: Sha256;
  /** false for a log whose entries are not audit records */
  readonly records?: boolean;
  readonly onProgress?: (entriesDone: number, entries: number) => void;
}

export interface VerifyReport {
  /** of the signed checkpoint; null where there is no checkpoint that the key signed */
  readonly checkpoint: Checkpoint | null;
  /** entries that were read and hashed */
  readonly verified: number;
  /** admitted requests whose outcome is not in the log yet: no fault, unless they stay so past their lease */
  readonly open: number;
  /** empty: the log holds. At most {@link MAX_PROBLEMS} are listed. */
  readonly problems: readonly LogProblem[];
}

/** Past this many the rest says nothing new. */
export const MAX_PROBLEMS = 100;

/**
 * Verifies signature, every entry, every tile, the root, and that the log grew from `previous`.
 * @throws NoteKeyError where `vkey` is none
 */
export async function verifyLog(options: VerifyOptions): Promise<VerifyReport> {
  const verifier = await parseVkey(options.vkey);
  const note = await options.fetch("checkpoint").catch(() => null);
  if (note === null) return failed("unreachable");
  const opened = await openCheckpoint(note, verifier);
  if (!opened.ok) return failed(opened.fault);
  return new LogVerification(options, opened.checkpoint).run();
}

function failed(fault: LogFault): VerifyReport {
  return { checkpoint: null, verified: 0, open: 0, problems: [{ fault, where: "checkpoint" }] };
}

class LogVerification {
  readonly #options: VerifyOptions;
  readonly #checkpoint: Checkpoint;
  readonly #sha256: Sha256;
  readonly #records = new RecordChecker();
  readonly #problems: LogProblem[] = [];
  #tree: Tree = EMPTY_TREE;

  constructor(options: VerifyOptions, checkpoint: Checkpoint) {
    this.#options = options;
    this.#checkpoint = checkpoint;
    this.#sha256 = options.sha256 ?? webSha256;
  }

  async run(): Promise<VerifyReport> {
    const { size } = this.#checkpoint;
    const { previous } = this.#options;
    if (previous !== undefined && previous.size > size) this.#problem("shrunk", "checkpoint");
    await this.#comparePrefix([]);
    for (let at = 0; at < size; at += TILE_WIDTH) {
      if (!(await this.#bundle(at / TILE_WIDTH))) return this.#report();
      this.#options.onProgress?.(this.#tree.size, size);
    }
    for (const ref of tilesSince(0, size))
      if (ref.width < TILE_WIDTH) await this.#compareTile(ref, this.#edge(ref.level));
    if (!equalBytes(await rootOf(this.#tree, this.#sha256), this.#checkpoint.root))
      this.#problem("root_mismatch", "checkpoint");
    return this.#report();
  }

  /** Reads a bundle, checks its records, grows the tree by it and compares the tiles that it filled. */
  async #bundle(index: number): Promise<boolean> {
    const width = tileRef(this.#checkpoint.size, 0, index)?.width ?? 0;
    const path = formatTilePath({ level: "entries", index, width });
    const bytes = await this.#fetch(path);
    if (bytes === null) return false;
    const entries = parseBundle(bytes);
    if (entries === null || entries.length !== width) {
      this.#problem(entries === null ? "malformed_bundle" : "wrong_width", path);
      return false;
    }
    if (this.#options.records !== false)
      for (const [at, entry] of entries.entries())
        for (const fault of this.#records.check(entry)) this.#problem(fault, String(index * TILE_WIDTH + at));
    const hashes = await Promise.all(entries.map((entry) => leafHash(this.#sha256, entry)));
    await this.#comparePrefix(hashes);
    const grown = await appendLeaves(this.#tree, hashes, this.#sha256);
    this.#tree = grown.tree;
    for (const tile of grown.full) await this.#compareTile({ ...tile, width: TILE_WIDTH }, tile.hashes);
    return true;
  }

  /** Compares the remembered root as soon as the tree is about to pass its size. */
  async #comparePrefix(next: readonly Bytes[]): Promise<void> {
    const { previous } = this.#options;
    if (previous === undefined || previous.size > this.#checkpoint.size) return;
    const missing = previous.size - this.#tree.size;
    // the empty prefix is compared once, before the first bundle; any other within the bundle that completes it
    if (previous.size === 0 ? next.length > 0 : missing <= 0 || missing > next.length) return;
    const { tree } = await appendLeaves(this.#tree, next.slice(0, missing), this.#sha256);
    if (!equalBytes(await rootOf(tree, this.#sha256), previous.root)) this.#problem("forked", "checkpoint");
  }

  async #compareTile(ref: TileRef | FullTile, expected: Bytes): Promise<void> {
    const path = formatTilePath({ width: TILE_WIDTH, ...ref });
    const served = await this.#fetch(path);
    if (served === null) return;
    if (!equalBytes(served, expected)) this.#problem("tile_mismatch", path);
  }

  #edge(level: number): Bytes {
    return concat(...(this.#tree.edge[level] ?? []));
  }

  async #fetch(path: string): Promise<Bytes | null> {
    const bytes = await this.#options.fetch(path).catch(() => null);
    if (bytes === null) this.#problem("unreachable", path);
    return bytes;
  }

  #problem(fault: LogFault, where: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ fault, where });
  }

  #report(): VerifyReport {
    return {
      checkpoint: this.#checkpoint,
      verified: this.#tree.size,
      open: this.#records.open,
      problems: this.#problems,
    };
  }
}
