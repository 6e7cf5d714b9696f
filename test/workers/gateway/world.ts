// One admitted request, made by the real steps, with fakes for its two neighbours: the ledger and the backend.
import type {
  AdmitCommand,
  AdmitReply,
  RefuseReply,
  Settlement,
} from "../../../durable-objects/account-ledger/commands.ts";
import { FIELD_SCOPES } from "../../../identity/scopes.ts";
import { parsePolicy } from "../../../policy/parse.ts";
import type { PolicyInput } from "../../../policy/schema.ts";
import { utf8 } from "../../../protocol/encoding.ts";
import { newRequestId, type RequestId } from "../../../protocol/ids.ts";
import { parseChatRequest, parseEmbeddingsRequest } from "../../../protocol/openai/index.ts";
import type { Backend } from "../../../workers/gateway/backends/backend.ts";
import type { LedgerClient } from "../../../workers/gateway/ledger-client.ts";
import { GATEWAY_LIMITS, type GatewayLimits } from "../../../workers/gateway/limits.ts";
import {
  type Admitted,
  type Authorized,
  type GenerateRoute,
  isRefusal,
  type RequestContext,
  type Typed,
} from "../../../workers/gateway/products.ts";
import { settlerFor } from "../../../workers/gateway/settler.ts";
import { admit } from "../../../workers/gateway/steps/admit.ts";
import { relay } from "../../../workers/gateway/steps/relay.ts";
import { select } from "../../../workers/gateway/steps/select.ts";
import { validate } from "../../../workers/gateway/steps/validate.ts";

export const MODEL = {
  current: "1",
  versions: { "1": { backends: [{ kind: "workers-ai", model: "backend-name" }] } },
  capabilities: ["chat", "embeddings", "stream", "tools", "n", "system_role"],
  context_tokens: 32_768,
  max_output_tokens: 4096,
  default_output_tokens: 256,
} satisfies PolicyInput["models"][string];

export function policyWith(over: Partial<PolicyInput> = {}): PolicyInput {
  return { version: 1, models: { small: MODEL }, ...over };
}

export function newId(): RequestId {
  return newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

export async function contextWith(over: Partial<PolicyInput> = {}): Promise<RequestContext> {
  const read = await parsePolicy(JSON.stringify(policyWith(over)));
  if (!read.ok) throw new Error(read.issues.join("; "));
  const keys = { generation: 1, byKid: new Map() };
  const snapshot = { policy: read.policy, policyDigest: read.digest, keys, issuer: "i", audience: "a", nonces: null };
  return { requestId: newId(), startedAtMs: Date.now(), snapshot, latency: {} };
}

const PRINCIPAL = {
  tenant: "acme",
  account: "acme/main",
  jurisdiction: "none",
  subject: "user",
  credentialId: "key_1",
  kind: "api_key",
  scopes: ["infer:*", "embed:*", ...FIELD_SCOPES],
  expiresAtMs: Date.now() + 3_600_000,
  confirmation: null,
} as const;

function authorizedFor(name: "chat" | "embeddings"): Authorized<GenerateRoute> {
  const route: GenerateRoute =
    name === "chat" ? { name, label: "POST /v1/chat/completions" } : { name, label: "POST /v1/embeddings" };
  const authenticated = {
    route,
    clientAddress: "203.0.113.9",
    principal: PRINCIPAL,
    replay: null,
    contentDigest: null,
    nonce: null,
    verdicts: [],
  };
  return authenticated as unknown as Authorized<GenerateRoute>;
}

/** A ledger that keeps what it is told. */
export class FakeLedger implements LedgerClient {
  readonly asked = true;
  readonly settlements: Settlement[] = [];
  readonly admissions: AdmitCommand[] = [];
  renewals = 0;
  leaseMs = 300_000;
  onRenew: () => Promise<boolean> = async () => true;

  async admit(command: AdmitCommand): Promise<AdmitReply> {
    this.admissions.push(command);
    return { admitted: true, leaseExpiresAtMs: Date.now() + this.leaseMs, headers: {} };
  }
  async refuse(): Promise<RefuseReply> {
    return { override: null };
  }
  async renew(): Promise<boolean> {
    this.renewals++;
    return this.onRenew();
  }
  settleMs = 0;
  async settle(settlement: Settlement): Promise<void> {
    if (this.settleMs > 0) await scheduler.wait(this.settleMs);
    this.settlements.push(settlement);
  }
}

export interface Asked {
  readonly body?: Record<string, unknown>;
  readonly endpoint?: "chat" | "embeddings";
  readonly policy?: Partial<PolicyInput>;
  readonly ledger?: FakeLedger;
}

export async function admitted({ body = {}, endpoint = "chat", policy = {}, ledger = new FakeLedger() }: Asked = {}) {
  const context = await contextWith(policy);
  const json =
    endpoint === "chat"
      ? { model: "small", messages: [{ role: "user", content: "hello" }], stream: true, ...body }
      : { model: "small", input: ["one", "two"], ...body };
  const from = authorizedFor(endpoint);
  const parsed = endpoint === "chat" ? parseChatRequest(json) : parseEmbeddingsRequest(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusal));
  const grant = select({ kind: endpoint, from, parsed } as Typed, context);
  if (isRefusal(grant)) throw new Error(JSON.stringify(grant));
  const prompt = validate(grant, context);
  if ("refusal" in prompt) throw new Error(JSON.stringify(prompt));
  const product = await admit(prompt, ledger, context);
  if (isRefusal(product)) throw new Error(JSON.stringify(product));
  return { admitted: product as Admitted, context, ledger };
}

