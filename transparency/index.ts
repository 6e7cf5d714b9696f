// Public names of the log's mathematics.
export { encodeBundle, MAX_ENTRY_BYTES, parseBundle } from "./bundle.ts";
export {
  type Checkpoint,
  formatCheckpoint,
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from "./checkpoint.ts";
export { type Bytes, emptyRoot, HASH_BYTES, leafHash, nodeHash, type Sha256, webSha256 } from "./hash.ts";
export {
  buildLeaf,
  type Leaf,
  MAX_LEAF_BYTES,
  type Opening,
  type Openings,
  opensCommitment,
  PERSONAL_NAMES,
  type PersonalName,
  SALT_BYTES,
} from "./leaf.ts";
export { NOTE_LIMITS, type NoteFault, type NoteLimits, type OpenedNote, openNote, signNote } from "./note.ts";
export { formatTilePath, parseTilePath, type TilePath } from "./path.ts";
export { verifyConsistency, verifyInclusion } from "./proof.ts";
export { consistencyProof, inclusionProof, rootFromTiles } from "./prove.ts";
export { hashesAtLevel, TILE_WIDTH, type TileRef, type TileSource, tileRef, tilesSince } from "./tile.ts";
export {
  appendLeaves,
  EMPTY_TREE,
  type FullTile,
  foldPerfect,
  rootOf,
  splitHashes,
  type Tree,
  treeFromEdge,
} from "./tree.ts";
export {
  type LogFault,
  type LogProblem,
  MAX_PROBLEMS,
  type VerifyOptions,
  type VerifyReport,
  verifyLog,
} from "./verify.ts";
export { RecordChecker, type RecordFault } from "./verify-records.ts";
export { importNoteSigner, isKeyName, NoteKeyError, type NoteSigner, type NoteVerifier, parseVkey } from "./vkey.ts";
