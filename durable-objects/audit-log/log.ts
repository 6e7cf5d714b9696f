// One log while it is awake: its tree in memory, its rows below it. Memory is only ever what the rows say: it is built
// from them, checked against the signed checkpoint, and moved on after a commit.

import type { AppendBatch } from "../../protocol/audit.ts";
import { equalBytes } from "../../protocol/encoding.ts";
import { openCheckpoint, signCheckpoint } from "../../transparency/checkpoint.ts";
import { type Sha256, webSha256 } from "../../transparency/hash.ts";
import { SALT_BYTES } from "../../transparency/leaf.ts";
import { rootOf, type Tree, treeFromEdge } from "../../transparency/tree.ts";
import { type NoteSigner, parseVkey } from "../../transparency/vkey.ts";
import { LogCorrupt, SequenceGap } from "./errors.ts";
import { planCommit } from "./plan.ts";
import type { LogStore } from "./store.ts";

export type AppendAnswer = { readonly acked_seq: number };

export class OpenLog {
  readonly name: string;
  readonly #store: LogStore;
  readonly #signer: NoteSigner;
  readonly #sha256: Sha256 = webSha256;
  #tree: Tree;

  private constructor(name: string, store: LogStore, signer: NoteSigner, tree: Tree) {
    this.name = name;
    this.#store = store;
    this.#signer = signer;
    this.#tree = tree;
  }

  /**
   * Wakes a log, or makes it with a signed checkpoint of size 0. A log that was signed with another key is signed again
   * with this one; the tree stays.
   * @throws LogCorrupt where rows and checkpoint disagree: to sign on would be to sign a fork
   */
  static async open(name: string, store: LogStore, signer: NoteSigner): Promise<OpenLog> {
    const row = store.read();
    if (row !== null && row.log !== name) throw new RangeError("this object is another log's");
    // of a log that was made by an earlier version, what that did not have
    store.createTables();
    const size = row?.size ?? 0;
    const tree = await treeFromEdge(size, row === null ? [] : store.edge(size), webSha256);
    const root = await rootOf(tree, webSha256);
    if (row !== null) {
      const opened = await openCheckpoint(row.note, await parseVkey(row.vkey));
      if (!opened.ok || opened.checkpoint.size !== size || !equalBytes(opened.checkpoint.root, root))
        throw new LogCorrupt();
    }
    if (row?.vkey !== signer.vkey) {
      const note = await signCheckpoint({ size, root }, signer);
      store.putCheckpoint(name, size, note, signer.vkey);
    }
    return new OpenLog(name, store, signer, tree);
  }

  get size(): number {
    return this.#tree.size;
  }

  /** Appends the batches in one commit under one signature. Answers them in order; an error is that batch's alone. */
  async append(batches: readonly AppendBatch[]): Promise<readonly (AppendAnswer | SequenceGap)[]> {
    const acked = this.#store.acked(new Set(batches.map(({ source }) => source)));
    const plan = await planCommit({ tree: this.#tree, batches, acked, salt: freshSalt, sha256: this.#sha256 });
    if (plan.entries.length > 0) {
      const note = await signCheckpoint({ size: plan.tree.size, root: plan.root }, this.#signer);
      this.#store.commit(this.name, plan, note, this.#signer.vkey);
      this.#tree = plan.tree;
    }
    return plan.verdicts.map((verdict) => (verdict instanceof SequenceGap ? verdict : { acked_seq: verdict }));
  }
}

function freshSalt(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES));
}
