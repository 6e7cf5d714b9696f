// API keys and OAuth clients as administrators see them, and what the directory's faults mean on the wire.

import { rotateFromMs } from "../../durable-objects/key-directory/core.ts";
import type { Credential, DirectoryFault } from "../../durable-objects/key-directory/records.ts";
import type { Refusal } from "../../protocol/refusal.ts";

/** As listed. There is no key and no secret in it, since there is none to be had. Times are RFC 3339. */
export function describe(credential: Credential) {
  return {
    id: credential.id,
    tenant: credential.tenant,
    account: credential.account,
    jurisdiction: credential.jurisdiction,
    name: credential.name,
    scopes: credential.scopes,
    limits: credential.limits,
    allow_cidrs: credential.allow_cidrs,
    created_at: rfc3339(credential.created_at_ms),
    expires_at: rfc3339(credential.expires_at_ms),
    revoked_at: rfc3339(credential.revoked_at_ms),
    replaces: credential.replaces,
    replaced_by: credential.replaced_by,
    retires_at: rfc3339(credential.retires_at_ms),
    rotate_before_s: credential.rotate_before_s,
    auto_rotate: credential.auto_rotate,
    /** from when it is to be rotated, and may rotate itself if it is `auto_rotate` */
    rotate_from: rfc3339(rotateFromMs(credential)),
    cnf: credential.cnf,
  };
}

export function rfc3339(ms: number): string;
export function rfc3339(ms: number | null): string | null;
export function rfc3339(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

export function refusalOf(fault: DirectoryFault): Refusal {
  switch (fault) {
    case "unknown":
      return { code: "not_found" };
    case "unknown_tenant":
      return { code: "invalid_request", param: "tenant", expected: "a tenant that exists" };
    case "taken":
      return { code: "conflict", param: "name" };
    case "replaced":
      return { code: "conflict", param: "replaced_by" };
    case "not_due":
      return { code: "permission_denied", need: "route" };
    case "no_secret":
      return { code: "invalid_request", param: null, expected: "the client proves who it is without a secret" };
    case "not_ready":
      return { code: "busy" };
    case "revoked":
      return { code: "invalid_request", param: null, expected: "the credential is revoked" };
    case "wider":
      return {
        code: "invalid_request",
        param: "scopes",
        expected: "scopes can only be narrowed; to widen, mint a new key",
      };
    case "burnt":
      return { code: "invalid_api_key", presented: true };
    case "ledger_unavailable":
      return { code: "ledger_unavailable" };
    case "log_unavailable":
      return { code: "log_unavailable" };
  }
}
