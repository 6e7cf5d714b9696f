// From a row of the journal to the records that the log gets of it. Everything a record says stands in the event or is
// the ledger's own, so a record can be made again, the same, for as long as its row stands.
import type { AuditEnvelope, OutcomeFields, PersonalFields, TallyFields } from "../../protocol/audit.ts";
import type { About, LedgerEvent } from "./events.ts";
import type { Identity } from "./state.ts";

const NONE: PersonalFields = {};

/** The event's records in order, the first with the event's own `record` as its `seq`. */
export function recordsOf(event: LedgerEvent, identity: Identity): AuditEnvelope[] {
  switch (event.kind) {
    case "admitted": {
      const intent: AuditEnvelope = {
        seq: event.record,
        open: {
          kind: "intent",
          ...open(event, identity),
          ...event.intent,
          reserved_prompt_tokens: event.reserve?.prompt_tokens ?? 0,
          reserved_output_tokens: event.reserve?.output_tokens ?? 0,
        },
        personal: event.personal,
      };
      if (event.reserve !== null) return [intent];
      const answered: OutcomeFields = {
        kind: "outcome",
        ...open(event, identity),
        outcome: "answered_locally",
        status: 200,
        backend: null,
        prompt_tokens: 0,
        completion_tokens: 0,
        usage_reported: true,
        latency_ms: {},
      };
      return [intent, { seq: event.record + 1, open: answered, personal: NONE }];
    }
    case "refused": {
      const { model, code, status, verdicts } = event;
      return [
        {
          seq: event.record,
          open: { kind: "refusal", ...open(event, identity), model, code, status, verdicts },
          personal: event.personal,
        },
      ];
    }
    case "capped": {
      const { request_id, since_ms, count, addresses, policy_digest } = event;
      const { tenant, account } = identity;
      const tally: TallyFields = {
        kind: "tally",
        request_id,
        time_ms: event.at,
        tenant,
        account,
        since_ms,
        lower_bound: true,
        counts: { too_many_requests: count },
        addresses,
        policy_digest,
      };
      return [{ seq: event.record, open: tally, personal: event.personal }];
    }
    case "settled": {
      const { outcome, status, backend, prompt_tokens, completion_tokens, usage_reported, latency_ms, verdicts } =
        event;
      return [
        {
          seq: event.record,
          open: {
            kind: "outcome",
            ...open(event, identity),
            outcome,
            status,
            backend,
            prompt_tokens,
            completion_tokens,
            usage_reported,
            latency_ms,
            ...(verdicts && { verdicts }),
          },
          personal: event.result_sha256 === null ? NONE : { result_sha256: event.result_sha256 },
        },
      ];
    }
    case "expired":
      return [
        {
          seq: event.record,
          open: {
            kind: "outcome",
            ...open(event, identity),
            outcome: "unknown",
            // no one knows what the client saw
            status: 0,
            backend: event.backend,
            prompt_tokens: event.prompt_tokens,
            completion_tokens: event.output_tokens,
            usage_reported: false,
            latency_ms: {},
          },
          personal: NONE,
        },
      ];
    case "provisioned":
    case "changed":
    case "revoked":
    case "renewed":
    case "shipped":
      return [];
  }
}

function open(event: About & { readonly at: number }, { tenant, account }: Identity) {
  const { request_id, credential_id, route, policy_digest, at } = event;
  return { request_id, time_ms: at, tenant, account, credential_id, route, policy_digest };
}
