// An upstream whose answers a test writes itself, one at a time, and a deployment of three Workers in front of it under the
// guards that a test chooses, or `npm start` with the same. It keeps every request as the bytes that came.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FIELD_SCOPES } from "../../../identity/scopes.ts";
import type { PolicyInput } from "../../../policy/schema.ts";
import { startFaultUpstream } from "../../support/fault-upstream.ts";
import { forgetState, npmStart, stateWithFaults, targetOf } from "../../support/npm-start.ts";
import { startThreeWorkers, type ThreeWorkers } from "../../support/three-workers.ts";
import { mintKey, post, type Target } from "../contract/target.ts";

export interface Asked {
  readonly method: string;
  /** with its query */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: Buffer;
}

export type Answer = (response: ServerResponse, asked: Asked) => void | Promise<void>;

export interface Scripted {
  readonly url: string;
  readonly asked: Asked[];
  /** answers every request from now on */
  answer: Answer;
  stop(): Promise<void>;
}

export const MODEL = "scripted";
export const USAGE = { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 };

export async function startScripted(): Promise<Scripted> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const raw = await readAll(request);
    const record: Asked = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      raw,
    };
    asked.push(record);
    response.on("error", () => undefined);
    await scripted.answer(response, record);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const scripted: Scripted = {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: completes("ok"),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return scripted;
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export interface Guarded {
  readonly target: Target;
  readonly scripted: Scripted;
  readonly logs: readonly string[];
  stop(): Promise<void>;
}

type Guards = NonNullable<PolicyInput["guards"]>;
/** What a test adds to the policy. @param url the scripted upstream's */
type Over = (policy: PolicyInput, url: string) => PolicyInput;

/** The scripted upstream as origin `script` and model `scripted`, under these guards. */
function underGuards({ url }: Scripted, guards: Guards, over: Over = (policy) => policy) {
  return (policy: PolicyInput): PolicyInput =>
    over(
      {
        ...policy,
        models: {
          ...policy.models,
          [MODEL]: {
            current: "1",
            versions: { "1": { backends: [{ kind: "origin", origin: "script", model: "upstream-name" }] } },
            capabilities: [
              ...["chat", "embeddings", "stream", "tools", "images", "files", "functions", "n", "logprobs"],
              ...["logit_bias", "system_role", "stop", "reasoning_effort"],
            ] as PolicyInput["models"][string]["capabilities"],
            context_tokens: 4_000_000,
            max_output_tokens: 4096,
            default_output_tokens: 256,
          },
        },
        origins: { ...policy.origins, script: { kind: "openai", url } },
        guards,
      },
      url,
    );
}

/** Three Workers side by side, with the scripted upstream behind them. */
export async function startGuarded(guards: Guards, over?: Over): Promise<Guarded> {
  const scripted = await startScripted();
  const workers: ThreeWorkers = await startThreeWorkers(underGuards(scripted, guards, over));
  const stop = async (): Promise<void> => {
    await workers.stop();
    await scripted.stop();
  };
  return { target: workers.target, scripted, logs: workers.logs, stop };
}

/** `npm start` with the same: one process, one port, all Workers in one. */
export async function npmStartGuarded(guards: Guards, over?: Over): Promise<Guarded> {
  const scripted = await startScripted();
  const faults = await startFaultUpstream();
  const state = await stateWithFaults(faults, underGuards(scripted, guards, over));
  const started = await npmStart(state);
  const stop = async (): Promise<void> => {
    await started.stop();
    await faults.stop();
    await scripted.stop();
    await forgetState(state);
  };
  return { target: await targetOf(started, faults), scripted, logs: [], stop };
}

/** A key of its own: its use can be read, and the isolate's bound for one account is not shared with other tests. */
export async function keyFor(target: Target, more: Record<string, unknown> = {}): Promise<{ id: string; key: string }> {
  return mintKey(target, { scopes: ["infer:*", "embed:*", ...FIELD_SCOPES], ...more });
}

export function ask(
  { target }: Guarded,
  messages: unknown,
  more: Record<string, unknown> = {},
  key = target.apiKey,
): Promise<Response> {
  return post(
    target,
    "/v1/chat/completions",
    {
      model: MODEL,
      messages: typeof messages === "string" ? [{ role: "user", content: messages }] : messages,
      ...more,
    },
    { authorization: `Bearer ${key}` },
  );
}

// what an upstream says

export function sse(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** One chunk of a stream. */
export function piece(delta: unknown, finish: string | null = null, index = 0): string {
  const choices = [{ index, delta, finish_reason: finish }];
  return sse({ id: "c1", object: "chat.completion.chunk", created: 7, model: "/secret/name", choices });
}

export const END =
  sse({ id: "c1", object: "chat.completion.chunk", created: 7, model: "m", choices: [], usage: USAGE }) +
  "data: [DONE]\n\n";

export function head(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
}

/** Sends them one after the other, as separate writes. */
export function streams(...events: readonly string[]): Answer {
  return async (response) => {
    head(response);
    for (const event of events) {
      if (response.destroyed) return;
      response.write(event);
    }
    response.end();
  };
}

export function document(response: ServerResponse, ...messages: readonly Record<string, unknown>[]): void {
  const choices = messages.map((message, index) => ({
    index,
    message: { role: "assistant", content: null, ...message },
    finish_reason: "tool_calls" in message ? "tool_calls" : "stop",
  }));
  const value = { id: "c1", object: "chat.completion", created: 7, model: "/secret/name", choices, usage: USAGE };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** Answers with a text, streamed in one chunk where the request asks for a stream. */
export function completes(content: string): Answer {
  return (response, { raw }) => {
    const stream = (JSON.parse(raw.toString() || "{}") as { stream?: boolean }).stream === true;
    if (stream) return streams(piece({ role: "assistant", content }), piece({}, "stop"), END)(response, NOBODY);
    document(response, { content });
  };
}

const NOBODY: Asked = { method: "", path: "", headers: {}, raw: Buffer.alloc(0) };

// what a client got

export interface Got {
  readonly status: number;
  /** every byte, as text */
  readonly bytes: string;
  readonly requestId: string;
  /** by choice */
  readonly texts: readonly string[];
  readonly args: readonly string[];
  readonly finishes: readonly (string | null)[];
  readonly done: boolean;
  readonly usage: unknown;
}

interface Choice {
  readonly index: number;
  readonly delta?: Said;
  readonly message?: Said;
  readonly finish_reason: string | null;
}
interface Said {
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly function?: { readonly arguments?: string } }[];
}

/** Reads an answer whole, streamed or not, into one form. */
export async function got(response: Response): Promise<Got> {
  const bytes = await response.text();
  const texts: string[] = [];
  const args: string[] = [];
  const finishes: (string | null)[] = [];
  let usage: unknown = null;
  for (const value of valuesOf(bytes)) {
    const { choices = [], usage: counted } = value as { choices?: readonly Choice[]; usage?: unknown };
    usage = counted ?? usage;
    for (const { index, delta, message, finish_reason } of choices) {
      const said = delta ?? message ?? {};
      texts[index] = (texts[index] ?? "") + (said.content ?? "");
      for (const call of said.tool_calls ?? []) args[index] = (args[index] ?? "") + (call.function?.arguments ?? "");
      finishes[index] = finish_reason ?? finishes[index] ?? null;
    }
  }
  return {
    status: response.status,
    bytes,
    requestId: response.headers.get("x-request-id") ?? "",
    texts,
    args,
    finishes,
    done: bytes.endsWith("data: [DONE]\n\n"),
    usage,
  };
}

function valuesOf(bytes: string): unknown[] {
  if (!bytes.startsWith("data:") && !bytes.startsWith(":")) return [JSON.parse(bytes) as unknown];
  return bytes
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice("data: ".length)) as unknown);
}

