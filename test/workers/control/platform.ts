// A control Worker of its own for each test: fresh keys and secrets, an empty directory, its first administrator.

import { createExecutionContext, runDurableObjectAlarm } from "cloudflare:test";
import { env as bound } from "cloudflare:workers";
import type { KeyDirectory } from "../../../durable-objects/key-directory/object.ts";
import { toBase64Url } from "../../../protocol/encoding.ts";
import { handleControl } from "../../../workers/control/app.ts";
import type { ControlEnv } from "../../../workers/control/config.ts";
import { forget, settle } from "../key-directory/fakes.ts";
import type { Wire } from "./wire.ts";

export const ISSUER = "https://control.test";
export const AUDIENCE = "https://gateway.test";

export interface Platform {
  readonly env: ControlEnv;
  readonly bootstrapSecret: string;
  readonly directory: DurableObjectStub<KeyDirectory>;
  /** private halves, to forge with */
  readonly apiKey: CryptoKey;
  readonly accessToken: CryptoKey;
}

export interface Sent {
  readonly key?: string | undefined;
  readonly json?: unknown;
  readonly body?: BodyInit;
  readonly headers?: Record<string, string>;
  /** what the edge says beside the request */
  readonly cf?: Record<string, unknown>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** null where the answer is no JSON */
  readonly json: Wire;
}

export async function newPlatform(settings: Partial<Record<keyof ControlEnv, string>> = {}): Promise<Platform> {
  forget();
  const base = bound as unknown as ControlEnv;
  // the directory reads these from its own environment: one set for the run, another directory for each platform
  const { api_key, access_token } = JSON.parse(base.TOKEN_SIGNING_KEYS ?? "") as Record<string, JsonWebKey>;
  const name = crypto.randomUUID();
  const namespace = base.DIRECTORY;
  const bootstrapSecret = randomText(32);
  const env = {
    ...base,
    DIRECTORY: {
      idFromName: (asked: string) => namespace.idFromName(`${name}/${asked}`),
      get: (id: DurableObjectId) => namespace.get(id),
    },
    POLICY: JSON.stringify({
      version: 1,
      models: {},
      tenants: { demo: { default_limits: { requests_per_minute: 60, concurrency: 4 } } },
    }),
    ISSUER,
    AUDIENCE,
    CLIENT_SECRET_PEPPER: randomText(32),
    BOOTSTRAP_SECRET: bootstrapSecret,
    ...settings,
  } as unknown as ControlEnv;
  const directory = env.DIRECTORY.get(env.DIRECTORY.idFromName("directory"));
  return {
    env,
    bootstrapSecret,
    directory,
    apiKey: await imported(api_key),
    accessToken: await imported(access_token),
  };
}

/** To be called when a test is over. */
export async function close({ directory }: Platform): Promise<void> {
  await settle(async () => await runDurableObjectAlarm(directory));
}

export async function send(platform: Platform, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const headers = new Headers(sent.headers);
  if (sent.key !== undefined) headers.set("authorization", `Bearer ${sent.key}`);
  if (sent.json !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
  const body = sent.body ?? (sent.json === undefined ? null : JSON.stringify(sent.json));
  const request = new Request(`${ISSUER}${path}`, {
    method,
    headers,
    body,
    ...(sent.cf === undefined ? {} : { cf: sent.cf }),
  });
  const response = await handleControl(request, platform.env, createExecutionContext());
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
  return { status: response.status, headers: response.headers, text, json: JSON.parse(isJson ? text : "null") as Wire };
}

/** The first administrator's key. */
export async function administrator(platform: Platform): Promise<string> {
  const answer = await send(platform, "POST", "/admin/v1/bootstrap", { json: { secret: platform.bootstrapSecret } });
  if (answer.status !== 201) throw new Error(`bootstrap answered ${answer.status}`);
  return answer.json.key;
}

/** A platform with its administrator's key and a tenant `demo`. */
export async function inhabited(
  settings: Partial<Record<keyof ControlEnv, string>> = {},
): Promise<{ platform: Platform; admin: string }> {
  const platform = await newPlatform(settings);
  const admin = await administrator(platform);
  await send(platform, "POST", "/admin/v1/tenants", { key: admin, json: { name: "demo" } });
  return { platform, admin };
}

async function imported(jwk: JsonWebKey = { kty: "" }): Promise<CryptoKey> {
  return await crypto.subtle.importKey("jwk", jwk, { name: "Ed25519" }, false, ["sign"]);
}

export function randomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** A token's claims, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  const payload = token.split(".")[1] ?? "";
  return JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
}
