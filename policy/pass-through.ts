// Endpoints of an origin's own, outside OpenAI's API: `/v1/origins/NAME/PATH`. Only what policy lists exists; a request is
// judged as a web application firewall judges, over every field of its body, and goes on as the bytes that were judged.
import { z } from "zod";

export const PASS_THROUGH_TYPES = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "text/plain",
] as const;

/** A path below the origin: one spelling, no empty, dot or encoded segments. */
const path = z
  .string()
  .max(256)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/);

export const passThroughSchema = z.strictObject({
  methods: z
    .array(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]))
    .min(1)
    .default(["POST"]),
  content_types: z.array(z.enum(PASS_THROUGH_TYPES)).min(1).default(["application/json"]),
  max_body_bytes: z
    .int()
    .min(0)
    .max(16 * 1024 * 1024)
    .default(1024 * 1024),
  /** query parameters by name; others are refused. Absent: any, judged like every field. */
  query: z.array(z.string().min(1).max(64)).max(64).optional(),
});

export const passThroughRoutesSchema = z.record(path, passThroughSchema).default({});
export type PassThroughRoute = z.infer<typeof passThroughSchema>;
