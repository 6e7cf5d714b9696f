// New credentials: ids, lives, and the one moment at which a key exists as text.
import type { Credential, NewCredential } from "../../durable-objects/key-directory/records.ts";
import { MAX_LIFETIME_S, mintToken } from "../../identity/tokens.ts";
import type { Policy } from "../../policy/schema.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { type QuotaLimits, resolveLimits } from "../../protocol/limits.ts";
import type { ControlConfig } from "./config.ts";

export type IdPrefix = "key" | "client" | "acct";

/** `PREFIX_` and 32 hex digits in the order of time: a listing by id is a listing by age. */
export function newId(prefix: IdPrefix): string {
  const id = newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  return prefix + id.slice(id.indexOf("_"));
}

export interface Wanted {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly limits: QuotaLimits;
  readonly allow_cidrs: readonly string[];
}

/** An API key in an account of its own. @param expiresInS seconds, at most 90 days */
export function newApiKey(wanted: Wanted, expiresInS: number, policy: Policy): NewCredential {
  // whole seconds, as the token says them: the directory, the ledger and the token agree on one end
  const expiresAtS = Math.floor(Date.now() / 1000) + expiresInS;
  return { ...described(wanted, policy), id: newId("key"), kind: "api_key", expires_at_ms: expiresAtS * 1000 };
}

export function newClient(wanted: Wanted, policy: Policy): NewCredential {
  return { ...described(wanted, policy), id: newId("client"), kind: "client", expires_at_ms: null };
}

function described(wanted: Wanted, policy: Policy): Omit<NewCredential, "id" | "kind" | "expires_at_ms"> {
  const { tenant, name, scopes, limits, allow_cidrs } = wanted;
  return {
    tenant,
    account: newId("acct"),
    name,
    scopes,
    limits: resolveLimits(limits, defaultsOf(tenant, policy)),
    allow_cidrs,
  };
}

function defaultsOf(tenant: string, policy: Policy): QuotaLimits {
  const own = Object.hasOwn(policy.tenants, tenant) ? policy.tenants[tenant] : policy.tenants["*"];
  return own?.default_limits ?? {};
}

/** The key itself. It is in no storage: who lost it needs a new one. */
export async function mintApiKey(credential: Credential, config: ControlConfig): Promise<string> {
  const exp = Math.floor((credential.expires_at_ms ?? 0) / 1000);
  const iat = Math.max(Math.floor(Date.now() / 1000), exp - MAX_LIFETIME_S.api_key);
  return await mintToken(
    { ...common(credential, config), jti: credential.id, scope: credential.scopes.join(" "), iat, exp },
    config.signers.api_key,
    "api_key",
  );
}

/** An access token of a client (RFC 9068). @param scopes already narrowed to what the client has */
export async function mintAccessToken(
  client: Credential,
  scopes: readonly string[],
  expiresInS: number,
  config: ControlConfig,
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  const jti = newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10))).replace("req_", "at_");
  return await mintToken(
    { ...common(client, config), jti, scope: scopes.join(" "), iat, exp: iat + expiresInS },
    config.signers.access_token,
    "access_token",
  );
}

function common(credential: Credential, config: ControlConfig) {
  const { id, tenant, account, jurisdiction } = credential;
  return { iss: config.issuer, aud: config.audience, sub: id, client_id: id, tenant, account, jurisdiction };
}
