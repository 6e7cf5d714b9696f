// What stands in the journal: one row an event, in the spelling in which it is persisted. Each event holds all that
// `apply` needs and all that its audit records need; nothing else is ever written of a request. `personal` stands in
// these rows alone: no state, no snapshot has it, and the rows go once they are shipped.
import type { Probe } from "../../guards/extraction/index.ts";
import type { IntentFields, OutcomeKind, PersonalFields, Verdict } from "../../protocol/audit.ts";
import type { LedgerName, RequestId } from "../../protocol/ids.ts";
import type { QuotaLimits, ResolvedLimits } from "../../protocol/limits.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { CredentialRow } from "../../protocol/rpc.ts";
import type { Caller } from "./commands.ts";

/** What a repeat of the request is answered. Headers are not kept: a repeat gets those of its own moment. */
export type StoredReply =
  | { readonly kind: "admitted"; readonly lease_expires_at_ms: number | null }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "noted"; readonly override: Refusal | null };

interface At {
  /** Unix milliseconds, never less than those of the row before */
  readonly at: number;
}

/** What every audit record of a request says, but for the tenant and account, which are the ledger's. */
export interface About {
  readonly request_id: RequestId;
  readonly credential_id: string;
  readonly route: string;
  readonly policy_digest: string;
}

interface Recorded extends At, About {
  /** `seq` of its first audit record */
  readonly record: number;
}

/** A request, and the proof that is good for it alone: kept with the event, so that a rebuilt ledger knows it too. */
interface Requested extends Recorded {
  readonly caller_kind: Caller["kind"];
  readonly replay?: { readonly key: string; readonly expires_at_ms: number };
}

export interface Provisioned extends At {
  readonly kind: "provisioned";
  readonly name: LedgerName;
  readonly tenant: string;
  readonly account: string;
  readonly log: string;
  readonly limits: ResolvedLimits;
  readonly credential: CredentialRow;
}

export interface Changed extends At {
  readonly kind: "changed";
  readonly credential_id: string;
  readonly limits?: QuotaLimits;
  readonly scopes?: readonly string[];
  readonly allow_cidrs?: readonly string[];
  /** earlier than the row's own, or without effect */
  readonly expires_at_ms?: number;
}

/** A row's id, or the `jti` of one access token. */
export interface Revoked extends At {
  readonly kind: "revoked";
  readonly credential_id: string;
  /** of one access token: until when its id is kept */
  readonly until_ms?: number;
}

/** Reservation and audit intent in one. Without a reservation (GET) it is intent and outcome at once. */
export interface Admitted extends Requested {
  readonly kind: "admitted";
  readonly personal: PersonalFields;
  readonly intent: Pick<IntentFields, "model" | "version" | "digest" | "backend" | "verdicts" | "latency_ms">;
  readonly reserve: {
    readonly prompt_tokens: number;
    readonly output_tokens: number;
    readonly lease_expires_at_ms: number;
  } | null;
  /** numbers that no text can be had from, kept in the account's sketch for `window_ms` */
  readonly probe?: Probe & { readonly window_ms: number };
}

export interface Refused extends Requested {
  readonly kind: "refused";
  readonly personal: PersonalFields;
  readonly model: string | null;
  readonly code: string;
  readonly status: number;
  readonly verdicts: readonly Verdict[];
  /** whether the request rates count it: not where they themselves refused it, nor where no credential stood behind it */
  readonly counted: boolean;
  readonly reply: StoredReply;
}

/** Requests that an isolate refused by its own cap, counted there. */
export interface Capped extends At {
  readonly kind: "capped";
  readonly record: number;
  /** the count's own id; with `replay`, so that it is taken once */
  readonly request_id: RequestId;
  readonly policy_digest: string;
  /** by the gateway's clock */
  readonly since_ms: number;
  readonly count: number;
  readonly addresses: number;
  readonly personal: PersonalFields;
  readonly replay: { readonly key: string; readonly expires_at_ms: number };
}

export interface Settled extends Recorded {
  readonly kind: "settled";
  readonly outcome: OutcomeKind;
  readonly status: number;
  readonly backend: string | null;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly usage_reported: boolean;
  readonly free: boolean;
  readonly latency_ms: Readonly<Record<string, number>>;
  readonly result_sha256: string | null;
  readonly verdicts?: readonly Verdict[];
}

/** A lease that ended without a settlement: charged as reserved, outcome `unknown`. */
export interface Expired extends Recorded {
  readonly kind: "expired";
  readonly backend: string | null;
  readonly prompt_tokens: number;
  readonly output_tokens: number;
}

export interface Renewed extends At {
  readonly kind: "renewed";
  readonly request_id: RequestId;
  readonly lease_expires_at_ms: number;
}

/** The log holds all records up to `record`; all rows up to `row` have nothing left to ship. */
export interface Shipped extends At {
  readonly kind: "shipped";
  readonly record: number;
  readonly row: number;
}

export type LedgerEvent =
  | Provisioned
  | Changed
  | Revoked
  | Admitted
  | Refused
  | Capped
  | Settled
  | Expired
  | Renewed
  | Shipped;

/** How many audit records the event becomes. */
export function recordCount(event: LedgerEvent): number {
  switch (event.kind) {
    case "admitted":
      return event.reserve === null ? 2 : 1;
    case "refused":
    case "capped":
    case "settled":
    case "expired":
      return 1;
    case "provisioned":
    case "changed":
    case "revoked":
    case "renewed":
    case "shipped":
      return 0;
  }
}
