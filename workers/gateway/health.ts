// Liveness and readiness, without a key. Readiness is asked anew each time: a cached answer would hide an outage. It
// wants what every request wants, policy, keys and a ledger that answers; one dead backend does not take the rest down.

import { json } from "./answer.ts";
import type { GatewayEnv, Snapshot } from "./config.ts";
import { ledgerStub } from "./ledger-client.ts";
import { isUnserved, type Unserved } from "./snapshots.ts";

export function live(): Response {
  return json({ status: "ok" });
}

export async function ready(env: GatewayEnv, snapshot: Snapshot | Unserved): Promise<Response> {
  const checks = { policy: snapshot.policy !== null, keys: !isUnserved(snapshot), ledger: await ledgerAnswers(env) };
  const ok = checks.policy && checks.keys && checks.ledger;
  return json({ status: ok ? "ready" : "not_ready", checks }, {}, ok ? 200 : 503);
}

/** Asks an account that is never provisioned: it wakes an object and its storage, and answers that it has no usage. */
async function ledgerAnswers(env: GatewayEnv): Promise<boolean> {
  try {
    await ledgerStub(env, "none", "readiness-probe").usage();
    return true;
  } catch {
    return false;
  }
}
