// The whole pipeline with its real ledger, called as the platform calls it: one environment a test, whose ledger calls are
// counted and can be made to fail, and whose upstreams are a function.
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env as workerEnv } from "cloudflare:workers";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { onTestFinished, vi } from "vitest";
import type { LedgerRpc } from "../../../durable-objects/account-ledger/commands.ts";
import type { AccountLedger } from "../../../durable-objects/account-ledger/object.ts";
import type { ConfirmationClaim } from "../../../identity/confirmation.ts";
import { FIELD_SCOPES } from "../../../identity/scopes.ts";
import { mintToken } from "../../../identity/tokens.ts";
import type { PolicyInput } from "../../../policy/schema.ts";
import { type QuotaLimits, resolveLimits } from "../../../protocol/limits.ts";
import type { GatewayEnv } from "../../../workers/gateway/config.ts";
import { ledgerStub } from "../../../workers/gateway/ledger-client.ts";
import { handleInference } from "../../../workers/gateway/pipeline.ts";
import { MODEL } from "./world.ts";

export const bindings = workerEnv as unknown as GatewayEnv;

const ISSUER = "https://issuer.example";
const AUDIENCE = "https://gateway.example";

export const POLICY: PolicyInput = {
  version: 1,
  models: {
    small: { ...MODEL, versions: { "1": { backends: [{ kind: "origin", origin: "up", model: "upstream-name" }] } } },
    cloud: MODEL,
  },
  origins: { up: { kind: "openai", url: "https://up.example/v1" } },
  cors: { allowed_origins: ["https://app.example"] },
};

export interface Signer {
  readonly key: CryptoKey;
  readonly secret: JWK;
  readonly open: JWK;
}

export async function newSigner(): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  return { key: privateKey, secret: await exportJWK(privateKey), open: await exportJWK(publicKey) };
}

export interface Answered {
  readonly response: Response;
  /** the body, read whole */
  readonly text: string;
  readonly code: string | null;
}

export class Edge {
  readonly env: GatewayEnv;
  /** ledger calls in their order, settlements aside */
  readonly calls: string[] = [];
  /** stands between this edge and its ledger; `through` makes the call after all */
  fault: ((method: keyof LedgerRpc, through: () => Promise<unknown>) => Promise<unknown>) | null = null;
  readonly account = `acc_${crypto.randomUUID()}`;
  readonly keyId = `key_${crypto.randomUUID().slice(0, 8)}`;
  readonly #signer: Signer;

  constructor(signer: Signer, over: Partial<Record<keyof GatewayEnv, unknown>>) {
    this.#signer = signer;
    const keys = [{ ...signer.open, kid: "k1", alg: "EdDSA", bartizan_signs: "api_key" }];
    this.env = {
      ...bindings,
      LEDGER: this.#counted(bindings.LEDGER),
      POLICY: JSON.stringify(POLICY),
      VERIFICATION_KEYS: JSON.stringify({ generation: 1, keys }),
      ISSUER,
      AUDIENCE,
      ...over,
    } as GatewayEnv;
  }

  get ledger() {
    return ledgerStub(bindings, "none", this.account);
  }

  /** A token of this account, as control would mint it. */
  token(
    claims: {
      readonly jti?: string;
      readonly scope?: string;
      readonly sub?: string;
      readonly cnf?: ConfirmationClaim;
    } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return mintToken(
      {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: "user",
        jti: this.keyId,
        client_id: "app",
        tenant: "acme",
        account: this.account,
        jurisdiction: "none",
        scope: `infer:* embed:* ${FIELD_SCOPES.join(" ")}`,
        iat: now - 60,
        exp: now + 3600,
        ...claims,
      },
      { kid: "k1", alg: "EdDSA", key: this.#signer.key },
      "api_key",
    );
  }

  async provision(limits: QuotaLimits = {}, id = this.keyId): Promise<void> {
    await this.ledger.provision({
      jurisdiction: "none",
      account: this.account,
      tenant: "acme",
      log: "default",
      limits: resolveLimits(limits, {}),
      credential: {
        id,
        kind: "api_key",
        scopes: ["infer:*", "embed:*", ...FIELD_SCOPES],
        allow_cidrs: [],
        expires_at_ms: Date.now() + 3_600_000,
      },
    });
  }

  async openReservations(): Promise<number | undefined> {
    return (await this.ledger.usage())?.open_reservations;
  }

  /** One request, its answer read whole and all its waitUntil work done. */
  async send(request: Request): Promise<Answered> {
    const ctx = createExecutionContext();
    const response = await handleInference(request, this.env, ctx);
    const text = await response.clone().text();
    await waitOnExecutionContext(ctx);
    return { response, text, code: codeIn(text) };
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Answered> {
    return this.send(new Request(`https://gateway.example${path}`, init));
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return this.fetch(path, { headers: { authorization: `Bearer ${await this.token()}`, ...headers } });
  }

  async post(body: unknown, headers: Record<string, string> = {}, path = "/v1/chat/completions"): Promise<Answered> {
    return this.fetch(path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await this.token()}`,
        "content-type": "application/json",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  chat(more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answered> {
    return this.post({ model: "small", messages: [{ role: "user", content: "hello" }], ...more }, headers);
  }

  #counted(namespace: GatewayEnv["LEDGER"]): GatewayEnv["LEDGER"] {
    const get = (id: DurableObjectId) => {
      const stub = namespace.get(id) as unknown as LedgerRpc & Pick<AccountLedger, "usage">;
      const through = <M extends keyof LedgerRpc>(method: M) => {
        return (...given: unknown[]) => {
          if (method !== "settle") this.calls.push(method);
          const call = () => (stub[method] as (...all: unknown[]) => Promise<unknown>)(...given);
          return this.fault === null ? call() : this.fault(method, call);
        };
      };
      return {
        admit: through("admit"),
        refuse: through("refuse"),
        settle: through("settle"),
        renew: through("renew"),
        usage: () => stub.usage(),
      };
    };
    return { idFromName: (name: string) => namespace.idFromName(name), get } as unknown as GatewayEnv["LEDGER"];
  }
}

function codeIn(text: string): string | null {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? null;
  } catch {
    return null;
  }
}

/** An edge whose key is provisioned. */
export async function newEdge(
  over: Partial<Record<keyof GatewayEnv, unknown>> = {},
  limits: QuotaLimits = {},
  signer?: Signer,
): Promise<Edge> {
  const edge = new Edge(signer ?? (await newSigner()), over);
  await edge.provision(limits);
  return edge;
}

/** Every fetch of this test goes to `answer`. */
export function upstream(answer: (request: Request) => Response | Promise<Response>): Request[] {
  const seen: Request[] = [];
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init as RequestInit);
    seen.push(request.clone() as Request);
    // as the platform's fetch ends: by the caller's own signal, which a Request made here only follows while it is kept
    const signal = init?.signal;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal?.addEventListener("abort", () => reject(new DOMException("late", "TimeoutError")), { once: true });
    return Promise.race([answer(request as Request), aborted]);
  });
  onTestFinished(() => spy.mockRestore());
  return seen;
}

export const COMPLETION = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "upstream-name",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
};

/** What this Worker printed while the test ran, each call as one text. */
export function printed(): string[] {
  const lines: string[] = [];
  for (const method of ["log", "info", "debug", "warn", "error"] as const) {
    const spy = vi.spyOn(console, method).mockImplementation((...given: unknown[]) => {
      lines.push(given.map((each) => (each instanceof Error ? String(each.stack) : JSON.stringify(each))).join(" "));
    });
    onTestFinished(() => spy.mockRestore());
  }
  return lines;
}
