// The form that the model's answer must take.
import { z } from "zod";
import { definedName, freeForm, optional } from "./primitives.ts";

export const responseFormatSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name: definedName,
      description: optional(z.string()),
      schema: optional(freeForm),
      strict: optional(z.boolean()),
    }),
  }),
]);
