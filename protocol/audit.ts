// What a ledger ships to the log: one envelope a record, in the order of that ledger's journal.
// `open` fields go into the leaf as they are; `personal` fields never do: the log turns each into a salted commitment
// and keeps the opening beside the log, where it can be erased without breaking a proof.
import type { RequestId } from "./ids.ts";

/** One judgement of a guard, without the text that it judged. */
export interface Verdict {
  readonly rule: string;
  readonly action: "pass" | "report" | "redact" | "block";
  /** `messages[3].content[1]`, as in an error's `param` */
  readonly where?: string;
  /** UTF-16 offsets into the text at `where`, end exclusive */
  readonly at?: readonly [start: number, end: number];
  /** 0 to 1 */
  readonly score?: number;
  /** the decoded view in which it was found */
  readonly view?: string;
}

interface OpenFields {
  readonly request_id: RequestId;
  /** Unix milliseconds by the ledger's clock */
  readonly time_ms: number;
  readonly tenant: string;
  readonly account: string;
  readonly credential_id: string;
  readonly route: string;
  readonly policy_digest: string;
}

/** Written by `admit` in the same commit as the reservation. */
export interface IntentFields extends OpenFields {
  readonly kind: "intent";
  readonly model: string | null;
  readonly version: string | null;
  readonly digest: string | null;
  readonly backend: string | null;
  readonly verdicts: readonly Verdict[];
  readonly reserved_prompt_tokens: number;
  readonly reserved_output_tokens: number;
  /** milliseconds spent in each step before `admit`; all zero where the platform's clock stands still */
  readonly latency_ms: Readonly<Record<string, number>>;
}

/** How an admitted request ended. `unknown`: its settlement never came and the lease ended; charged as reserved. */
export type OutcomeKind =
  | "completed"
  | "client_closed"
  | "backend_failed"
  | "backend_rejected"
  | "cut_by_guard"
  /** admitted, then refused by a second opinion before its backend was asked */
  | "refused_by_guard"
  | "oversize"
  | "idle"
  | "answered_locally"
  /** cut while it ran, because its credential was revoked */
  | "revoked"
  | "unknown";

export interface OutcomeFields extends OpenFields {
  readonly kind: "outcome";
  readonly outcome: OutcomeKind;
  readonly status: number;
  /** the backend that answered (a fallback may differ from the intent's) */
  readonly backend: string | null;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  /** false where the backend reported no usage and the counts are estimates */
  readonly usage_reported: boolean;
  readonly latency_ms: Readonly<Record<string, number>>;
  /** what the guards found in the answer, or a second opinion on the prompt; absent where nothing */
  readonly verdicts?: readonly Verdict[];
}

/** A request that was authenticated and then refused; the only leaf it leaves. */
export interface RefusalFields extends OpenFields {
  readonly kind: "refusal";
  readonly model: string | null;
  readonly code: string;
  readonly status: number;
  readonly verdicts: readonly Verdict[];
}

/** An administrator's act: a key minted, changed, revoked; a client made. */
export interface AdminFields {
  readonly kind: "admin";
  readonly request_id: RequestId;
  readonly time_ms: number;
  readonly tenant: string;
  readonly credential_id: string;
  readonly action: string;
  readonly target: string;
}

/**
 * Refusals that were counted by one isolate, not recorded one by one: those without identity, under a source of the
 * isolate's own, and those of its own cap for one account, under the account's ledger.
 */
export interface TallyFields {
  readonly kind: "tally";
  /** the request whose waitUntil flushed it; an id of the count's own where an account is named */
  readonly request_id: RequestId;
  readonly tenant?: string;
  readonly account?: string;
  readonly time_ms: number;
  readonly since_ms: number;
  /** an isolate that ends takes with it what it had not flushed */
  readonly lower_bound: true;
  /** refusal code → count */
  readonly counts: Readonly<Record<string, number>>;
  /** distinct client addresses that were counted */
  readonly addresses: number;
  readonly policy_digest: string;
}

/** Personal data and digests of content. Each becomes `commitments.NAME` in the leaf. */
export interface PersonalFields {
  readonly subject?: string;
  readonly client_address?: string;
  /** JSON, address → count, of a tally */
  readonly client_addresses?: string;
  /** base64url SHA-256 of the request as it was serialised for the backend */
  readonly prompt_sha256?: string;
  /** base64url SHA-256 of the bytes delivered to the client */
  readonly result_sha256?: string;
}

export interface AuditEnvelope {
  /** position in the source's outbox: 1, 2, 3 … without gaps; the log appends each once */
  readonly seq: number;
  readonly open: IntentFields | OutcomeFields | RefusalFields | AdminFields | TallyFields;
  readonly personal: PersonalFields;
}

export interface AppendBatch {
  /** the log that the tenant is assigned to */
  readonly log: string;
  /** the ledger (or `control`) that ships; with `seq` it makes an append idempotent */
  readonly source: string;
  readonly records: readonly AuditEnvelope[];
}