// what the log and the ledger hold

export interface Joined {
  readonly request_id: string;
  readonly [field: string]: unknown;
}

/** The record of one request, once the log has it, with its outcome where it was admitted. */
export async function recordOf({ target }: Guarded, requestId: string, ended = true): Promise<Joined> {
  for (let tries = 0; tries < 100; tries++) {
    const response = await fetch(`${target.url}/audit/v1/records?limit=200`, {
      headers: { authorization: `Bearer ${target.auditorKey}` },
    });
    const { records } = (await response.json()) as { records: Joined[] };
    // counts of refusals that nobody stood for are sent under the id of the request that found them due
    const found = records.find((record) => record.request_id === requestId && record.kind !== "tally");
    if (found !== undefined && (!ended || found.outcome !== null)) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no record of ${requestId}`);
}

export interface Kept {
  readonly at?: readonly number[];
}

/** The verdicts, wherever in the record they stand. */
export function verdictsIn(value: unknown): Kept[] {
  if (typeof value !== "object" || value === null) return [];
  for (const [name, inner] of Object.entries(value)) {
    if (name === "verdicts") return inner as Kept[];
    const found = verdictsIn(inner);
    if (found.length > 0) return found;
  }
  return [];
}

export interface Used {
  readonly open_reservations: number;
  readonly used: Readonly<Record<string, { readonly used: number }>>;
}

export async function usageOf({ target }: Guarded, keyId: string): Promise<Used> {
  const response = await fetch(`${target.url}/admin/v1/keys/${keyId}/usage`, {
    headers: { authorization: `Bearer ${target.adminKey}` },
  });
  return (await response.json()) as Used;
}
