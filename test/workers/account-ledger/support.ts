// Commands as a gateway sends them, and a ledger without storage to send them to.
import { apply } from "../../../durable-objects/account-ledger/apply.ts";
import type {
  AdmitCommand,
  Caller,
  RefuseCommand,
  Settlement,
} from "../../../durable-objects/account-ledger/commands.ts";
import { decide } from "../../../durable-objects/account-ledger/decide.ts";
import type { CommandKind, Commands, Replies } from "../../../durable-objects/account-ledger/decision.ts";
import type { LedgerEvent } from "../../../durable-objects/account-ledger/events.ts";
import { LEDGER_LIMITS, type LedgerLimits } from "../../../durable-objects/account-ledger/limits.ts";
import { emptyState } from "../../../durable-objects/account-ledger/state.ts";
import { newRequestId, type RequestId } from "../../../protocol/ids.ts";
import { type QuotaLimits, resolveLimits } from "../../../protocol/limits.ts";
import type { CredentialRow, ProvisionCommand } from "../../../protocol/rpc.ts";

/** 2026-11-25, noon UTC */
export const NOON = Date.UTC(2026, 10, 25, 12);
export const YEARS = 10 * 365 * 86_400_000;

/** Ids that are new each time, without a clock or chance. */
let made = 0;
export function newId(): RequestId {
  made++;
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(6, made);
  return newRequestId(NOON, random);
}

export function keyRow(over: Partial<CredentialRow> = {}): CredentialRow {
  return {
    id: "key_1",
    kind: "api_key",
    scopes: ["infer:*", "embed:*"],
    allow_cidrs: [],
    expires_at_ms: NOON + YEARS,
    ...over,
  };
}

export function provisioning(limits: QuotaLimits = {}, credential = keyRow(), account = "acme/main"): ProvisionCommand {
  return {
    jurisdiction: "none",
    account,
    tenant: "acme",
    log: "default",
    limits: resolveLimits(limits, {}),
    credential,
  };
}

export function caller(over: Partial<Caller> = {}): Caller {
  return {
    tenant: "acme",
    account: "acme/main",
    credentialId: "key_1",
    kind: "api_key",
    expiresAtMs: NOON + YEARS,
    clientAddress: "203.0.113.9",
    ...over,
  };
}

const PERSONAL = { subject: "PERSONAL-subject", client_address: "PERSONAL-address", prompt_sha256: "PERSONAL-digest" };

export function admission(over: Partial<AdmitCommand> = {}): AdmitCommand {
  return {
    kind: "admit",
    requestId: newId(),
    caller: caller(),
    policyDigest: "sha256:policy",
    route: "POST /v1/chat/completions",
    personal: PERSONAL,
    anyScope: ["infer:small", "infer:small@1"],
    reserve: { promptTokens: 10, outputTokens: 100, leaseMs: 300_000 },
    intent: {
      model: "small",
      version: "1",
      digest: null,
      backend: "origin/one",
      verdicts: [],
      latency_ms: { read: 1 },
    },
    ...over,
  };
}

/** `GET /v1/models` */
export function listing(over: Partial<AdmitCommand> = {}): AdmitCommand {
  const intent = { model: null, version: null, digest: null, backend: null, verdicts: [], latency_ms: {} };
  return admission({ route: "GET /v1/models", anyScope: [], reserve: null, intent, ...over });
}

export function refusal(over: Partial<RefuseCommand> = {}): RefuseCommand {
  return {
    kind: "refuse",
    requestId: newId(),
    caller: caller(),
    policyDigest: "sha256:policy",
    route: "POST /v1/chat/completions",
    personal: PERSONAL,
    model: "small",
    code: "invalid_json",
    status: 400,
    verdicts: [],
    ...over,
  };
}

export function settlement(requestId: RequestId, over: Partial<Settlement> = {}): Settlement {
  return {
    requestId,
    outcome: "completed",
    status: 200,
    backend: "origin/one",
    promptTokens: 10,
    completionTokens: 40,
    usageReported: true,
    free: false,
    latencyMs: { backend: 3 },
    resultSha256: "PERSONAL-result",
    ...over,
  };
}

/** The pure core alone: a state, its journal, and a hand on the clock. */
export class Bench {
  readonly events: LedgerEvent[] = [];
  readonly limits: LedgerLimits;
  state = emptyState();
  now = NOON;

  constructor(limits: Partial<LedgerLimits> = {}) {
    this.limits = { ...LEDGER_LIMITS, ...limits };
  }

  static provisioned(quotas: QuotaLimits = {}, credential = keyRow(), limits: Partial<LedgerLimits> = {}): Bench {
    const bench = new Bench(limits);
    bench.do("provision", provisioning(quotas, credential));
    return bench;
  }

  do<K extends CommandKind>(kind: K, command: Commands[K]): Replies[K] {
    const { events, reply } = decide(this.state, kind, command, this.now, this.limits);
    for (const event of events) {
      // as it will be read back
      const stored = JSON.parse(JSON.stringify(event)) as LedgerEvent;
      this.events.push(stored);
      this.state = apply(this.state, stored, this.limits);
    }
    return reply;
  }

  /** `admitted`, or the code of the refusal, with the limit that is at fault. */
  admit(over: Partial<AdmitCommand> = {}): string {
    const reply = this.do("admit", admission(over));
    if (reply.admitted) return "admitted";
    const { refusal } = reply;
    if ("limit" in refusal) return `${refusal.code} ${refusal.limit}`;
    return "need" in refusal ? `${refusal.code} ${refusal.need}` : refusal.code;
  }
}
