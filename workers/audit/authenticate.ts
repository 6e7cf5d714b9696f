// Who reads: a token of ours that nobody revoked. What it may read is the permission matrix's (read.ts).
import { DEFAULT_LOG } from "../../durable-objects/audit-log/commands.ts";
import { presentedCredential } from "../../identity/bearer.ts";
import { verifyTokenCached } from "../../identity/cache.ts";
import { importVerificationKeys, type KeySet } from "../../identity/keys.ts";
import { common } from "../../identity/scopes.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import { callLog } from "./call.ts";
import { type AuditEnv, ConfigError, readerConfig } from "./config.ts";

/** Who reads, by his token and by what control says of its credential since. */
export interface Reader {
  readonly tenant: string;
  readonly scopes: readonly string[];
  /** empty: any address */
  readonly allow_cidrs: readonly string[];
}

export type Authentication =
  | { readonly ok: true; readonly reader: Reader }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Asked before what the token may do: a revoked one learns nothing of that.
 * @throws what the object or the configuration throws: without them nobody is let in
 */
export async function authenticateReader(headers: Headers, env: AuditEnv, nowMs: number): Promise<Authentication> {
  const presented = presentedCredential(headers);
  if (presented.kind !== "token")
    return refused({ code: "invalid_api_key", presented: presented.kind === "malformed" });
  const { issuer, audience, keys: configured, cache } = await readerConfig(env);
  const keys = await currentKeys(env, configured);
  const verified = await verifyTokenCached(presented.token, keys, { issuer, audience, nowMs }, cache);
  if (!verified.ok) return refused({ code: "invalid_api_key", presented: true });
  const { principal } = verified;
  // a revoked OAuth client stands in the list by its own id, which is the subject of each token that it was given
  const { credentialId, subject, kind } = principal;
  const ids = kind === "access_token" ? [credentialId, subject] : [credentialId];
  const { revoked, row } = await callLog(env, DEFAULT_LOG, (log) => log.readerStanding(ids));
  if (revoked) return refused({ code: "invalid_api_key", presented: true });
  const scopes = row === null ? principal.scopes : common(principal.scopes, row.scopes);
  return { ok: true, reader: { tenant: principal.tenant, scopes, allow_cidrs: row?.allow_cidrs ?? [] } };
}

function refused(refusal: Refusal): Authentication {
  return { ok: false, refusal };
}

/** The imported form of the set that control published last. */
let imported: KeySet | null = null;

/**
 * The configured set, until control publishes one of a higher generation.
 * @throws ConfigError where there is neither
 */
async function currentKeys(env: AuditEnv, configured: KeySet | null): Promise<KeySet> {
  const published = await callLog(env, DEFAULT_LOG, (log) => log.publishedKeys());
  if (configured !== null && (published === null || published.generation <= configured.generation)) return configured;
  if (published === null) throw new ConfigError("VERIFICATION_KEYS");
  if (imported?.generation === published.generation) return imported;
  imported = await importVerificationKeys(published.key_set);
  return imported;
}
