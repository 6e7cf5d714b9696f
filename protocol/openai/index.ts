// Public names of the OpenAI side of the wire.
export { CHAT_FIELDS } from "./chat-fields.ts";
export { type ChatReading, type ChatRequest, parseChatRequest } from "./chat-request.ts";
export type { ContentPart } from "./content.ts";
export { EMBEDDINGS_FIELDS } from "./embeddings-fields.ts";
export { type EmbeddingsInput, inputCount, inputTexts, inputTokens } from "./embeddings-input.ts";
export { type EmbeddingsReading, type EmbeddingsRequest, parseEmbeddingsRequest } from "./embeddings-request.ts";
export { encodeEmbeddings, readEmbeddings } from "./embeddings-response.ts";
export { estimatePromptTokens, type PromptShape, textTokens } from "./estimate.ts";
export type { Field, FieldClass } from "./fields.ts";
export { DEFAULT_REQUEST_LIMITS, type RequestLimits } from "./limits.ts";
export { countAttachments, countImages } from "./media-count.ts";
export type { ChatMessage, Role, ToolCall } from "./messages.ts";
export { choices, outputLimit } from "./output-limit.ts";
export type { Need, Refused } from "./read-fields.ts";
export * from "./responses.ts";
export { type Edits, type Rewritten, rewriteChat, rewriteInput } from "./rewrite-texts.ts";
export { type PromptText, textOf, textOfEmbeddings } from "./text-of.ts";
export { toUpstreamChat, toUpstreamEmbeddings, type UpstreamBody, type UpstreamChatOptions } from "./upstream.ts";