/** Relays one request to `backend`, as the pipeline does. Aborting `client` is what its disconnect does. */
export async function relayed(backend: Backend, asked: Asked = {}, client = new AbortController()) {
  const { admitted: product, context, ledger } = await admitted(asked);
  const settler = settlerFor(product.prompt, ledger, context, Date.now);
  const means = { ledger, context, settler, clientSignal: client.signal };
  const answer = await relay({ admitted: product, backend, backendName: "fake" }, means);
  return { answer, ledger, context, settled: settler.settled };
}

/** The stream of an answer that must be one. */
export function bodyOf(answer: Awaited<ReturnType<typeof relayed>>["answer"]): ReadableStream<Uint8Array> {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.code}`);
  if (answer.body instanceof Uint8Array) throw new Error("a document");
  return answer.body;
}

export async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

/** Runs `body` under other limits of the gateway. */
export async function withLimits<T>(over: Partial<GatewayLimits>, body: () => Promise<T>): Promise<T> {
  const before = { ...GATEWAY_LIMITS };
  Object.assign(GATEWAY_LIMITS, over);
  try {
    return await body();
  } finally {
    Object.assign(GATEWAY_LIMITS, before);
  }
}

/** A backend's stream that the test feeds, and that knows whether it was stopped. */
export class Source {
  readonly stream: ReadableStream<Uint8Array>;
  cancelled = false;
  pulls = 0;
  readonly #control = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();

  constructor(onPull?: (control: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>) {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (control) => this.#control.resolve(control),
        pull: async (control) => {
          this.pulls++;
          await onPull?.(control);
        },
        cancel: () => {
          this.cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
  }

  async send(...events: readonly string[]): Promise<void> {
    const control = await this.#control.promise;
    for (const event of events) control.enqueue(utf8(event));
  }
  async close(): Promise<void> {
    (await this.#control.promise).close();
  }
  async fail(): Promise<void> {
    (await this.#control.promise).error(new Error("secret-host broke"));
  }
}

export function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

export function chunk(content: string, finish: string | null = null, index = 0): string {
  const choice = { index, delta: finish === null ? { content } : {}, finish_reason: finish };
  return event({ id: "c1", object: "chat.completion.chunk", created: 7, model: "/secret/name", choices: [choice] });
}

export const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
export const USAGE_CHUNK = event({ id: "c1", object: "chat.completion.chunk", created: 7, choices: [], usage: USAGE });
export const DONE = "data: [DONE]\n\n";
