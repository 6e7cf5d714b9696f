// What a parent process and the origin agent say to each other: one JSON object a line, the parent on the agent's
// standard input, the agent on its standard output (its logs are on standard error).
//
//   parent → configure                agent → listening {port}          the port is bound, every request is answered 503
//   parent → load {control_url, …}    agent → progress …, ready {…}     or failed {…}, after which the agent exits with 1
//   parent → stop, or closes stdin    agent → stopped, then exits with 0
//
// Two steps, because control can only be started with the agent's address, and the agent can only load from control.
// Private keys travel in `configure`: standard input is seen by no other process, arguments and environment are.
// The agent ends when its standard input ends, so a killed parent leaves no orphan.
import { z } from "zod";

const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const kid = z.string().min(1).max(128);
const header = z.string().regex(/^[\x20-\x7e]{0,4096}$/);

/** Ed25519 public key (RFC 8037). */
const ed25519Public = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: base64url, kid });
/** Ed25519 private key; whoever holds an origin's can fetch its sealed artifacts and sign replies in its name. */
const ed25519Private = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: base64url, d: base64url });
/** X25519 private key; whoever holds an origin's can open every data key that was ever sealed to it. */
const x25519Private = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("X25519"), x: base64url, d: base64url });

export const originModelSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
  version: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  /** also answers /v1/embeddings */
  embeddings: z.boolean().default(false),
  /** prompt and output together; at most what the model was trained on */
  context_tokens: z.int().min(64).max(1_000_000).default(4096),
});

export const configureSchema = z.strictObject({
  type: z.literal("configure"),
  /** the name under which control enrolled this origin, and the audience of the gateway's requests */
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
  /** on 127.0.0.1; 0 takes any free one */
  port: z.int().min(0).max(65_535).default(0),
  signing_key: ed25519Private,
  encryption_key: x25519Private,
  /** requests are served only when one of these signed them */
  gateway_keys: z.array(ed25519Public).min(1),
  /** a manifest counts only when one of these signed it */
  publisher_keys: z.array(ed25519Public).min(1),
  models: z.array(originModelSchema).min(1).max(16),
  /** for inference; default: the machine's cores less one, at least 1 */
  threads: z.int().min(1).max(1024).optional(),
  /** requests that may wait for the engine; one more is answered 503 with Retry-After */
  queue: z.int().min(0).max(10_000).default(64),
});

export const loadSchema = z.strictObject({
  type: z.literal("load"),
  /** base address of control: `/origin/v1/…` is appended */
  control_url: z.url({ protocol: /^https?$/ }),
  /** sent with each request to control, such as the secret of a local start */
  headers: z.record(z.string().regex(/^[a-z0-9-]{1,64}$/), header).default({}),
  /** how long an unreachable control is asked again */
  patience_ms: z.int().min(0).max(3_600_000).default(60_000),
});

export const stopSchema = z.strictObject({ type: z.literal("stop") });

/** A line from the parent. */
export const parentMessageSchema = z.discriminatedUnion("type", [configureSchema, loadSchema, stopSchema]);
export type ParentMessage = z.infer<typeof parentMessageSchema>;
export type Configure = z.infer<typeof configureSchema>;
export type ConfigureInput = z.input<typeof configureSchema>;
export type Load = z.infer<typeof loadSchema>;
export type LoadInput = z.input<typeof loadSchema>;
export type OriginModel = z.infer<typeof originModelSchema>;

/** A model that the agent serves, by what its signed manifest says. */
export interface ServedModel {
  readonly name: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits of the plain file, checked before the file was loaded */
  readonly digest: string;
  readonly context_tokens: number;
  readonly embeddings: boolean;
}

/** Why the agent gave up. The text of an exception never leaves the process. */
export type FailureCode =
  | "bad_config"
  | "port_in_use"
  | "control_unreachable"
  | "control_refused"
  | "manifest_rejected"
  | "artifact_rejected"
  | "data_key_rejected"
  | "digest_mismatch"
  | "no_space"
  | "engine_failed";

/** A line from the agent. */
export type AgentMessage =
  | { readonly event: "listening"; readonly port: number }
  | { readonly event: "progress"; readonly model: string; readonly done_bytes: number; readonly total_bytes: number }
  | { readonly event: "ready"; readonly models: readonly ServedModel[] }
  | { readonly event: "failed"; readonly code: FailureCode; readonly model: string | null }
  | { readonly event: "stopped" };

/** One line of JSON, newline included. */
export function messageLine(message: ParentMessage | ConfigureInput | LoadInput | AgentMessage): string {
  return `${JSON.stringify(message)}\n`;
}
