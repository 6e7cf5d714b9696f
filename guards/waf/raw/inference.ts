// The fields of an inference request that are no message content. What a person says to a model is no query: it goes to
// the prompt guard and never comes here, and what names or describes (`user`, `metadata`, names) is prose.
import { jsonLeaves } from "../body/json.ts";
import type { Field, SurfaceLimits } from "../surface.ts";

const ROUTE = /^\/v1\/(?:chat\/completions|completions|embeddings|responses|messages)$/;
const CONTENT = new Set(
  "messages input prompt suffix instructions system tools functions function_call tool_choice response_format stop logit_bias text reasoning prediction audio".split(
    " ",
  ),
);

export function isInferenceRoute(path: string): boolean {
  return ROUTE.test(path);
}

/** @param body the parsed JSON body of an inference route */
export function inferenceFieldsOf(body: unknown, limits: SurfaceLimits): readonly Field[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return [];
  const kept = Object.entries(body).filter(([name]) => !CONTENT.has(name));
  const { fields } = jsonLeaves(Object.fromEntries(kept), limits);
  return [...fields.map((f): Field => (isProse(f.place) ? { ...f, prose: true } : f)), ...messageNames(body)];
}

function isProse(place: string): boolean {
  return /^body\.(?:user|metadata|safety_identifier|prompt_cache_key)(?:[.[]|$)/.test(place);
}

function messageNames(body: object): Field[] {
  const messages: unknown = Object.entries(body).find(([name]) => name === "messages")?.[1];
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message: unknown, i): Field[] => {
    if (typeof message !== "object" || message === null || !("name" in message)) return [];
    const { name } = message;
    return typeof name === "string"
      ? [{ place: `body.messages[${i}].name`, name: "name", value: name, kind: "json", prose: true }]
      : [];
  });
}
