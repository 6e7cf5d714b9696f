// The only place that changes a ledger's state: `apply(state, event) → state`, the same from the same, at the moment of
// decision and when the journal is rebuilt. It works in place (an admission must not copy thousands of reservations) and
// returns the state it was given.
import { observe } from "../../guards/extraction/index.ts";
import type { RequestId } from "../../protocol/ids.ts";
import { type ResolvedLimits, resolveLimits } from "../../protocol/limits.ts";
import { giveBack as giveBackBudget, reserve as reserveBudget } from "./calendar.ts";
import { isForgettable, liveRows } from "./credentials.ts";
import {
  type Admitted,
  type Changed,
  type LedgerEvent,
  type Provisioned,
  type Refused,
  type Revoked,
  recordCount,
  type Settled,
  type StoredReply,
} from "./events.ts";
import { charge, gaugeOf, giveBack, RATE_NAMES, type RateName, regauge } from "./gcra.ts";
import type { LedgerLimits } from "./limits.ts";
import { rateRefusal } from "./quotas.ts";
import { keepProof } from "./replays.ts";
import type { LedgerState } from "./state.ts";

export function apply(state: LedgerState, event: LedgerEvent, limits: LedgerLimits): LedgerState {
  change(state, event, limits);
  state.clockMs = Math.max(state.clockMs, event.at);
  state.nextRecord += recordCount(event);
  return state;
}

function change(state: LedgerState, event: LedgerEvent, limits: LedgerLimits): void {
  switch (event.kind) {
    case "admitted":
      admitted(state, event, limits);
      break;
    case "refused":
      refused(state, event, limits);
      break;
    case "capped":
      keepProof(state, event, limits);
      break;
    case "settled":
      settled(state, event);
      break;
    case "expired":
      // nothing goes back: what a lost request used is unknown, so it used all that it reserved
      state.open.delete(event.request_id);
      break;
    case "renewed": {
      const open = state.open.get(event.request_id);
      if (open) state.open.set(event.request_id, { ...open, leaseExpiresAtMs: event.lease_expires_at_ms });
      break;
    }
    case "provisioned":
      provisioned(state, event, limits);
      break;
    case "changed":
      changed(state, event);
      break;
    case "revoked":
      revoked(state, event, limits);
      break;
    case "shipped":
      state.shippedRecord = event.record;
      state.shippedRow = event.row;
  }
}

function admitted(state: LedgerState, event: Admitted, limits: LedgerLimits): void {
  keepProof(state, event, limits);
  used(state, event, limits);
  countRequest(state, event.at);
  if (event.probe !== undefined) observe(state.sketch, event.probe, event.at, event.probe.window_ms);
  remember(
    state,
    event.request_id,
    event.at,
    { kind: "admitted", lease_expires_at_ms: event.reserve?.lease_expires_at_ms ?? null },
    limits,
  );
  if (event.reserve === null) return;
  const { prompt_tokens: prompt, output_tokens: output } = event.reserve;
  chargeRate(state, "input_tokens_per_minute", prompt, event.at);
  chargeRate(state, "output_tokens_per_minute", output, event.at);
  state.windows = reserveBudget(state.windows, prompt + output, event.at);
  state.open.set(event.request_id, {
    credentialId: event.credential_id,
    callerKind: event.caller_kind,
    route: event.route,
    policyDigest: event.policy_digest,
    backend: event.intent.backend,
    promptTokens: prompt,
    outputTokens: output,
    day: state.windows.day,
    month: state.windows.month,
    leaseExpiresAtMs: event.reserve.lease_expires_at_ms,
  });
}

function refused(state: LedgerState, event: Refused, limits: LedgerLimits): void {
  keepProof(state, event, limits);
  // what was answered 401 is no one's use of the credential
  if (event.status !== 401) used(state, event, limits);
  // A request that the rates would have refused had it come this far does not count: else a flood of refused requests
  // would push the rates ever further into the future.
  if (event.counted && rateRefusal(state, event.at) === null) countRequest(state, event.at);
  remember(state, event.request_id, event.at, event.reply, limits);
}

