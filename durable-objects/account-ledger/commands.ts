// What a gateway asks of a ledger, and what it is answered. Plain data: it crosses an RPC border and stands in the journal.

import type { Probe, ProbingRule } from "../../guards/extraction/index.ts";
import type {
  IntentFields,
  OutcomeFields,
  OutcomeKind,
  PersonalFields,
  RefusalFields,
  Verdict,
} from "../../protocol/audit.ts";
import type { RequestId } from "../../protocol/ids.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { ChangeCommand, ProvisionCommand, SubjectTerms, UsageReport } from "../../protocol/rpc.ts";

/** Who asks: taken from a token that was verified, judged again inside by the credential's own row. */
export interface Caller {
  readonly tenant: string;
  readonly account: string;
  readonly credentialId: string;
  readonly kind: "api_key" | "access_token" | "external";
  /** the token's `exp` */
  readonly expiresAtMs: number;
  readonly clientAddress: string | null;
}

interface Common {
  readonly requestId: RequestId;
  readonly caller: Caller;
  readonly policyDigest: string;
  /** `POST /v1/chat/completions` and the like */
  readonly route: string;
  readonly personal: PersonalFields;
  /**
   * The proof that came with the request and is good for it alone: `key` names it among all of this account (a digest, no
   * personal data, at most 128 characters), and no gateway takes it as fresh at `expiresAtMs` or later.
   */
  readonly replay?: { readonly key: string; readonly expiresAtMs: number };
  /**
   * Of an external subject alone, whom no administrator provisions: its tenant's terms as policy has them now. The call
   * makes the ledger where there is none yet, and lays other limits into it.
   */
  readonly terms?: SubjectTerms;
}

/** The one call of a request that may go on: revocation, narrowing, rates, quotas, reservation and audit intent. */
export interface AdmitCommand extends Common {
  readonly kind: "admit";
  /** any one of these in the credential's row is enough (`infer:MODEL`, `infer:MODEL@VERSION`, …); empty: no scope needed */
  readonly anyScope: readonly string[];
  /** each of these must be in it as well: fields that the request uses and that need a scope of their own */
  readonly allScopes?: readonly string[];
  /** what the prompt looks like to the search for systematic probing, and the rule that it is judged by */
  readonly probing?: { readonly probe: Probe; readonly rule: ProbingRule };
  /** absent for GET routes, which reserve nothing and are recorded as answered */
  readonly reserve: {
    readonly promptTokens: number;
    /** n × the output limit that is sent to the backend */
    readonly outputTokens: number;
    readonly leaseMs: number;
  } | null;
  readonly intent: Pick<IntentFields, "model" | "version" | "digest" | "backend" | "verdicts" | "latency_ms">;
}

/** The one call of a request that was authenticated and refused. Revocation and replay come first: there 401 wins. */
export interface RefuseCommand extends Common {
  readonly kind: "refuse";
  readonly model: string | null;
  readonly code: string;
  readonly status: number;
  readonly verdicts: readonly Verdict[];
}

/** The end of a reservation. Idempotent by request id; rides on the next call to this ledger or is sent on its own. */
export interface Settlement {
  readonly requestId: RequestId;
  readonly outcome: OutcomeKind;
  readonly status: number;
  readonly backend: string | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly usageReported: boolean;
  /** nothing was delivered: the reservation is given back whole */
  readonly free: boolean;
  readonly latencyMs: Readonly<Record<string, number>>;
  readonly resultSha256: string | null;
  readonly verdicts?: readonly Verdict[];
}

/** Requests of the account that an isolate refused by its own cap, before any ledger was asked. Idempotent by `id`. */
export interface CapRefusals {
  readonly kind: "cap_refusals";
  /** its own: no request has it */
  readonly id: RequestId;
  readonly tenant: string;
  readonly account: string;
  readonly policyDigest: string;
  /** of the first of them, by the gateway's clock, Unix milliseconds */
  readonly sinceMs: number;
  readonly count: number;
  /** client address → count; addresses past a bound are in `count` alone */
  readonly addresses: Readonly<Record<string, number>>;
}

/** What rides on a call to a ledger and is applied before its command. */
export type Carried = Settlement | CapRefusals;

/** The RateLimit fields of an answer, from the state after this command. */
export type LimitHeaders = Readonly<Record<string, string>>;

export type AdmitReply =
  | { readonly admitted: true; readonly leaseExpiresAtMs: number | null; readonly headers: LimitHeaders }
  | { readonly admitted: false; readonly refusal: Refusal };

/** What to answer in place of the caller's own refusal: 401 where the credential is revoked or its proof was used before. */
export type RefuseReply = { readonly override: Refusal | null };

/** Public methods of the AccountLedger object, as gateway calls them through its stub. */
export interface LedgerRpc {
  /** What is carried is applied before the command. A repeat of the same request id gets the first answer. */
  admit(command: AdmitCommand, carried: readonly Carried[]): Promise<AdmitReply>;
  refuse(command: RefuseCommand, carried: readonly Carried[]): Promise<RefuseReply>;
  settle(carried: readonly Carried[]): Promise<void>;
  /** Prolongs a running stream's lease. False: the reservation is gone, or its credential is revoked: end the stream. */
  renew(requestId: RequestId, leaseMs: number): Promise<boolean>;
}

/** Public methods for gateway's `Admin` entrypoint, which finds the ledger by its account and passes the rest on. */
export interface LedgerAdminRpc {
  /** Idempotent by credential id. The limits of the newest credential are the account's. */
  provision(command: ProvisionCommand): Promise<void>;
  /** Holds from the next request. False: the credential is unknown or revoked. */
  change(command: Omit<ChangeCommand, "jurisdiction" | "account">): Promise<boolean>;
  /**
   * A row's id, or in a client's account the `jti` of one access token. False: unknown.
   * @param expiresAtMs the token's own `exp`: past it, its id is forgotten. Absent: kept as long as any token may live
   */
  revoke(credentialId: string, expiresAtMs?: number): Promise<boolean>;
  /** null: the ledger was never provisioned */
  usage(): Promise<UsageReport | null>;
}

export type { OutcomeFields, RefusalFields };
