// The public copy of the log in R2, as a static tlog-tiles tree under `LOG/`. Order is everything: full tiles and
// bundles, then partial ones, then the checkpoint that needs them, then the row that says so.
//
// What a crash leaves:
// - between two tiles: files that no checkpoint names yet. They are written again with the same bytes, since a full
//   tile never changes and a partial one is named by its width.
// - before the checkpoint: the old checkpoint, whose tiles are all still there. A reader sees an older log, and a whole one.
// - before `published`: a checkpoint in R2 that the object does not know of. The next round puts its own over it.
// Who can write to the bucket can withhold the log or show an old one, but not change it: the signature is the object's.
import { encodeBundle } from "../../transparency/bundle.ts";
import { parseCheckpoint } from "../../transparency/checkpoint.ts";
import { formatTilePath, type TilePath } from "../../transparency/path.ts";
import { TILE_WIDTH, type TileRef, tilesSince } from "../../transparency/tile.ts";
import type { AuditLogLimits } from "./limits.ts";
import type { LogReader } from "./reads.ts";
import type { LogRow, LogStore } from "./store.ts";

/** What publication needs of R2: the least that a bucket must do. */
export type LogBucket = Pick<R2Bucket, "get" | "put">;

const TILE_HEADERS = { contentType: "application/octet-stream", cacheControl: "private, max-age=31536000, immutable" };
const CHECKPOINT_HEADERS = { contentType: "text/plain; charset=utf-8", cacheControl: "private, no-store" };

/** Uploads what R2 lacks. False: there is more to do, for the next alarm. Throws what the bucket throws. */
export async function publish(
  row: LogRow,
  bucket: LogBucket,
  reader: LogReader,
  store: LogStore,
  limits: AuditLogLimits,
  nowMs: () => number,
): Promise<boolean> {
  // `row` is the state at the start: appends go on meanwhile, but what it covers never changes
  const target = Math.min(row.size, row.uploadedSize + limits.maxTilesPerRound * TILE_WIDTH);
  const full = [...tilesSince(row.uploadedSize, target)].filter(({ width }) => width === TILE_WIDTH);
  for (const ref of full) await putTile(row, ref, bucket, reader);
  store.putUploaded(target);
  if (target < row.size) return false;
  const partial = [...tilesSince(row.publishedSize, row.size)].filter(({ width }) => width < TILE_WIDTH);
  for (const ref of partial) await putTile(row, ref, bucket, reader);
  await putCheckpoint(row, bucket);
  store.putPublished(row.size, row.note, nowMs());
  return true;
}

async function putTile(row: LogRow, ref: TileRef, bucket: LogBucket, reader: LogReader): Promise<void> {
  const paths: TilePath[] = ref.level === 0 ? [{ ...ref, level: "entries" }, ref] : [ref];
  for (const path of paths) {
    // the bundle of an entry-less place cannot occur: tilesSince names places that the tree has
    const bytes = reader.resource(row.size, path) ?? encodeBundle([]);
    await bucket.put(`${row.log}/${formatTilePath(path)}`, bytes, { httpMetadata: TILE_HEADERS });
  }
}

/**
 * Never over a larger one: an instance that lost its place but still has a write in flight must not turn time back, and
 * an object restored to an earlier point must not hide that it forked: this fails until someone has looked.
 */
async function putCheckpoint(row: LogRow, bucket: LogBucket): Promise<void> {
  const key = `${row.log}/checkpoint`;
  const there = await bucket.get(key);
  if (there !== null && sizeOf(await there.text()) > row.size) throw new Error("the bucket holds a larger checkpoint");
  const onlyIf = there === null ? { etagDoesNotMatch: "*" } : { etagMatches: there.etag };
  const put = await bucket.put(key, row.note, { httpMetadata: CHECKPOINT_HEADERS, onlyIf });
  if (put === null) throw new Error("the checkpoint was changed meanwhile");
}

function sizeOf(note: string): number {
  return parseCheckpoint(note.slice(0, note.lastIndexOf("\n\n") + 1))?.size ?? -1;
}
