// The commands a ledger decides on, and what each is answered.
import type { RequestId } from "../../protocol/ids.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { ChangeCommand, ProvisionCommand, SubjectTerms } from "../../protocol/rpc.ts";
import type { AdmitCommand, Caller, CapRefusals, RefuseCommand, RefuseReply, Settlement } from "./commands.ts";
import type { LedgerEvent } from "./events.ts";
import type { LedgerLimits } from "./limits.ts";
import type { LedgerState } from "./state.ts";

export interface Decision<Reply> {
  readonly events: readonly LedgerEvent[];
  readonly reply: Reply;
}

/** @param now Unix milliseconds, whole; the caller sees to it that it is never less than `state.clockMs` */
export type Decider<Command, Reply> = (
  state: LedgerState,
  command: Command,
  now: number,
  limits: LedgerLimits,
) => Decision<Reply>;

export interface Commands {
  readonly admit: AdmitCommand;
  readonly refuse: RefuseCommand;
  readonly settle: Settlement;
  readonly capRefusals: CapRefusals;
  readonly renew: { readonly requestId: RequestId; readonly leaseMs: number };
  /** of an external subject's request, before it is decided */
  readonly enrol: { readonly caller: Caller; readonly terms: SubjectTerms };
  /** ends the leases that are due */
  readonly expire: null;
  readonly provision: ProvisionCommand;
  readonly change: Omit<ChangeCommand, "jurisdiction" | "account">;
  readonly revoke: { readonly credentialId: string; readonly expiresAtMs?: number | undefined };
  /** the log has acknowledged */
  readonly shipped: { readonly record: number; readonly row: number };
}
export type CommandKind = keyof Commands;

/** An `AdmitReply` without its headers, which are taken from the state after the event. */
export type AdmitAnswer =
  | { readonly admitted: true; readonly leaseExpiresAtMs: number | null }
  | { readonly admitted: false; readonly refusal: Refusal };

export interface Replies {
  readonly admit: AdmitAnswer;
  readonly refuse: RefuseReply;
  readonly settle: null;
  readonly capRefusals: null;
  readonly renew: boolean;
  readonly enrol: null;
  readonly expire: null;
  readonly provision: "done" | "another_account" | "too_many_credentials";
  readonly change: boolean;
  readonly revoke: "done" | "unknown" | "too_many_tokens";
  readonly shipped: null;
}

/** Unix milliseconds. */
export function isTime(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= 8_640_000_000_000_000;
}

/** Whole, not negative, and small enough that sums of many stay exact. */
export function isAmount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 1_000_000_000_000;
}
