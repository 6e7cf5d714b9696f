// What each step of the pipeline makes, and therefore what the next one needs: a step cannot be skipped, because its
// input exists only if the step before it ran. A step answers with its product or with a Refusal (which alone has `code`).
import type { Redaction } from "../../guards/data/index.ts";
import type { OutputRules } from "../../guards/output/index.ts";
import type { Doubt } from "../../guards/prompt/index.ts";
import type { Principal } from "../../identity/principal.ts";
import type { ReplayGuard } from "../../identity/replay.ts";
import type { BackendRef, ModelPolicy } from "../../policy/schema.ts";
import type { Verdict } from "../../protocol/audit.ts";
import type { RequestId } from "../../protocol/ids.ts";
import type { ChatReading, EmbeddingsReading, UpstreamBody } from "../../protocol/openai/index.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { Snapshot } from "./config.ts";
import type { ShownNonce } from "./nonces.ts";
import type { Shown } from "./steps/doubt.ts";

export type Step<Product> = Product | Refusal;

export function isRefusal<Product extends object>(step: Step<Product>): step is Refusal {
  return "code" in step;
}

/** A route of the inference API that a key is needed for. */
export type InferenceRoute =
  | { readonly name: "chat"; readonly label: "POST /v1/chat/completions" }
  | { readonly name: "embeddings"; readonly label: "POST /v1/embeddings" }
  | { readonly name: "models"; readonly label: "GET /v1/models" }
  | { readonly name: "model"; readonly label: "GET /v1/models/{id}"; readonly id: string }
  | OriginRoute;

/** An endpoint of an origin's own, outside OpenAI's API. */
export interface OriginRoute {
  readonly name: "origin";
  /** `POST /v1/origins/gpu/classify` once screened: what stands in it is policy's, or it was a 404 before anyone was known */
  readonly label: string;
  readonly origin: string;
  readonly path: string;
}

export type GenerateRoute = Extract<InferenceRoute, { name: "chat" | "embeddings" }>;
export type CatalogueRoute = Extract<InferenceRoute, { name: "models" | "model" }>;

export interface Screened<Route extends InferenceRoute = InferenceRoute> {
  readonly route: Route;
  /** as the platform states it; never a header that a client could have set */
  readonly clientAddress: string | null;
  /** what the WAF noticed and policy lets pass; stands in the request's record */
  readonly verdicts: readonly Verdict[];
}

export interface Authenticated<Route extends InferenceRoute = InferenceRoute> extends Screened<Route> {
  readonly principal: Principal;
  /** what the ledger must not have seen before: the request's own proof of possession; null where it carries none */
  readonly replay: ReplayGuard | null;
  /** an obligation that a signature laid on the body, discharged in `read`; null where there is none */
  readonly contentDigest: string | null;
  /** of a DPoP proof, where policy asks this tenant's proofs for a nonce; null elsewhere */
  readonly nonce: ShownNonce | null;
}

declare const authorized: unique symbol;
export interface Authorized<Route extends InferenceRoute = InferenceRoute> extends Authenticated<Route> {
  readonly [authorized]: true;
}

export type Typed =
  | { readonly kind: "chat"; readonly from: Authorized<GenerateRoute>; readonly parsed: ChatReading }
  | { readonly kind: "embeddings"; readonly from: Authorized<GenerateRoute>; readonly parsed: EmbeddingsReading };

/** The model version that this request gets, frozen: nothing later looks a name up again. */
export interface Grant {
  readonly typed: Typed;
  /** what the client wrote; echoed in the answer's `model` */
  readonly requested: string;
  readonly id: string;
  readonly version: string;
  readonly digest: string | null;
  readonly model: ModelPolicy;
  readonly backends: readonly BackendRef[];
  /** any one of them suffices: what the credential's own row is asked for again inside the ledger */
  readonly anyScope: readonly string[];
  /** each is needed as well: fields that need a scope of their own */
  readonly allScopes: readonly string[];
  /** one number: sent to the backend, and n times it reserved; 0 for embeddings */
  readonly outputTokens: number;
  readonly choices: number;
}

export interface Prompt {
  readonly grant: Grant;
  readonly verdicts: readonly Verdict[];
  readonly promptTokens: number;
  /** asked of a guard model once the request is admitted; null where there is no doubt, or policy asks nobody */
  readonly doubt: (Doubt & { readonly shown: Shown }) | null;
  /** null: nothing is looked for in the answer */
  readonly output: OutputRules | null;
  /** what this prompt's placeholders stand for; null where nothing was hidden */
  readonly redaction: Redaction | null;
}

/** The request as it goes upstream: one serialisation of the typed value, never the client's bytes. */
export interface Upstream {
  readonly value: UpstreamBody;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly sha256: Uint8Array<ArrayBuffer>;
  readonly stream: boolean;
}

export interface Admitted {
  readonly prompt: Prompt;
  readonly upstream: Upstream;
  readonly leaseExpiresAtMs: number;
  readonly limitHeaders: Readonly<Record<string, string>>;
}

/** What all steps of one request share. */
export interface RequestContext {
  readonly requestId: RequestId;
  readonly startedAtMs: number;
  readonly snapshot: Snapshot;
  /** milliseconds by step, as the platform's clock shows them */
  readonly latency: Record<string, number>;
}
