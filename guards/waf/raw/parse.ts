// A recorded HTTP/1.x request as text → what the WAF judges. Tolerant: what a strict server would answer with 400 is
// read as far as it goes and reported as a violation.
import { type BodyFields, fieldsOf, parseJson } from "../body/index.ts";
import type { HttpSurface, SurfaceLimits, Violation } from "../surface.ts";
import { violation } from "../transport/headers.ts";
import { cookiesOf } from "../transport/parameters.ts";
import { dechunked } from "./chunks.ts";
import { inferenceFieldsOf, isInferenceRoute } from "./inference.ts";
import { readHead } from "./lines.ts";

const REQUEST_LINE = /^([!-~]{1,32}) (\S[^\r\n]{0,1048576}?) (HTTP\/[0-9.]{1,8})$/;

export function parseRawRequest(text: string, limits: SurfaceLimits): HttpSurface {
  const head = readHead(text.replace(/^(?:\r?\n){1,8}/, ""), limits);
  const violations: Violation[] = [...head.violations];
  const { method, target } = requestLine(head.requestLine, violations);
  const { path, query, host } = splitTarget(target, method, violations);
  const headers = head.headers;
  const hosts = headers.filter(([name]) => name.toLowerCase() === "host");
  if (host !== null && hosts[0] !== undefined && hosts[0][1].toLowerCase() !== host.toLowerCase())
    violations.push(violation("protocol-host", "header.host"));
  const cookies = headers.filter(([name]) => name.toLowerCase() === "cookie").flatMap(([, value]) => cookiesOf(value));
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const chunked = headers.some(([name, value]) => /^transfer-encoding$/i.test(name.trim()) && /chunked/i.test(value));
  const body = readBody(path, type, chunked ? dechunked(head.body, violations) : head.body, limits);
  violations.push(...body.violations);
  if (head.body.trim() !== "") {
    if (/^(?:GET|HEAD|TRACE)$/.test(method)) violations.push(violation("protocol-body-method", "body"));
    if (type === "") violations.push(violation("protocol-body-untyped", "body"));
  }
  return { method, path, query, headers, cookies, fields: body.fields, violations };
}

function readBody(path: string, type: string, text: string, limits: SurfaceLimits): BodyFields {
  // a recording ends with the file's own line break; only multipart cares for it, and tolerates it
  const body = fieldsOf(type, text.replace(/\r?\n$/, ""), limits);
  if (!isInferenceRoute(path) || !/json/i.test(type) || body.violations.length > 0) return body;
  const parsed = parseJson(text);
  return parsed === undefined ? body : { fields: inferenceFieldsOf(parsed, limits), violations: [] };
}

function requestLine(line: string, violations: Violation[]): { method: string; target: string } {
  const match = REQUEST_LINE.exec(line);
  if (match !== null) {
    if (!/^HTTP\/(?:0\.9|1\.[01]|2(?:\.0)?|3(?:\.0)?)$/.test(match[3] ?? ""))
      violations.push(violation("protocol-version", "request", 0, line.length));
    return { method: match[1] ?? "", target: match[2] ?? "" };
  }
  violations.push(violation("protocol-request-line", "request", 0, line.length));
  const loose = /^(\S{1,32})\s{1,8}(.{0,1048576})$/s.exec(line);
  return { method: loose?.[1] ?? "", target: (loose?.[2] ?? line).replace(/\s{1,8}HTTP\/\S{0,16}$/i, "") };
}

function splitTarget(
  target: string,
  method: string,
  violations: Violation[],
): { path: string; query: string; host: string | null } {
  let rest = target;
  let host: string | null = null;
  const absolute = /^https?:\/\/([^/?#]{0,300})/i.exec(target);
  if (absolute !== null) {
    host = absolute[1] ?? "";
    rest = target.slice(absolute[0].length);
  } else if (!target.startsWith("/") && !(target === "*" && method === "OPTIONS") && method !== "CONNECT")
    violations.push(violation("protocol-target", "request", 0, target.length));
  // a fragment never goes on the wire; what stands behind it is judged with the query
  if (/#/.test(rest.split("?")[0] ?? "")) violations.push(violation("protocol-target", "request", 0, target.length));
  const mark = rest.indexOf("?");
  return { path: mark < 0 ? rest : rest.slice(0, mark), query: mark < 0 ? "" : rest.slice(mark + 1), host };
}
