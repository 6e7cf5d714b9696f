// The state as text and back. A snapshot replaces all rows before it, so it holds what they made and nothing personal.
import type { RequestId } from "../../protocol/ids.ts";
import type { LedgerState, Remembered, Reservation } from "./state.ts";

const FORMAT = 1;

interface Snapshot extends Omit<LedgerState, "credentials" | "revokedTokens" | "open" | "replies"> {
  readonly format: typeof FORMAT;
  readonly credentials: [string, LedgerState["credentials"] extends Map<string, infer V> ? V : never][];
  readonly revokedTokens: [string, number][];
  readonly open: [RequestId, Reservation][];
  readonly replies: [RequestId, Remembered][];
}

export function toSnapshot(state: LedgerState): string {
  const snapshot: Snapshot = {
    ...state,
    format: FORMAT,
    credentials: [...state.credentials],
    revokedTokens: [...state.revokedTokens],
    open: [...state.open],
    replies: [...state.replies],
  };
  return JSON.stringify(snapshot);
}

/** @throws where the text is of a format that this version does not know: to guess at quotas would be worse */
export function fromSnapshot(text: string): LedgerState {
  const { format, ...kept } = JSON.parse(text) as Snapshot;
  if (format !== FORMAT) throw new Error("unknown format of a ledger's snapshot");
  return {
    ...kept,
    credentials: new Map(kept.credentials),
    revokedTokens: new Map(kept.revokedTokens),
    open: new Map(kept.open),
    replies: new Map(kept.replies),
  };
}
