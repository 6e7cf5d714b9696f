// The head of a recorded request, line by line (RFC 9112). Recordings often keep only \n: a head in which every line ends
// alike is a recording, one that mixes both is an attack on whoever reads lines the other way.
import type { SurfaceLimits, Violation } from "../surface.ts";
import { violation } from "../transport/headers.ts";

export interface Head {
  readonly requestLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly violations: readonly Violation[];
}

export function readHead(text: string, limits: SurfaceLimits): Head {
  const violations: Violation[] = [];
  const { head, body } = split(text);
  const crlf = countOf(head, "\r\n");
  const lf = countOf(head, "\n");
  const cr = countOf(head, "\r");
  // a recording whose first line alone lost its \r is still a recording; a stray \r never is
  if ((crlf > 0 && lf !== crlf) || cr !== crlf) violations.push(violation("protocol-line-end", "request"));
  const lines = head.split(/\r?\n/);
  const requestLine = lines.shift() ?? "";
  const headers: [string, string][] = [];
  for (const line of lines) {
    if (line === "") continue;
    if (headers.length >= limits.maxHeaders) {
      violations.push(violation("protocol-too-many-fields", "request"));
      break;
    }
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      violations.push(violation("protocol-header-fold", "request", 0, line.length));
      if (last !== undefined) last[1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    if (colon < 0) violations.push(violation("protocol-header-name", "request", 0, line.length));
    headers.push([
      name,
      colon < 0
        ? ""
        : line
            .slice(colon + 1)
            .replace(/^[ \t]{1,256}/, "")
            .trimEnd(),
    ]);
  }
  return { requestLine, headers, body, violations };
}

function split(text: string): { head: string; body: string } {
  const crlf = text.indexOf("\r\n\r\n");
  const lf = text.indexOf("\n\n");
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { head: text.slice(0, crlf), body: text.slice(crlf + 4) };
  if (lf >= 0) return { head: text.slice(0, lf), body: text.slice(lf + 2) };
  return { head: text.replace(/\r?\n$/, ""), body: "" };
}

function countOf(text: string, piece: string): number {
  return text.split(piece).length - 1;
}
