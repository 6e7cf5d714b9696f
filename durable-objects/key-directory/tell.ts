// Tells the other Workers what the directory decided, so that they converge on the record as it stands. Each call is
// idempotent and says the whole row: a repeat after a crash changes nothing.
//
//   minted    gateway.provision                 before the key is handed out
//   changed   gateway.change                    the next request is judged by it
//             → audit.restrict                  both, of one that was made to read the log
//   revoked   gateway.revoke → audit.revoke     in this order: inference stops first
import type { GatewayAdminRpc, VerificationKeysRpc } from "../../protocol/rpc.ts";
import { revocationExpiresAtMs, rowExpiresAtMs } from "./core.ts";
import type { Credential } from "./records.ts";
import type { News } from "./storage/credentials.ts";

export interface Listeners {
  readonly GATEWAY: GatewayAdminRpc;
  readonly AUDIT_KEYS: VerificationKeysRpc;
}

export type TellFault = "ledger_unavailable" | "log_unavailable";

/** Milliseconds after which a Worker that does not answer counts as unreachable: an administrator waits no longer. */
const DEADLINE_MS = 10_000;

/** Null once everyone who has to know does. */
export async function tell(news: News, nowMs: number, to: Listeners): Promise<TellFault | null> {
  switch (news.untold) {
    case "minted":
      return (
        (await attempt("ledger_unavailable", () => provision(news.credential, to))) ??
        (await restrict(news.credential, nowMs, to))
      );
    case "changed":
      return (
        (await attempt("ledger_unavailable", () => change(news.credential, to))) ??
        (await restrict(news.credential, nowMs, to))
      );
    case "revoked":
      return await revoke(news.credential, nowMs, to);
  }
}

async function provision(credential: Credential, to: Listeners): Promise<void> {
  const { jurisdiction, account, tenant, log, limits, id, kind, scopes, allow_cidrs } = credential;
  await to.GATEWAY.provision({
    jurisdiction,
    account,
    tenant,
    log,
    limits,
    credential: { id, kind, scopes, allow_cidrs, expires_at_ms: rowExpiresAtMs(credential) },
  });
}

async function change(credential: Credential, to: Listeners): Promise<void> {
  const { jurisdiction, account, id, limits, scopes, allow_cidrs, retires_at_ms } = credential;
  // the ledger ends a rotated key on time by itself, also where the directory cannot reach it then
  const end = retires_at_ms === null ? {} : { expires_at_ms: retires_at_ms };
  const known = await to.GATEWAY.change({
    ...{ jurisdiction, account, credential_id: id, limits, scopes, allow_cidrs },
    ...end,
  });
  if (!known) throw new UnknownToLedger();
}

async function restrict(credential: Credential, nowMs: number, to: Listeners): Promise<TellFault | null> {
  if (!credential.reads_log) return null;
  const { id, scopes, allow_cidrs } = credential;
  // a client lives on, so its row does
  const expires_at_ms =
    credential.expires_at_ms === null ? rowExpiresAtMs(credential) : revocationExpiresAtMs(credential, nowMs);
  const row = { credential_id: id, scopes, allow_cidrs, expires_at_ms };
  return await attempt("log_unavailable", () => to.AUDIT_KEYS.restrict([row]));
}

async function revoke(credential: Credential, nowMs: number, to: Listeners): Promise<TellFault | null> {
  const { jurisdiction, account, id } = credential;
  // false, a credential that the ledger does not know, is as good: it refuses those
  const fault = await attempt("ledger_unavailable", () => to.GATEWAY.revoke({ jurisdiction, account }, id));
  if (fault !== null) return fault;
  return await attempt("log_unavailable", () =>
    to.AUDIT_KEYS.revoke([{ credential_id: id, expires_at_ms: revocationExpiresAtMs(credential, nowMs) }]),
  );
}

class UnknownToLedger extends Error {
  override readonly name = "UnknownToLedger";
}

export async function attempt(fault: TellFault, call: () => Promise<unknown>): Promise<TellFault | null> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DOMException("no answer", "TimeoutError")), DEADLINE_MS);
  try {
    await Promise.race([call(), late]);
    return null;
  } catch (error) {
    // the name alone: a message may quote what was sent
    console.error(`key directory: ${fault} (${error instanceof Error ? error.name : "unknown"})`);
    return fault;
  } finally {
    clearTimeout(timer);
  }
}
