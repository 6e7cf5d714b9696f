// A keyring on its own clock over a directory's storage, with two Workers that hold what was published to them.
import { env } from "cloudflare:workers";
import type { Actor } from "../../../durable-objects/key-directory/records.ts";
import { Keyring } from "../../../durable-objects/key-directory/signing/keyring.ts";
import type { SigningEnv } from "../../../durable-objects/key-directory/signing/settings.ts";
import { SigningStore } from "../../../durable-objects/key-directory/signing/store.ts";
import { LIFECYCLE_RULES } from "../../../identity/key-set.ts";
import { type CredentialKind, importVerificationKeys } from "../../../identity/keys.ts";
import { type TokenClaims, verifyToken } from "../../../identity/tokens.ts";
import { newRequestId } from "../../../protocol/ids.ts";
import type { GatewayAdminRpc, PublishedKeys, VerificationKeysRpc } from "../../../protocol/rpc.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const ISSUER = "https://control.test";
export const AUDIENCE = "https://gateway.test";
export const actor: Actor = { requestId: newRequestId(1, new Uint8Array(10)), credentialId: "key_admin" };
export const configured = env as unknown as Required<SigningEnv>;

export interface World {
  readonly keyring: Keyring;
  readonly store: SigningStore;
  readonly acts: string[];
  readonly held: Map<"gateway" | "audit", PublishedKeys>;
  readonly down: Set<"gateway" | "audit">;
  nowMs: number;
}

export function world(state: DurableObjectState, settings: SigningEnv = configured, nowMs = Date.now()): World {
  const store = new SigningStore(state.storage.sql);
  const held: World["held"] = new Map();
  const down: World["down"] = new Set();
  const acts: string[] = [];
  const holder = (name: "gateway" | "audit") => ({
    async publishKeys(keys: PublishedKeys): Promise<void> {
      if (down.has(name)) throw new Error("down");
      if ((held.get(name)?.generation ?? 0) < keys.generation) held.set(name, keys);
    },
  });
  const keyring = new Keyring({
    store,
    env: {
      DIRECTORY_KEY: settings.DIRECTORY_KEY ?? "",
      ...(settings.TOKEN_SIGNING_KEYS === undefined ? {} : { TOKEN_SIGNING_KEYS: settings.TOKEN_SIGNING_KEYS }),
      ...(settings.VERIFICATION_KEYS === undefined ? {} : { VERIFICATION_KEYS: settings.VERIFICATION_KEYS }),
      GATEWAY: holder("gateway") as unknown as GatewayAdminRpc,
      AUDIT_KEYS: holder("audit") as unknown as VerificationKeysRpc,
    },
    now: () => self.nowMs,
    rules: LIFECYCLE_RULES,
    commit: (work) => state.storage.transactionSync(work),
    journal: (action, kid) => void acts.push(`${action} ${kid}`),
  });
  // both have the configured set by their own configuration
  if (settings.VERIFICATION_KEYS !== undefined)
    for (const name of ["gateway", "audit"] as const)
      held.set(name, { generation: 1, key_set: settings.VERIFICATION_KEYS });
  const self: World = { keyring, store, acts, held, down, nowMs };
  return self;
}

let counter = 0;

export function claims(nowMs: number, lifeS: number): TokenClaims {
  const iat = Math.floor(nowMs / 1000);
  const jti = `key_${counter++}`;
  return {
    ...{ iss: ISSUER, aud: AUDIENCE, sub: jti, client_id: jti, jti, tenant: "demo", account: "acct_1" },
    ...{ jurisdiction: "none", scope: "infer:*", iat, exp: iat + lifeS },
  };
}

export async function signed(w: World, kind: CredentialKind, lifeS: number): Promise<string> {
  const outcome = await w.keyring.sign(kind, claims(w.nowMs, lifeS));
  if (!outcome.done) throw new Error(outcome.fault);
  return outcome.token;
}

/** What the Worker says of the token, by the set that it holds. */
export async function verdict(w: World, who: "gateway" | "audit", token: string): Promise<string> {
  const keys = await importVerificationKeys(w.held.get(who)?.key_set ?? "");
  const judged = await verifyToken(token, keys, { issuer: ISSUER, audience: AUDIENCE, nowMs: w.nowMs });
  return judged.ok ? "ok" : judged.reason;
}

export function kidOf(token: string): string {
  return JSON.parse(atob((token.split(".")[0] ?? "").replaceAll("-", "+").replaceAll("_", "/"))).kid;
}

/** Lets time bring what it brings: publishing, its spreading, then the rest. */
export async function pass(w: World, ms: number): Promise<void> {
  w.nowMs += ms;
  for (let i = 0; i < 3; i++) {
    await w.keyring.tend();
    w.nowMs += 4_000;
  }
}