function settled(state: LedgerState, event: Settled): void {
  const open = state.open.get(event.request_id);
  if (open === undefined) return;
  state.open.delete(event.request_id);
  const prompt = open.promptTokens - (event.free ? 0 : event.prompt_tokens);
  const output = open.outputTokens - (event.free ? 0 : event.completion_tokens);
  giveBackRate(state, "input_tokens_per_minute", prompt, event.at);
  giveBackRate(state, "output_tokens_per_minute", output, event.at);
  state.windows = giveBackBudget(
    state.windows,
    open,
    { requests: event.free ? 1 : 0, tokens: prompt + output },
    event.at,
  );
}

function provisioned(state: LedgerState, event: Provisioned, limits: LedgerLimits): void {
  const { name, tenant, account, log, credential, at } = event;
  state.identity ??= { name, tenant, account, log };
  for (const [id, known] of state.credentials)
    if (isForgettable(known, at - limits.clockSkewMs)) state.credentials.delete(id);
  state.credentials.set(credential.id, {
    row: credential,
    revoked: false,
    lastUsedAtMs: null,
    forgetAtMs: credential.expires_at_ms,
  });
  setLimits(state, event.limits, at);
}

function changed(state: LedgerState, event: Changed): void {
  if (event.limits) setLimits(state, resolveLimits(event.limits, state.limits), event.at);
  const known = state.credentials.get(event.credential_id);
  if (known === undefined) return;
  const { row } = known;
  state.credentials.set(row.id, {
    ...known,
    row: {
      ...row,
      scopes: event.scopes ?? row.scopes,
      allow_cidrs: event.allow_cidrs ?? row.allow_cidrs,
      expires_at_ms: Math.min(row.expires_at_ms, event.expires_at_ms ?? row.expires_at_ms),
    },
  });
}

function revoked(state: LedgerState, event: Revoked, limits: LedgerLimits): void {
  const known = state.credentials.get(event.credential_id);
  if (known !== undefined) {
    state.credentials.set(event.credential_id, { ...known, revoked: true });
    return;
  }
  for (const [id, until] of state.revokedTokens) if (until <= event.at) state.revokedTokens.delete(id);
  state.revokedTokens.set(event.credential_id, event.until_ms ?? event.at + limits.revokedTokenMs);
}

/** Every row that vouches for the caller counts as used: of a client's rows no one can say which it was. */
function used(state: LedgerState, event: Admitted | Refused, limits: LedgerLimits): void {
  const caller = { credentialId: event.credential_id, kind: event.caller_kind, expiresAtMs: Number.POSITIVE_INFINITY };
  for (const known of liveRows(state, caller, event.at, limits))
    state.credentials.set(known.row.id, { ...known, lastUsedAtMs: event.at });
}

function setLimits(state: LedgerState, next: ResolvedLimits, at: number): void {
  for (const name of RATE_NAMES)
    if (next[name] !== state.limits[name])
      state.rates[name] = regauge(state.rates[name], gaugeOf(state.limits, name), gaugeOf(next, name), at);
  state.limits = next;
}

function countRequest(state: LedgerState, at: number): void {
  chargeRate(state, "requests_per_second", 1, at);
  chargeRate(state, "requests_per_minute", 1, at);
}

function chargeRate(state: LedgerState, name: RateName, weight: number, at: number): void {
  const gauge = gaugeOf(state.limits, name);
  if (gauge !== null) state.rates[name] = charge(state.rates[name], gauge, weight, at);
}

function giveBackRate(state: LedgerState, name: RateName, weight: number, at: number): void {
  const gauge = gaugeOf(state.limits, name);
  if (gauge !== null && weight !== 0) state.rates[name] = giveBack(state.rates[name], gauge, weight, at);
}

function remember(state: LedgerState, id: RequestId, atMs: number, reply: StoredReply, limits: LedgerLimits): void {
  state.replies.set(id, { atMs, reply });
  for (const [oldest, { atMs: since }] of state.replies) {
    if (state.replies.size <= limits.maxRememberedReplies && since > atMs - limits.rememberMs) return;
    state.replies.delete(oldest);
  }
}
