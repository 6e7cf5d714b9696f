// Fakes for the Workers that the directory tells, with one journal of all calls in their order. They run in the isolate
// of the tests; `failing` makes a method throw, `held` makes it wait.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { AppendBatch, AuditEnvelope } from "../../../protocol/audit.ts";
import { ledgerName } from "../../../protocol/ids.ts";
import type {
  AccountRef,
  AppendRpc,
  ChangeCommand,
  GatewayAdminRpc,
  ProvisionCommand,
  PublishedKeys,
  ReaderRow,
  UsageReport,
  VerificationKeysRpc,
} from "../../../protocol/rpc.ts";

export interface Call {
  readonly to: string;
  readonly with: unknown;
}

export const calls: Call[] = [];
export const failing = new Set<string>();
export const held = new Map<string, Promise<void>>();
/** by log: what stands in it, as a log that appends each `seq` once */
export const logs = new Map<string, AuditEnvelope[]>();
/** append durably, then lose the answer, this many times */
export const lostAnswers = { left: 0 };
/** what each Worker holds: the highest generation that it was shown */
export const published = new Map<string, PublishedKeys>();
/** by ledger: external subjects' rows, and whether each is revoked */
export const subjects = new Map<string, { readonly tenant: string; readonly rows: Map<string, boolean> }>();
/** by credential id, as a ledger reports it */
export const lastUses = new Map<string, number>();

export function forget(): void {
  calls.length = 0;
  failing.clear();
  held.clear();
  logs.clear();
  lostAnswers.left = 0;
  published.clear();
  lastUses.clear();
  subjects.clear();
}

/** Lets the alarms of a finished test end, so that their calls do not stand among the next one's. */
export async function settle(runAlarm: () => Promise<boolean>): Promise<void> {
  forget();
  for (let i = 0; i < 5 && (await runAlarm()); i++);
  forget();
}

/** What the directory told of credentials, without the journal's shipping and the publishing of keys. */
export function told(): string[] {
  return calls.map(({ to }) => to).filter((to) => to !== "audit.append" && !to.endsWith(".publishKeys"));
}

async function publish(to: string, keys: PublishedKeys): Promise<void> {
  await called(`${to}.publishKeys`, keys);
  if ((published.get(to)?.generation ?? 0) < keys.generation) published.set(to, keys);
}

async function called(to: string, argument: unknown): Promise<void> {
  await held.get(to);
  calls.push({ to, with: argument });
  if (failing.has(to)) throw new Error(`${to} fails`);
}

export class FakeGateway extends WorkerEntrypoint implements GatewayAdminRpc {
  async provision(command: ProvisionCommand): Promise<void> {
    await called("gateway.provision", command);
    if (command.credential.kind !== "subject") return;
    const name = ledgerName(command.jurisdiction, command.account);
    const known = subjects.get(name) ?? { tenant: command.tenant, rows: new Map() };
    if (known.tenant !== command.tenant) throw new Error("not provisioned: another_account");
    if (!known.rows.has(command.credential.id)) known.rows.set(command.credential.id, false);
    subjects.set(name, known);
  }
  async change(command: ChangeCommand): Promise<boolean> {
    await called("gateway.change", command);
    return !failing.has("gateway.knows");
  }
  async revoke(account: AccountRef, credentialId: string, expiresAtMs?: number): Promise<boolean> {
    await called("gateway.revoke", {
      ...account,
      credentialId,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    });
    const rows = subjects.get(ledgerName(account.jurisdiction, account.account))?.rows;
    if (rows?.has(credentialId)) rows.set(credentialId, true);
    return true;
  }
  async usage(account: AccountRef): Promise<UsageReport | null> {
    await called("gateway.usage", account);
    const limits = {
      requests_per_second: null,
      requests_per_minute: 60,
      requests_per_day: null,
      input_tokens_per_minute: null,
      output_tokens_per_minute: null,
      concurrency: null,
      tokens_per_day: null,
      tokens_per_month: null,
    };
    if (account.account.startsWith("ext_")) return subjectUsage(account, limits);
    return {
      tenant: "demo",
      limits,
      used: { requests_per_day: { used: 3, reset_at_ms: 1 } },
      open_reservations: 0,
      ...lastUse(),
    };
  }
  async publishKeys(keys: PublishedKeys): Promise<void> {
    await publish("gateway", keys);
  }
}

function subjectUsage({ jurisdiction, account }: AccountRef, limits: UsageReport["limits"]): UsageReport | null {
  const known = subjects.get(ledgerName(jurisdiction, account));
  if (known === undefined) return null;
  const credentials = [...known.rows].map(([id, revoked]) => ({ id, last_used_at_ms: null, revoked }));
  return { tenant: known.tenant, limits: { ...limits, concurrency: 4 }, used: {}, open_reservations: 0, credentials };
}

function lastUse(): Pick<UsageReport, "credentials"> {
  if (lastUses.size === 0) return {};
  return {
    credentials: [...lastUses].map(([id, atMs]) => ({
      id,
      last_used_at_ms: atMs === 0 ? null : atMs,
      revoked: false,
    })),
  };
}

export class FakeAppend extends WorkerEntrypoint implements AppendRpc {
  async append(batch: AppendBatch): Promise<{ acked_seq: number }> {
    await called("audit.append", batch);
    const log = logs.get(batch.log) ?? [];
    logs.set(batch.log, log);
    for (const record of batch.records) {
      if (record.seq <= log.length) continue;
      if (record.seq !== log.length + 1) throw new Error("gap");
      log.push(record);
    }
    if (lostAnswers.left > 0) {
      lostAnswers.left--;
      throw new Error("answer lost");
    }
    return { acked_seq: log.length };
  }
}

export class FakeVerificationKeys extends WorkerEntrypoint implements VerificationKeysRpc {
  async revoke(entries: readonly { readonly credential_id: string; readonly expires_at_ms: number }[]): Promise<void> {
    await called("audit.revoke", entries);
  }
  async restrict(rows: readonly ReaderRow[]): Promise<void> {
    await called("audit.restrict", rows);
  }
  async publishKeys(keys: PublishedKeys): Promise<void> {
    await publish("audit", keys);
  }
}
