// A ledger's state in memory: what `decide` reads and only `apply` changes. It holds no personal data.
import type { Sketch } from "../../guards/extraction/index.ts";
import type { LedgerName, RequestId } from "../../protocol/ids.ts";
import { type ResolvedLimits, resolveLimits } from "../../protocol/limits.ts";
import type { CredentialRow } from "../../protocol/rpc.ts";
import { emptyWindows, type Windows } from "./calendar.ts";
import type { Caller } from "./commands.ts";
import type { StoredReply } from "./events.ts";
import { emptyRates, type Rates } from "./gcra.ts";

/** Fixed when the ledger is provisioned. */
export interface Identity {
  readonly name: LedgerName;
  readonly tenant: string;
  readonly account: string;
  /** the log that the tenant is assigned to */
  readonly log: string;
}

/** A row for a credential. */
export interface Credential {
  readonly row: CredentialRow;
  readonly revoked: boolean;
  /** when a request last came that was not answered 401; null: never */
  readonly lastUsedAtMs: number | null;
  /** the row's first expiry: revoked and shortened rows stay until then, so that no late repeat of a provision revives one */
  readonly forgetAtMs: number;
}

/** What one admitted request holds until it settles or its lease ends. */
export interface Reservation {
  readonly credentialId: string;
  readonly callerKind: Caller["kind"];
  readonly route: string;
  readonly policyDigest: string;
  readonly backend: string | null;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** the windows it was charged to: what is given back later than they last is gone with them */
  readonly day: number;
  readonly month: number;
  readonly leaseExpiresAtMs: number;
}

export interface Remembered {
  readonly atMs: number;
  readonly reply: StoredReply;
}

/** A proof that was used, and by which request. */
export interface SeenProof {
  readonly requestId: RequestId;
  readonly untilMs: number;
}

export interface LedgerState {
  /** null: never provisioned, so every caller is refused */
  identity: Identity | null;
  limits: ResolvedLimits;
  readonly credentials: Map<string, Credential>;
  /** `jti` of a revoked access token → until when it is kept */
  readonly revokedTokens: Map<string, number>;
  readonly rates: Rates;
  windows: Windows;
  readonly open: Map<RequestId, Reservation>;
  /** in the order of time, oldest first */
  readonly replies: Map<RequestId, Remembered>;
  readonly replays: Map<string, SeenProof>;
  /** what the account's prompts looked like lately: see guards/extraction */
  readonly sketch: Sketch;
  /** when the next of the replays is due to be forgotten */
  replaysDueMs: number;
  /** time of the newest event: this ledger's clock never runs backwards, whichever machine it wakes on */
  clockMs: number;
  /** `seq` of the next audit record */
  nextRecord: number;
  shippedRecord: number;
  shippedRow: number;
}

export function emptyState(): LedgerState {
  return {
    identity: null,
    limits: resolveLimits({}, {}),
    credentials: new Map(),
    revokedTokens: new Map(),
    rates: emptyRates(),
    windows: emptyWindows(),
    open: new Map(),
    replies: new Map(),
    replays: new Map(),
    sketch: new Map(),
    replaysDueMs: Number.MAX_SAFE_INTEGER,
    clockMs: 0,
    nextRecord: 1,
    shippedRecord: 0,
    shippedRow: 0,
  };
}
