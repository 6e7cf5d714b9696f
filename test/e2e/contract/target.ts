// What the end-to-end suite is run against: any deployment of Bartizan, by nothing but its addresses and keys.
import type { JWK } from "jose";
import OpenAI from "openai";
import type { FaultUpstream } from "../../support/fault-upstream.ts";

export interface Target {
  /** without a trailing slash */
  readonly url: string;
  readonly apiKey: string;
  readonly adminKey: string;
  readonly auditorKey: string;
  /** the private key that signs API keys here, to make tokens that are right but for one thing */
  readonly apiKeySigner: JWK & { readonly kid: string };
  readonly clientId: string;
  readonly clientSecret: string;
  /** answers "What is the capital of France?" */
  readonly chatModel: string;
  readonly embeddingModel: string;
  /** a model of the fault upstream, and that upstream */
  readonly faultModel: string;
  readonly faults: FaultUpstream;
  /** an origin that policy's CORS rules allow */
  readonly allowedOrigin: string;
}

export function sdk(target: Target, apiKey = target.apiKey, maxRetries = 0): OpenAI {
  return new OpenAI({ baseURL: `${target.url}/v1`, apiKey, maxRetries });
}

export interface ErrorEnvelope {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

export function post(
  target: Target,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(target.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${target.apiKey}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
}

export function chat(
  target: Target,
  content: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = { model: target.faultModel, messages: [{ role: "user", content }], ...more };
  return post(target, "/v1/chat/completions", body, headers);
}

export async function admin(target: Target, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${target.url}/admin/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${target.adminKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export interface MintedKey {
  readonly id: string;
  readonly key: string;
}

export async function mintKey(target: Target, more: Record<string, unknown> = {}): Promise<MintedKey> {
  const body = { tenant: "demo", name: "e2e", scopes: ["infer:*", "embed:*"], limits: {}, ...more };
  const response = await admin(target, "POST", "/keys", body);
  if (response.status !== 201) throw new Error(`minting answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as MintedKey;
}

/** Asserts nothing itself: reads the envelope, whatever the status. */
export async function envelope(response: Response): Promise<ErrorEnvelope["error"]> {
  return ((await response.json()) as ErrorEnvelope).error;
}
