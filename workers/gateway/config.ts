// The gateway's environment, read in this one place. A value that is missing or malformed makes a config that says so,
// never a guess: without policy nothing is served, and without keys (these or published ones) no one is let in.
import type { AccountLedger } from "../../durable-objects/account-ledger/object.ts";
import type { Switchboard } from "../../durable-objects/switchboard/object.ts";
import { importVerificationKeys } from "../../identity/keys.ts";
import { demandsNonces } from "../../policy/access.ts";
import { parsePolicy } from "../../policy/parse.ts";
import type { AppendRpc } from "../../protocol/rpc.ts";
import { importOriginClient, type OriginClient } from "../origin-client.ts";
import { gatewayNonces } from "./nonces.ts";
import { type Configured, type SnapshotSource, switchboardSnapshots } from "./snapshots.ts";

export type { Snapshot } from "./snapshots.ts";

/** What Cloudflare hands to this Worker. Nothing here can mint a key, read the log or unwrap an artifact. */
export interface GatewayEnv {
  readonly LEDGER: DurableObjectNamespace<AccountLedger>;
  readonly SWITCHBOARD: DurableObjectNamespace<Switchboard>;
  readonly AI?: AiRunner;
  readonly AUDIT: AppendRpc;
  readonly POLICY?: string;
  readonly VERIFICATION_KEYS?: string;
  readonly ISSUER?: string;
  readonly AUDIENCE?: string;
  readonly ORIGINS?: string;
  readonly ORIGIN_REQUEST_KEY?: string;
  readonly ORIGIN_API_KEYS?: string;
  /** `platform` where Durable Objects know jurisdictions; elsewhere the jurisdiction is part of the name alone */
  readonly JURISDICTIONS?: string;
  /** either is set on a local platform alone (workers/local.ts) */
  readonly START_SECRET?: string;
  readonly BARTIZAN_LOCAL?: string;
}

/** The part of `env.AI` that is used; the local stand-in has it too. */
export interface AiRunner {
  run(model: string, inputs: Record<string, unknown>, options?: Record<string, unknown>): Promise<unknown>;
}

export interface GatewayConfig {
  readonly snapshots: SnapshotSource;
  readonly origins: OriginClient;
  /** external issuers may be on this machine, by plain http: a local platform's */
  readonly loopbackIssuers: boolean;
}

/**
 * Parsed once for each environment object, which lives as long as the isolate. Only the finished value is kept: a promise
 * that another request began would hang this one if that request is cancelled.
 */
const parsed = new WeakMap<GatewayEnv, GatewayConfig>();

export async function gatewayConfig(env: GatewayEnv): Promise<GatewayConfig> {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const config = await readConfig(env);
  parsed.set(env, config);
  return config;
}

async function readConfig(env: GatewayEnv): Promise<GatewayConfig> {
  const origins = await importOriginClient(env).catch((error: Error) => unusable(error.message));
  const configured = origins === null ? null : await readConfigured(env);
  return {
    snapshots: switchboardSnapshots(configured),
    origins: origins ?? (await importOriginClient({})),
    loopbackIssuers: Boolean(env.START_SECRET || env.BARTIZAN_LOCAL),
  };
}

async function readConfigured(env: GatewayEnv): Promise<Configured | null> {
  const { POLICY, VERIFICATION_KEYS, ISSUER, AUDIENCE, ORIGIN_REQUEST_KEY } = env;
  if (!POLICY || !ISSUER || !AUDIENCE) return unusable("a setting is missing");
  const policy = await parsePolicy(POLICY);
  if (!policy.ok) return unusable("POLICY is not valid");
  const nonces = await gatewayNonces(ORIGIN_REQUEST_KEY, AUDIENCE).catch(() => null);
  if (nonces === null && demandsNonces(policy.policy))
    return unusable("POLICY demands DPoP nonces, and ORIGIN_REQUEST_KEY is missing or not valid");
  try {
    const keys = VERIFICATION_KEYS ? await importVerificationKeys(VERIFICATION_KEYS) : null;
    return { policy: policy.policy, policyDigest: policy.digest, keys, issuer: ISSUER, audience: AUDIENCE, nonces };
  } catch {
    return unusable("VERIFICATION_KEYS is not valid");
  }
}

function unusable(why: string): null {
  console.error(JSON.stringify({ event: "configuration_unusable", why }));
  return null;
}
