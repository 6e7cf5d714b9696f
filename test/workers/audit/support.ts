import { exports, env as workerEnv } from "cloudflare:workers";
import { importJWK } from "jose";
import { mintToken } from "../../../identity/tokens.ts";
import type { AppendBatch, AuditEnvelope, PersonalFields } from "../../../protocol/audit.ts";
import type { RequestId } from "../../../protocol/ids.ts";
import type { AppendRpc, ReaderRow, VerificationKeysRpc } from "../../../protocol/rpc.ts";
import type { AuditEnv } from "../../../workers/audit/config.ts";

export interface TestEnv extends AuditEnv {
  readonly TOKEN_KEY: string;
  readonly COLLECTOR: string;
}

export const env = workerEnv as unknown as TestEnv;
const entrypoints = exports as unknown as {
  readonly Append: AppendRpc;
  readonly VerificationKeys: VerificationKeysRpc;
  readonly default: Fetcher;
};

// awaited here: an RPC promise that a matcher holds is asked for properties, and each such question is a call of its own
export async function append(batch: AppendBatch): Promise<{ readonly acked_seq: number }> {
  return await entrypoints.Append.append(batch);
}
export async function revoke(entries: Parameters<VerificationKeysRpc["revoke"]>[0]): Promise<void> {
  await entrypoints.VerificationKeys.revoke(entries);
}

export async function restrict(rows: readonly ReaderRow[]): Promise<void> {
  await entrypoints.VerificationKeys.restrict(rows);
}

let next = 0;
export const newName = (): string => `t${next++}-${crypto.randomUUID().slice(0, 8)}`;

/** A token with these scopes, as control would mint it. */
export async function token(
  scopes: string,
  claims: { readonly jti?: string; readonly iss?: string; readonly exp?: number } = {},
): Promise<string> {
  const key = await importJWK(JSON.parse(env.TOKEN_KEY) as object, "EdDSA");
  if (key instanceof Uint8Array) throw new Error("no key");
  const now = Math.floor(Date.now() / 1000);
  return mintToken(
    {
      iss: "https://issuer.example",
      aud: "https://gateway.example",
      sub: "officer",
      jti: newName(),
      client_id: "officer",
      tenant: "acme",
      account: "acc_1",
      jurisdiction: "none",
      scope: scopes,
      iat: now - 60,
      exp: now + 3600,
      ...claims,
    },
    { kid: "k1", alg: "EdDSA", key },
    "api_key",
  );
}

export async function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  return entrypoints.default.fetch(`https://audit.example${path}`, { method, headers });
}

/** As an auditor. */
export async function read(path: string, method = "GET"): Promise<Response> {
  return get(path, { authorization: `Bearer ${await token("auditor")}` }, method);
}

export function record(
  seq: number,
  kind: string,
  requestId: string,
  more: object = {},
  personal: PersonalFields = {},
): AuditEnvelope {
  const open = { kind, request_id: requestId as RequestId, time_ms: 1000 + seq, tenant: "acme", ...more };
  return { seq, open: open as unknown as AuditEnvelope["open"], personal };
}
