// The one walk over typed messages: what they need of a backend, media that are no data, fields without effect.
import type { ContentPart } from "./content.ts";
import type { RequestLimits } from "./limits.ts";
import { mediaFault } from "./media.ts";
import type { AssistantMessage, ChatMessage } from "./messages.ts";
import { type Need, type Refused, unsupported } from "./read-fields.ts";

export interface MessagesRead {
  readonly ok: true;
  readonly messages: ChatMessage[];
  readonly needs: readonly Need[];
  readonly ignored: readonly string[];
}

export function readMessages(messages: readonly ChatMessage[], limits: RequestLimits): MessagesRead | Refused {
  // one need a capability: the first place that asks for it
  const needs = new Map<Need["capability"], Need>();
  const ignored = new Set<string>();
  const out: ChatMessage[] = [];
  for (const [at, message] of messages.entries()) {
    const place = `messages[${at}]`;
    if (message.role === "system" || message.role === "developer") need(needs, "system_role", place);
    if (message.role === "function") need(needs, "functions", place);
    if (message.role === "tool") need(needs, "tools", place);
    if (message.role === "assistant" && message.audio !== undefined) return unsupported(`${place}.audio`);
    const read = message.role === "assistant" ? readAssistant(message, place, needs, ignored) : message;
    if (!Array.isArray(read.content)) {
      out.push(read);
      continue;
    }
    const parts: readonly ContentPart[] = read.content;
    for (const [index, part] of parts.entries()) {
      const fault = mediaFault(part, ["messages", at, "content", index], limits.mediaHosts);
      if (fault !== null) return { ok: false, refusal: fault };
      const capability = MEDIA[part.type];
      if (capability !== null) need(needs, capability, `${place}.content[${index}]`);
    }
    out.push({ ...read, content: parts.map((part) => withoutHint(part, ignored)) } as ChatMessage);
  }
  return { ok: true, messages: out, needs: [...needs.values()], ignored: [...ignored] };
}

const MEDIA = { text: null, refusal: null, image_url: "images", input_audio: "audio", file: "files" } as const;

function need(needs: Map<Need["capability"], Need>, capability: Need["capability"], param: string): void {
  if (!needs.has(capability)) needs.set(capability, { capability, param });
}

function readAssistant(
  message: AssistantMessage,
  place: string,
  needs: Map<Need["capability"], Need>,
  ignored: Set<string>,
): AssistantMessage {
  const { annotations, tool_calls, ...rest } = message;
  if (rest.function_call !== undefined) need(needs, "functions", `${place}.function_call`);
  if (annotations !== undefined && annotations.length > 0) ignored.add("annotations");
  // no calls is what an absent list says, and some backends refuse an empty one
  if (tool_calls === undefined || tool_calls.length === 0) return rest;
  need(needs, "tools", `${place}.tool_calls`);
  if (tool_calls.some((call) => call.type === "custom")) need(needs, "custom_tools", `${place}.tool_calls`);
  return { ...rest, tool_calls };
}

/** `prompt_cache_breakpoint` speaks to OpenAI's own cache. */
function withoutHint(part: ContentPart, ignored: Set<string>): ContentPart {
  if (part.type === "refusal" || part.prompt_cache_breakpoint === undefined) return part;
  const { prompt_cache_breakpoint: _, ...rest } = part;
  ignored.add("prompt_cache_breakpoint");
  return rest;
}
