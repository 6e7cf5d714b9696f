// A whole answer from backend to client: awaited within the first byte's limit, while its lease lives, and passed on under
// the model's public name.

import { type GuardedCompletion, guardCompletion } from "../../guards/output/index.ts";
import { sha256 } from "../../identity/content-digest.ts";
import type { Verdict } from "../../protocol/audit.ts";
import { toBase64Url, utf8 } from "../../protocol/encoding.ts";
import {
  encodeEmbeddings,
  fields,
  inputCount,
  readEmbeddings,
  readUsage,
  textTokens,
  type Usage,
} from "../../protocol/openai/index.ts";
import type { BackendAnswer } from "./backends/backend.ts";
import { restoreCompletion } from "./chat-restorer.ts";
import { GATEWAY_LIMITS } from "./limits.ts";

import { isRefusal, type Prompt, type Step } from "./products.ts";
import { watchRelay } from "./relay-watch.ts";
import { type Relay, type Relayed, settleRefused } from "./relayed.ts";

export async function relayDocument(relay: Relay): Promise<Step<Relayed>> {
  const { admitted, backendName, aborter, clientSignal, context, ledger, settler } = relay;
  const { reply, lease_ms } = context.snapshot.policy;
  const watch = watchRelay({
    startedAtMs: relay.askedAtMs,
    idleMs: () => reply.first_byte_timeout_ms,
    leaseMs: lease_ms,
    leaseExpiresAtMs: admitted.leaseExpiresAtMs,
    checkMs: GATEWAY_LIMITS.answerCheckMs,
    renew: () => ledger.renew(context.requestId, lease_ms),
    now: Date.now,
    onIdle: () => aborter.abort(),
    onLeaseLost: () => aborter.abort(),
  });
  try {
    const answer = await relay.answering;
    if (isRefusal(answer)) return settleRefused(answer, relay);
    const document = documentOf(answer, admitted.prompt);
    if (document === null) return settleRefused({ code: "backend_error" }, relay);
    context.latency.backend = Date.now() - context.startedAtMs;
    settler.end({
      outcome: clientSignal.aborted ? "client_closed" : document.cut ? "cut_by_guard" : "completed",
      status: 200,
      backend: backendName,
      usage: document.usage,
      delivered: true,
      estimatedTokens: document.estimatedTokens,
      resultSha256: sha256(document.body).then(toBase64Url),
      verdicts: document.verdicts,
    });
    return { body: document.body, contentType: "application/json" };
  } finally {
    watch.stop();
  }
}

interface Document {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly usage: Usage | null;
  readonly estimatedTokens: number;
  readonly cut: boolean;
  readonly verdicts: readonly Verdict[];
}

const NOT_GUARDED: Omit<GuardedCompletion, "document"> = { cut: false, findings: [], verdicts: [] };

/** The document under the model's public name, or null where the backend's answer lacks the form it must have. */
function documentOf(answer: BackendAnswer, { grant, promptTokens, output, redaction }: Prompt): Document | null {
  if (answer.kind !== "document") {
    answer.bytes.cancel().catch(() => undefined);
    return null;
  }
  const { typed, requested } = grant;
  if (typed.kind === "embeddings") {
    const { input, encoding_format } = typed.parsed.request;
    const expected = { model: requested, count: inputCount(input), estimatedTokens: promptTokens };
    const embeddings = readEmbeddings(answer.value, expected);
    if (embeddings === null) return null;
    const body = utf8(JSON.stringify(encodeEmbeddings(embeddings, encoding_format ?? "float")));
    return { body, usage: readUsage(answer.value), estimatedTokens: 0, cut: false, verdicts: [] };
  }
  const given = fields(answer.value);
  if (given === null || !Array.isArray(given.choices)) return null;
  // where nothing was taken out, the backend's own document goes on
  const guarded = output === null ? { ...NOT_GUARDED, document: given } : guardCompletion(given, output);
  const restored = redaction === null ? guarded.document : restoreCompletion(guarded.document, redaction);
  const body = utf8(JSON.stringify({ ...restored, model: requested }));
  const usage = readUsage(given);
  // what no one counted is estimated from the whole document: high rather than low
  return {
    body,
    usage,
    estimatedTokens: usage === null ? Math.ceil(textTokens(JSON.stringify(given.choices))) : 0,
    cut: guarded.cut,
    verdicts: guarded.verdicts,
  };
}
