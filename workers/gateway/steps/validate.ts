// Step 6: everything of the request that a backend would see, judged in the Worker, before anything is spent. What policy
// wants hidden is replaced in the one typed value that all later steps read.
import { Redaction, redact } from "../../../guards/data/index.ts";
import { outputRulesFor, requestTexts } from "../../../guards/output/index.ts";
import { type Block, judgePrompt, type PromptJudgement } from "../../../guards/prompt/index.ts";
import type { Policy } from "../../../policy/schema.ts";
import type { Verdict } from "../../../protocol/audit.ts";
import {
  countImages,
  type Edits,
  estimatePromptTokens,
  inputTokens,
  type PromptShape,
  type PromptText,
  rewriteChat,
  rewriteInput,
  textOf,
  textOfEmbeddings,
} from "../../../protocol/openai/index.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import { guardsOf } from "../guards-of.ts";
import type { Grant, Prompt, RequestContext, Typed } from "../products.ts";
import { told } from "../told.ts";
import { shownOf } from "./doubt.ts";

/** A refusal here carries the verdicts that led to it, for the log. */
export type Validated = Prompt | { readonly refusal: Refusal; readonly verdicts: readonly Verdict[] };

export function validate(grant: Grant, context: RequestContext): Validated {
  const { policy } = context.snapshot;
  const texts = textsOf(grant.typed);
  const guards = guardsOf(context.snapshot);
  const judged = judgePrompt(texts, grant.typed.kind === "chat" ? guards.prompt : guards.embeddings);
  const { verdicts } = judged;
  if (judged.blocked !== null) return { refusal: refusalOf(judged.blocked, policy), verdicts };

  const promptTokens = estimatePromptTokens({ ...shapeOf(grant), texts, imageTokens: grant.model.image_tokens });
  const doubted = (redaction: Redaction | null) =>
    judged.doubt && { ...judged.doubt, shown: shownOf(judged.doubt, judged.redactions, redaction) };
  const output = grant.typed.kind === "chat" ? outputRulesFor(requestTexts(texts), guards.output) : null;
  if (judged.redactions.size === 0)
    return { grant, verdicts, promptTokens, doubt: doubted(null), output, redaction: null };

  const redaction = new Redaction(nonce());
  const { value: typed, left } = redacted(grant.typed, judged.redactions, redaction);
  const [kept] = left;
  // what cannot be taken out does not leave
  if (kept !== undefined)
    return { refusal: { code: "content_policy", param: kept, ...told(HIDDEN, policy) }, verdicts };
  return { grant: { ...grant, typed }, verdicts, promptTokens, doubt: doubted(redaction), output, redaction };
}

const HIDDEN = { category: "personal_data", rule: "data.not_redactable" } as const;

function textsOf(typed: Typed): PromptText[] {
  if (typed.kind === "chat") return [...textOf(typed.parsed.request, typed.parsed.engine)];
  return [...textOfEmbeddings(typed.parsed.request.input, typed.parsed.engine)];
}

function refusalOf(blocked: Block, policy: Policy): Refusal {
  if (blocked.kind === "finding")
    return { code: "content_policy", param: blocked.where, ...told(blocked.finding, policy) };
  const { max_prompt_chars } = policy.request;
  return {
    code: "invalid_request",
    param: blocked.where,
    expected: `expected at most ${max_prompt_chars} characters of text in the whole request`,
  };
}

function redacted(
  typed: Typed,
  redactions: PromptJudgement["redactions"],
  redaction: Redaction,
): { readonly value: Typed; readonly left: readonly string[] } {
  const edits: Edits = new Map(
    [...redactions].map(([where, { text, matches }]) => [
      where,
      redact(text, matches, redaction, { json: where.endsWith(".arguments") }),
    ]),
  );
  if (typed.kind === "chat") {
    const { value: request, engine, left } = rewriteChat(typed.parsed.request, edits, typed.parsed.engine);
    return { value: { ...typed, parsed: { ...typed.parsed, request, engine } }, left };
  }
  const { value: input, engine, left } = rewriteInput(typed.parsed.request.input, edits, typed.parsed.engine);
  return {
    value: { ...typed, parsed: { ...typed.parsed, request: { ...typed.parsed.request, input }, engine } },
    left,
  };
}

/** Nobody who wrote a text of this request can have known it. */
function nonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => (byte % 36).toString(36)).join("");
}

function shapeOf({ typed }: Grant): Omit<PromptShape, "texts" | "imageTokens"> {
  if (typed.kind === "embeddings")
    return { messages: 0, tools: 0, images: 0, tokenNumbers: inputTokens(typed.parsed.request.input) };
  const { request } = typed.parsed;
  const tools = (request.tools?.length ?? 0) + (request.functions?.length ?? 0);
  return { messages: request.messages.length, tools, images: countImages(request) };
}
