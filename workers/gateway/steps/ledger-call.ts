// What the one ledger call of a request says, whichever it is, and what it means that it failed.
import type { AdmitCommand, Caller } from "../../../durable-objects/account-ledger/commands.ts";
import { subjectTerms } from "../../../policy/subjects.ts";
import type { PersonalFields } from "../../../protocol/audit.ts";
import { toBase64Url } from "../../../protocol/encoding.ts";
import { logFault } from "../fault-log.ts";
import type { Authenticated, RequestContext, Step, Upstream } from "../products.ts";

/** No ledger, no admission: a call that failed twice is a refusal of its own. */
export async function reach<Reply extends object>(
  ask: () => Promise<Reply>,
  context: RequestContext,
): Promise<Step<Reply>> {
  try {
    return await ask();
  } catch (error) {
    logFault("ledger_unavailable", context.requestId, error);
    return { code: "ledger_unavailable" };
  }
}

/** What every ledger call says of the request. */
export function commonOf(
  from: Authenticated,
  context: RequestContext,
  upstream: Pick<Upstream, "sha256"> | null,
): Pick<AdmitCommand, "requestId" | "caller" | "policyDigest" | "route" | "personal" | "replay" | "terms"> {
  const personal: PersonalFields = {
    subject: from.principal.subject,
    ...(from.clientAddress === null ? {} : { client_address: from.clientAddress }),
    ...(upstream === null ? {} : { prompt_sha256: toBase64Url(upstream.sha256) }),
  };
  return {
    requestId: context.requestId,
    caller: callerOf(from),
    policyDigest: context.snapshot.policyDigest,
    route: from.route.label,
    personal,
    ...(from.principal.kind === "external"
      ? { terms: subjectTerms(context.snapshot.policy, from.principal.tenant) }
      : {}),
    ...(from.replay === null ? {} : { replay: { key: from.replay.replayKey, expiresAtMs: from.replay.replayUntilMs } }),
  };
}

function callerOf(from: Authenticated): Caller {
  const { tenant, account, credentialId, kind, expiresAtMs } = from.principal;
  return { tenant, account, credentialId, kind, expiresAtMs, clientAddress: from.clientAddress };
}
