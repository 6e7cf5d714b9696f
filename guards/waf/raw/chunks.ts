// The chunked coding (RFC 9112, section 7.1), read strictly: a size that readers disagree on is how requests are smuggled.
import type { Violation } from "../surface.ts";
import { violation } from "../transport/headers.ts";

/** The body without its framing; as it stands, with a violation, where the framing is broken. */
export function dechunked(body: string, violations: Violation[]): string {
  let at = 0;
  let text = "";
  while (at < body.length) {
    const line = /^([0-9a-fA-F]{1,8})(?:;[^\r\n]{0,256})?\r?\n/.exec(body.slice(at, at + 300));
    if (line === null) break;
    const size = Number.parseInt(line[1] ?? "0", 16);
    at += line[0].length;
    if (size === 0) {
      // whatever follows the last chunk's trailer is another request in hiding
      if (/\r?\n\r?\n?\s{0,4}\S/.test(body.slice(at)))
        violations.push(violation("protocol-smuggling", "body", at, body.length));
      return text;
    }
    text += body.slice(at, at + size);
    at += size;
    const end = /^\r?\n/.exec(body.slice(at, at + 2));
    if (end === null) break;
    at += end[0].length;
  }
  violations.push(violation("protocol-smuggling", "body", Math.min(at, body.length), body.length));
  return body;
}
