// The two commands of a request: `admit` and `refuse`. Each is one call, one row, and one answer for good.
//
//   repeat?  → the first answer again
//   401      ledger not provisioned, or another tenant's · credential unknown, revoked, expired · its proof used before
//   403      the credential's own network rules, its own scopes
//   400      more than a limit could ever take
//   429      requests per second and minute · per day · concurrency · tokens per minute · budgets
//   else     reservation and audit intent in one event
import type { RequestId } from "../../protocol/ids.ts";
import { answerOf, type Refusal } from "../../protocol/refusal.ts";
import type { AdmitCommand, RefuseCommand, RefuseReply } from "./commands.ts";
import { liveRows, NOT_AUTHENTICATED, narrowed, ownsLedger } from "./credentials.ts";
import { type AdmitAnswer, type Decider, type Decision, isAmount } from "./decision.ts";
import type { About, Refused, StoredReply } from "./events.ts";
import type { LedgerLimits } from "./limits.ts";
import { logIsBehind } from "./log-backlog.ts";
import { judgeProbing, withVerdicts } from "./probing.ts";
import { rateRefusal, reserveRefusal, sizeRefusal } from "./quotas.ts";
import { proofOf, replayRefusal } from "./replays.ts";
import type { LedgerState } from "./state.ts";

export const decideAdmit: Decider<AdmitCommand, AdmitAnswer> = (state, command, now, limits) => {
  const known = replyTo(state, command.requestId);
  if (known !== null) return { events: [], reply: admitAnswer(known) };
  // Without a log of its own there is nowhere to record it; and a stranger's request is no matter of this tenant's log.
  if (!ownsLedger(state, command.caller)) return { events: [], reply: { admitted: false, refusal: NOT_AUTHENTICATED } };
  if (logIsBehind(state, limits))
    return { events: [], reply: { admitted: false, refusal: { code: "log_unavailable" } } };

  const rows = liveRows(state, command.caller, now, limits);
  const unproved = rows.length === 0 ? NOT_AUTHENTICATED : replayRefusal(state, command, now, limits);
  if (unproved !== null) return refuseAdmit(state, withoutProof(command), unproved, isCounted(unproved), now, limits);
  const early =
    narrowed(rows, command) ?? malformed(command, limits) ?? (command.reserve && sizeRefusal(state, command.reserve));
  if (early !== null) return refuseAdmit(state, command, early, true, now, limits);
  const rate = rateRefusal(state, now);
  if (rate !== null) return refuseAdmit(state, command, rate, false, now, limits);
  const quota = command.reserve && reserveRefusal(state, command.reserve, now, limits);
  if (quota !== null) return refuseAdmit(state, command, quota, true, now, limits);

  const probing = judgeProbing(state, command, now);
  if (probing.refusal !== null)
    return refuseAdmit(state, withVerdicts(command, probing.verdicts), probing.refusal, true, now, limits);

  const lease = command.reserve && now + command.reserve.leaseMs;
  return {
    events: [
      {
        kind: "admitted",
        at: now,
        record: state.nextRecord,
        ...about(command),
        ...proofOf(command),
        personal: command.personal,
        intent: {
          ...command.intent,
          verdicts: [...probing.verdicts, ...command.intent.verdicts].slice(0, limits.maxVerdicts),
        },
        ...(command.probing && { probe: { ...command.probing.probe, window_ms: command.probing.rule.windowMs } }),
        reserve: command.reserve && {
          prompt_tokens: command.reserve.promptTokens,
          output_tokens: command.reserve.outputTokens,
          lease_expires_at_ms: now + command.reserve.leaseMs,
        },
      },
    ],
    reply: { admitted: true, leaseExpiresAtMs: lease },
  };
};

export const decideRefuse: Decider<RefuseCommand, RefuseReply> = (state, command, now, limits) => {
  const known = replyTo(state, command.requestId);
  if (known !== null) return { events: [], reply: { override: known.kind === "noted" ? known.override : null } };
  if (!ownsLedger(state, command.caller)) return { events: [], reply: { override: NOT_AUTHENTICATED } };
  const rows = liveRows(state, command.caller, now, limits);
  const override = rows.length === 0 ? NOT_AUTHENTICATED : replayRefusal(state, command, now, limits);
  if (logIsBehind(state, limits)) return { events: [], reply: { override } };
  const event: Refused = {
    kind: "refused",
    at: now,
    record: state.nextRecord,
    ...about(command),
    ...proofOf(override === null ? command : withoutProof(command)),
    personal: command.personal,
    model: command.model,
    code: override?.code ?? command.code,
    status: override === null ? command.status : answerOf(override).status,
    verdicts: command.verdicts.slice(0, limits.maxVerdicts),
    counted: override === null || isCounted(override),
    reply: { kind: "noted", override },
  };
  return { events: [event], reply: { override } };
};

function refuseAdmit(
  state: LedgerState,
  command: AdmitCommand,
  refusal: Refusal,
  counted: boolean,
  now: number,
  limits: LedgerLimits,
): Decision<AdmitAnswer> {
  const event: Refused = {
    kind: "refused",
    at: now,
    record: state.nextRecord,
    ...about(command),
    ...proofOf(command),
    personal: command.personal,
    model: command.intent.model,
    code: refusal.code,
    status: answerOf(refusal).status,
    verdicts: command.intent.verdicts.slice(0, limits.maxVerdicts),
    counted,
    reply: { kind: "refused", refusal },
  };
  return { events: [event], reply: { admitted: false, refusal } };
}

/** An open reservation remembers its own admission: a lost answer is found for as long as it can matter. */
function replyTo(state: LedgerState, requestId: RequestId): StoredReply | null {
  const open = state.open.get(requestId);
  if (open !== undefined) return { kind: "admitted", lease_expires_at_ms: open.leaseExpiresAtMs };
  return state.replies.get(requestId)?.reply ?? null;
}

/** A request that was refused through `refuse` never comes back as `admit`: if it does, the caller is at fault. */
function admitAnswer(reply: StoredReply): AdmitAnswer {
  if (reply.kind === "admitted") return { admitted: true, leaseExpiresAtMs: reply.lease_expires_at_ms };
  return { admitted: false, refusal: reply.kind === "refused" ? reply.refusal : { code: "internal_error" } };
}

/** A reservation that is no amount would slip under every limit (`NaN` compares false), so it is never trusted. */
function malformed({ reserve }: AdmitCommand, limits: LedgerLimits): Refusal | null {
  if (reserve === null) return null;
  const { promptTokens, outputTokens, leaseMs } = reserve;
  const sound = isAmount(promptTokens) && isAmount(outputTokens) && isAmount(leaseMs) && leaseMs > 0;
  return sound && leaseMs <= limits.maxLeaseMs ? null : { code: "internal_error" };
}

/** Who steals a token or a used proof spends nothing of its owner's rates. */
function isCounted({ code }: Refusal): boolean {
  return code !== NOT_AUTHENTICATED.code;
}

/** What was refused for its proof does not use it up; see replays.ts. */
function withoutProof<C extends AdmitCommand | RefuseCommand>({ replay: _, ...command }: C): Omit<C, "replay"> {
  return command;
}

function about(command: AdmitCommand | RefuseCommand): About & Pick<Refused, "caller_kind"> {
  return {
    caller_kind: command.caller.kind,
    request_id: command.requestId,
    credential_id: command.caller.credentialId,
    route: command.route,
    policy_digest: command.policyDigest,
  };
}
