// Step 9: registers settlement, calls the backend, passes its answer on and settles once, whichever end comes first.
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import {
  encodeEmbeddings,
  fields,
  inputCount,
  readEmbeddings,
  readUsage,
  textTokens,
  type Usage,
} from "../../../protocol/openai/index.ts";
import type { BackendAnswer } from "../backends/backend.ts";
import type { LedgerClient } from "../ledger-client.ts";
import { isRefusal, type Prompt, type RequestContext, type Step } from "../products.ts";
import { relayStream } from "../relay-stream.ts";
import { type Relayed, settleRefused } from "../relayed.ts";
import { settlerFor } from "../settler.ts";
import type { Routed } from "./route.ts";

export async function relay(
  routed: Routed,
  ledger: LedgerClient,
  context: RequestContext,
  clientSignal: AbortSignal,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<Step<Relayed>> {
  const { prompt, upstream } = routed.admitted;
  const settler = settlerFor(prompt, ledger, context, Date.now);
  waitUntil(settler.settled);

  const { reply } = context.snapshot.policy;
  const aborter = new AbortController();
  const leave = () => aborter.abort();
  clientSignal.addEventListener("abort", leave, { once: true });
  const timer = setTimeout(() => aborter.abort(), reply.first_byte_timeout_ms);
  const answering = routed.backend({
    endpoint: prompt.grant.typed.kind,
    upstream,
    signal: aborter.signal,
    digest: prompt.grant.digest,
    contextTokens: prompt.grant.model.context_tokens,
    maxReplyBytes: reply.max_reply_bytes,
  });
  try {
    if (upstream.stream)
      return await relayStream({ routed, answering, aborter, clientSignal, timer, ledger, context, settler });
    const answer = await answering;
    if (isRefusal(answer)) return settleRefused(answer, routed, settler, clientSignal);
    const document = documentOf(answer, prompt);
    if (document === null) return settleRefused({ code: "backend_error" }, routed, settler, clientSignal);
    context.latency.backend = Date.now() - context.startedAtMs;
    settler.end({
      outcome: clientSignal.aborted ? "client_closed" : "completed",
      status: 200,
      backend: routed.backendName,
      usage: document.usage,
      estimatedTokens: document.estimatedTokens,
      resultSha256: sha256(document.body),
    });
    return { body: document.body, contentType: "application/json" };
  } catch (error) {
    // a fault of ours: the reservation must not wait for its lease
    settleRefused({ code: "internal_error" }, routed, settler, clientSignal);
    throw error;
  } finally {
    if (!upstream.stream) clearTimeout(timer);
  }
}

interface Document {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly usage: Usage | null;
  readonly estimatedTokens: number;
}

/** The document under the model's public name, or null where the backend's answer lacks the form it must have. */
function documentOf(answer: BackendAnswer, { grant, promptTokens }: Prompt): Document | null {
  if (answer.kind !== "document") return null;
  const { typed, requested } = grant;
  if (typed.kind === "embeddings") {
    const { input, encoding_format } = typed.parsed.request;
    const expected = { model: requested, count: inputCount(input), estimatedTokens: promptTokens };
    const embeddings = readEmbeddings(answer.value, expected);
    if (embeddings === null) return null;
    const body = utf8(JSON.stringify(encodeEmbeddings(embeddings, encoding_format ?? "float")));
    return { body, usage: readUsage(answer.value), estimatedTokens: 1 };
  }
  const completion = fields(answer.value);
  if (completion === null || !Array.isArray(completion.choices)) return null;
  const body = utf8(JSON.stringify({ ...completion, model: requested }));
  const usage = readUsage(completion);
  // what no one counted is estimated from the whole document: high rather than low
  return {
    body,
    usage,
    estimatedTokens: usage === null ? Math.ceil(textTokens(JSON.stringify(completion.choices))) : 1,
  };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
