// Reads a body as the type it claims into fields for judging, and says where it is not what it claims.
import type { Field, SurfaceLimits, Violation } from "../surface.ts";
import { violation } from "../transport/headers.ts";
import { parametersOf } from "../transport/parameters.ts";
import { jsonLeaves } from "./json.ts";
import { multipartFields } from "./multipart.ts";
import { xmlFields } from "./xml.ts";

export interface BodyFields {
  readonly fields: readonly Field[];
  readonly violations: readonly Violation[];
}

/**
 * @param contentType the header as sent; empty where there was none
 * @param body its text, or its bytes, which are read as UTF-8 with replacement
 */
export function fieldsOf(contentType: string, body: string | Uint8Array, limits: SurfaceLimits): BodyFields {
  const whole = typeof body === "string" ? body : new TextDecoder().decode(body.subarray(0, limits.maxBodyChars));
  const text = whole.slice(0, limits.maxBodyChars);
  if (text === "") return { fields: [], violations: [] };
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (type.endsWith("json")) return json(text, limits);
  if (type === "application/x-www-form-urlencoded") return form(text, limits);
  if (type.startsWith("multipart/")) return multipartFields(contentType, text, limits);
  if (type === "text/xml" || type.endsWith("/xml") || type.endsWith("+xml")) return xml(text, limits);
  if (type === "" || type === "text/plain") return untyped(text, limits);
  if (/^(?:image|audio|video|font)\/|^application\/(?:octet-stream|pdf|zip|gzip|wasm|x-protobuf|grpc)/.test(type))
    return {
      fields: [{ place: "body", name: "", value: text.slice(0, 4096), kind: "text", file: true }],
      violations: [],
    };
  return untyped(text, limits);
}

function json(text: string, limits: SurfaceLimits): BodyFields {
  const value = parseJson(text);
  if (value !== undefined) return leaves(value, limits);
  // newline-delimited JSON is many documents; anything else is a text that claims to be one
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const parsed = lines.length > 1 ? lines.slice(0, limits.maxFields).map(parseJson) : [];
  if (parsed.length > 1 && parsed.every((line) => line !== undefined)) return leaves(parsed, limits);
  return {
    fields: [{ place: "body", name: "", value: text, kind: "text" }],
    violations: [violation("protocol-body-shape", "body")],
  };
}

function leaves(value: unknown, limits: SurfaceLimits): BodyFields {
  const { fields, overflow, tooDeep } = jsonLeaves(value, limits);
  return {
    fields,
    violations: [
      ...(overflow ? [violation("protocol-too-many-fields", "body")] : []),
      ...(tooDeep ? [violation("protocol-too-deep", "body")] : []),
    ],
  };
}

/** The value, or undefined where the text is no JSON document. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

function form(text: string, limits: SurfaceLimits): BodyFields {
  const { fields, overflow } = parametersOf(text.replace(/[\r\n]+$/, ""), "form", "body", limits);
  return { fields, violations: overflow ? [violation("protocol-too-many-fields", "body")] : [] };
}

function xml(text: string, limits: SurfaceLimits): BodyFields {
  const { fields, overflow } = xmlFields(text, limits);
  const violations = overflow ? [violation("protocol-too-many-fields", "body")] : [];
  if (!/^\ufeff?\s{0,64}</.test(text)) violations.push(violation("protocol-body-shape", "body"));
  return {
    fields: text.trimStart().startsWith("<")
      ? fields
      : [...fields, { place: "body", name: "", value: text, kind: "text" }],
    violations,
  };
}

/** No type, or plain text: what it looks like, since a server would look too. */
function untyped(text: string, limits: SurfaceLimits): BodyFields {
  if (/^\s{0,16}[[{]/.test(text)) {
    const value = parseJson(text);
    if (value !== undefined) return leaves(value, limits);
  }
  if (/^[\w.[\]%$-]{1,64}=/.test(text) || /^[^\s<>{]{0,65536}%[0-9a-f]{2}[^\s<>{]*\s{0,2}$/i.test(text))
    return form(text, limits);
  if (/^\s{0,16}<[?!a-z]/i.test(text))
    return {
      fields: [...xmlFields(text, limits).fields, { place: "body", name: "", value: text, kind: "text" }],
      violations: [],
    };
  return { fields: [{ place: "body", name: "", value: text, kind: "text" }], violations: [] };
}
