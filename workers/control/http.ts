// What every route of control shares: how it answers, how it refuses, how it reads a body and a query.
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import type { KeyDirectory } from "../../durable-objects/key-directory/object.ts";
import type { Actor } from "../../durable-objects/key-directory/records.ts";
import type { Reach } from "../../policy/matrix.ts";
import { concat } from "../../protocol/encoding.ts";
import type { RequestId } from "../../protocol/ids.ts";
import { type JsonLimits, readJsonObject } from "../../protocol/json.ts";
import { paramPath } from "../../protocol/param-path.ts";
import { answerOf, type Refusal, renderRefusal } from "../../protocol/refusal.ts";
import type { Caller } from "./caller.ts";
import type { ControlConfig, ControlEnv } from "./config.ts";

export interface ControlVariables {
  requestId: RequestId;
  /** set for every route but health */
  config: ControlConfig;
  directory: DurableObjectStub<KeyDirectory>;
  /** set for every route of administration */
  caller: Caller;
  /** whom the action may concern: what an answer may be of */
  reach: Reach;
}

export interface ControlTypes {
  Bindings: ControlEnv;
  Variables: ControlVariables;
}
export type ControlContext = Context<ControlTypes>;
/** What a route does, once its caller may. */
export type Handler = (c: ControlContext) => Promise<Response> | Response;

/** Bounds of what an administrator sends: a key's description, a form. */
export interface ControlLimits {
  /** Bytes of a body, counted as they are read. Protects memory. */
  readonly maxBodyBytes: number;
  readonly json: JsonLimits;
}
export const CONTROL_LIMITS: ControlLimits = {
  maxBodyBytes: 64 * 1024,
  json: { maxDepth: 8, maxKeys: 256, maxValues: 4096 },
};

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function refuse(c: ControlContext, refusal: Refusal): Response {
  const given = answerOf(refusal);
  const { body, contentType } = renderRefusal(given, c.get("requestId"), c.req.header("accept") ?? null);
  return c.body(body, given.status as ContentfulStatusCode, { ...given.headers, "content-type": contentType });
}

/** A JSON body of this shape, or why not: type, size, JSON, then the first field that is unknown or wrong. */
export async function readBody<T>(c: ControlContext, schema: z.ZodType<T>): Promise<Read<T>> {
  if (!/^application\/json *(?:; *charset="?utf-8"? *)?$/i.test(c.req.header("content-type") ?? ""))
    return { ok: false, refusal: { code: "unsupported_media_type" } };
  const bytes = await readBytes(c.req.raw, CONTROL_LIMITS.maxBodyBytes);
  if (bytes === null)
    return { ok: false, refusal: { code: "request_too_large", limitBytes: CONTROL_LIMITS.maxBodyBytes } };
  const json = readJsonObject(bytes, CONTROL_LIMITS.json);
  return json.ok ? await shaped(schema, json.value, "invalid_request") : json;
}

/** The query as this shape: a parameter that is unknown, wrong or there twice is named. */
export async function readQuery<T>(c: ControlContext, schema: z.ZodType<T>): Promise<Read<T>> {
  const given = new URL(c.req.url).searchParams;
  const query: Record<string, string> = {};
  for (const [name, value] of given) {
    if (Object.hasOwn(query, name)) return { ok: false, refusal: { code: "invalid_query", param: clipped(name) } };
    Object.defineProperty(query, name, { value, enumerable: true });
  }
  return await shaped(schema, query, "invalid_query");
}

async function shaped<T>(
  schema: z.ZodType<T>,
  value: unknown,
  code: "invalid_request" | "invalid_query",
): Promise<Read<T>> {
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  // an unknown name is told by its own path, not by its parent's
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const param = paramPath([...(issue?.path ?? []), ...unknown]);
  if (code === "invalid_query") return { ok: false, refusal: { code, param: param ?? "" } };
  const expected = unknown.length > 0 ? "this field is not known here" : (issue?.message ?? "another value");
  return { ok: false, refusal: { code, param, expected } };
}

/** The body's bytes, or null once they are more than the limit, whatever Content-Length said. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) break;
    length += part.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      return null;
    }
    parts.push(part.value);
  }
  return concat(...parts);
}

/** Who acts, for the audit log. */
export function actorOf(c: ControlContext): Actor {
  return { requestId: c.get("requestId"), credentialId: c.get("caller").principal.credentialId };
}

function clipped(text: string): string {
  return text.slice(0, 100);
}
