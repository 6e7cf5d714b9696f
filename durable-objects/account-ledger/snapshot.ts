// The state as text and back. A snapshot replaces all rows before it, so it holds what they made and nothing personal.
// What the first ledgers did not keep (proofs, last uses, the sketch of probing) may be absent.
import type { SketchEntry } from "../../guards/extraction/index.ts";
import type { RequestId } from "../../protocol/ids.ts";
import {
  type Credential,
  emptyState,
  type LedgerState,
  type Remembered,
  type Reservation,
  type SeenProof,
} from "./state.ts";

const FORMAT = 1;

interface Snapshot
  extends Omit<LedgerState, "credentials" | "revokedTokens" | "open" | "replies" | "replays" | "sketch"> {
  readonly format: typeof FORMAT;
  readonly credentials: [string, Pick<Credential, "row" | "revoked"> & Partial<Credential>][];
  readonly revokedTokens: [string, number][];
  readonly open: [RequestId, Reservation][];
  readonly replies: [RequestId, Remembered][];
  readonly replays?: [string, SeenProof][];
  readonly sketch?: [number, SketchEntry][];
}

export function toSnapshot(state: LedgerState): string {
  const snapshot: Snapshot = {
    ...state,
    format: FORMAT,
    credentials: [...state.credentials],
    revokedTokens: [...state.revokedTokens],
    open: [...state.open],
    replies: [...state.replies],
    replays: [...state.replays],
    sketch: [...state.sketch],
  };
  return JSON.stringify(snapshot);
}

/** @throws where the text is of a format that this version does not know: to guess at quotas would be worse */
export function fromSnapshot(text: string): LedgerState {
  const { format, ...kept } = JSON.parse(text) as Snapshot;
  if (format !== FORMAT) throw new Error("unknown format of a ledger's snapshot");
  return {
    ...emptyState(),
    ...kept,
    credentials: new Map(kept.credentials.map(([id, known]) => [id, credentialOf(known)])),
    revokedTokens: new Map(kept.revokedTokens),
    open: new Map(kept.open),
    replies: new Map(kept.replies),
    replays: new Map(kept.replays),
    sketch: new Map(kept.sketch),
  };
}

function credentialOf({ row, revoked, lastUsedAtMs, forgetAtMs }: Snapshot["credentials"][number][1]): Credential {
  return { row, revoked, lastUsedAtMs: lastUsedAtMs ?? null, forgetAtMs: forgetAtMs ?? row.expires_at_ms };
}
