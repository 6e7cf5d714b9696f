// The one number that is reserved, forwarded and billed as a request's output limit.
import type { ChatRequest } from "./chat-request.ts";

/** Tokens of one choice, as the client asked; null where it named no limit. The two spellings agree once parsed. */
export function outputLimit(request: ChatRequest): number | null {
  return request.max_completion_tokens ?? request.max_tokens ?? null;
}

/** Choices of one request: the reservation is this many times the output limit. */
export function choices(request: ChatRequest): number {
  return request.n ?? 1;
}
