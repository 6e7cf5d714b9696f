// One commit, worked out before anything is written: pure but for the hash and the salts that it is given.
import type { AppendBatch, AuditEnvelope } from "../../protocol/audit.ts";
import type { Bytes, Sha256 } from "../../transparency/hash.ts";
import { leafHash } from "../../transparency/hash.ts";
import { buildLeaf, type Leaf } from "../../transparency/leaf.ts";
import { appendLeaves, type FullTile, rootOf, type Tree } from "../../transparency/tree.ts";
import { SequenceGap } from "./errors.ts";

export interface PlannedEntry {
  readonly index: number;
  readonly requestId: string;
  readonly kind: AuditEnvelope["open"]["kind"];
  readonly leaf: Bytes;
  readonly hash: Bytes;
  /** JSON, null where the record held no personal field */
  readonly openings: string | null;
}

export interface CommitPlan {
  readonly tree: Tree;
  readonly root: Bytes;
  readonly entries: readonly PlannedEntry[];
  readonly full: readonly FullTile[];
  /** last sequence number in the log, of each source that this commit moves on */
  readonly acked: ReadonlyMap<string, number>;
  /** for each batch, in order: what its caller is answered */
  readonly verdicts: readonly (number | SequenceGap)[];
}

export interface PlanInput {
  readonly tree: Tree;
  readonly batches: readonly AppendBatch[];
  /** last sequence number in the log, of each source of these batches (absent: none) */
  readonly acked: ReadonlyMap<string, number>;
  readonly salt: () => Uint8Array;
  readonly sha256: Sha256;
}

/**
 * Takes the batches in order. What was seen is passed over, so a batch sent twice counts once, within one commit too; a
 * batch behind a gap appends nothing and leaves the others alone.
 */
export async function planCommit({ tree, batches, acked: before, salt, sha256 }: PlanInput): Promise<CommitPlan> {
  const acked = new Map<string, number>();
  const fresh: { readonly source: string; readonly envelope: AuditEnvelope }[] = [];
  const verdicts = batches.map((batch): number | SequenceGap => {
    const last = acked.get(batch.source) ?? before.get(batch.source) ?? 0;
    const unseen = batch.records.filter(({ seq }) => seq > last);
    const first = unseen[0];
    if (first === undefined) return last;
    if (first.seq !== last + 1) return new SequenceGap(last + 1);
    fresh.push(...unseen.map((envelope) => ({ source: batch.source, envelope })));
    acked.set(batch.source, last + unseen.length);
    return last + unseen.length;
  });
  const leaves = await Promise.all(fresh.map(({ source, envelope }) => buildLeaf(source, envelope, salt, sha256)));
  const hashes = await Promise.all(leaves.map(({ bytes }) => leafHash(sha256, bytes)));
  const grown = await appendLeaves(tree, hashes, sha256);
  const entries = fresh.map(({ envelope }, at) =>
    planned(tree.size + at, envelope, leaves[at] as Leaf, hashes[at] as Bytes),
  );
  return { ...grown, root: await rootOf(grown.tree, sha256), entries, acked, verdicts };
}

function planned(index: number, { open }: AuditEnvelope, leaf: Leaf, hash: Bytes): PlannedEntry {
  const openings = Object.keys(leaf.openings).length === 0 ? null : JSON.stringify(leaf.openings);
  return { index, requestId: open.request_id, kind: open.kind, leaf: leaf.bytes, hash, openings };
}
