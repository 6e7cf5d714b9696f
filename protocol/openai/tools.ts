// Tools that a request defines, and how the model is told to choose among them.
import { z } from "zod";
import { definedName, freeForm, optional, shortList } from "./primitives.ts";

export const functionDefinition = z.strictObject({
  name: definedName,
  description: optional(z.string()),
  parameters: optional(freeForm),
  strict: optional(z.boolean()),
});

export const legacyFunctionDefinition = z.strictObject({
  name: definedName,
  description: optional(z.string()),
  parameters: optional(freeForm),
});

export const toolSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("function"), function: functionDefinition }),
  z.strictObject({
    type: z.literal("custom"),
    custom: z.strictObject({
      name: definedName,
      description: optional(z.string()),
      format: optional(
        z.discriminatedUnion("type", [
          z.strictObject({ type: z.literal("text") }),
          z.strictObject({
            type: z.literal("grammar"),
            grammar: z.strictObject({ definition: z.string(), syntax: z.enum(["lark", "regex"]) }),
          }),
        ]),
      ),
    }),
  }),
]);
export type Tool = z.output<typeof toolSchema>;

const namedFunction = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({ name: definedName }),
});
const namedCustom = z.strictObject({ type: z.literal("custom"), custom: z.strictObject({ name: definedName }) });

export const toolChoiceSchema = z.union([
  z.enum(["none", "auto", "required"]),
  z.discriminatedUnion("type", [
    namedFunction,
    namedCustom,
    z.strictObject({
      type: z.literal("allowed_tools"),
      allowed_tools: z.strictObject({
        mode: z.enum(["auto", "required"]),
        tools: shortList(z.discriminatedUnion("type", [namedFunction, namedCustom]), 128),
      }),
    }),
  ]),
]);

export const functionCallSchema = z.union([z.enum(["none", "auto"]), z.strictObject({ name: definedName })]);
