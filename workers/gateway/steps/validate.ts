// Step 6: the texts that a backend would see, judged in the Worker, before anything is spent.
import { checkPrompt, DEFAULT_PROMPT_LIMITS } from "../../../guards/prompt/index.ts";
import type { Verdict } from "../../../protocol/audit.ts";
import {
  countImages,
  estimatePromptTokens,
  inputTokens,
  type PromptShape,
  textOf,
  textOfEmbeddings,
} from "../../../protocol/openai/index.ts";
import type { Refusal } from "../../../protocol/refusal.ts";
import type { Grant, Prompt, RequestContext } from "../products.ts";

/** A refusal here carries the verdicts that led to it, for the log. */
export type Validated = Prompt | { readonly refusal: Refusal; readonly verdicts: readonly Verdict[] };

export function validate(grant: Grant, context: RequestContext): Validated {
  const { guards, request: bounds } = context.snapshot.policy;
  const { typed } = grant;
  const texts = [
    ...(typed.kind === "chat"
      ? textOf(typed.parsed.request, typed.parsed.engine)
      : textOfEmbeddings(typed.parsed.request.input)),
  ];
  const checked = checkPrompt(texts, {
    ...DEFAULT_PROMPT_LIMITS,
    maxPromptChars: bounds.max_prompt_chars,
    controlTokens: guards.prompt.control_tokens,
  });
  if (checked.blocked !== null) return { refusal: checked.blocked, verdicts: checked.verdicts };
  const promptTokens = estimatePromptTokens({ ...shapeOf(grant), texts, imageTokens: grant.model.image_tokens });
  return { grant, verdicts: checked.verdicts, promptTokens };
}

function shapeOf({ typed }: Grant): Omit<PromptShape, "texts" | "imageTokens"> {
  if (typed.kind === "embeddings")
    return { messages: 0, tools: 0, images: 0, tokenNumbers: inputTokens(typed.parsed.request.input) };
  const { request } = typed.parsed;
  const tools = (request.tools?.length ?? 0) + (request.functions?.length ?? 0);
  return { messages: request.messages.length, tools, images: countImages(request) };
}
