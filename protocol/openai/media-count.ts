// Media parts of a request by number, for the prompt estimate.
import type { ChatRequest } from "./chat-request.ts";

/** Image parts of a request: each counts as the policy's number of tokens for the model. */
export function countImages(request: ChatRequest): number {
  return countParts(request, "image_url");
}

/** Audio and file parts: their tokens cannot be told from their bytes without decoding them. */
export function countAttachments(request: ChatRequest): number {
  return countParts(request, "input_audio") + countParts(request, "file");
}

function countParts(request: ChatRequest, type: "image_url" | "input_audio" | "file"): number {
  let count = 0;
  for (const { content } of request.messages)
    if (Array.isArray(content)) for (const part of content) if (part.type === type) count++;
  return count;
}
