// Messages of a chat, by role. An assistant's turn may come back without content, with null or with "" when it only
// called tools, and even without tools: every SDK produces these shapes from the second turn on.
import { z } from "zod";
import { assistantContent, textContent, userContent } from "./content.ts";
import { optional, participant, usedName } from "./primitives.ts";

const toolCall = z.discriminatedUnion("type", [
  z.strictObject({
    id: z.string().max(256),
    type: z.literal("function"),
    function: z.strictObject({ name: usedName, arguments: z.string() }),
  }),
  z.strictObject({
    id: z.string().max(256),
    type: z.literal("custom"),
    custom: z.strictObject({ name: usedName, input: z.string() }),
  }),
]);

const developer = z.strictObject({
  role: z.literal("developer"),
  content: textContent,
  name: optional(participant),
});
const system = z.strictObject({ role: z.literal("system"), content: textContent, name: optional(participant) });
const user = z.strictObject({ role: z.literal("user"), content: userContent, name: optional(participant) });

const assistant = z.strictObject({
  role: z.literal("assistant"),
  /** null stays null: a template may tell it from "" */
  content: z.optional(z.nullable(assistantContent)),
  refusal: optional(z.string()),
  name: optional(participant),
  tool_calls: optional(z.array(toolCall)),
  function_call: optional(z.strictObject({ name: usedName, arguments: z.string() })),
  /** refers to an answer kept by OpenAI; refused unless null */
  audio: optional(z.strictObject({ id: z.string().max(256) })),
  /** citations of an answer that is sent back as it came: ignored */
  annotations: optional(z.array(z.unknown())),
});

const tool = z.strictObject({ role: z.literal("tool"), content: textContent, tool_call_id: z.string().max(256) });

const legacyFunction = z.strictObject({
  role: z.literal("function"),
  content: z.nullable(z.string()),
  name: usedName,
});

export const messageSchema = z.discriminatedUnion("role", [developer, system, user, assistant, tool, legacyFunction]);

export type ChatMessage = z.output<typeof messageSchema>;
export type AssistantMessage = z.output<typeof assistant>;
export type Role = ChatMessage["role"];
export type ToolCall = z.output<typeof toolCall>;
