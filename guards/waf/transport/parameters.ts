// Query strings, URL-encoded forms and cookies, cut into their parameters as they stand on the wire.
import type { Field, FieldKind, SurfaceLimits } from "../surface.ts";

export interface Parameters {
  readonly fields: readonly Field[];
  /** there were more than the limit */
  readonly overflow: boolean;
}

/** `a=1&b=2`; the text after the limit's last parameter is one more field, so that nothing goes unseen. */
export function parametersOf(text: string, kind: FieldKind, prefix: string, limits: SurfaceLimits): Parameters {
  const fields: Field[] = [];
  let at = 0;
  while (at < text.length) {
    if (fields.length >= limits.maxFields) {
      fields.push({ place: `${prefix}.*`, name: "", value: text.slice(at), kind });
      return { fields, overflow: true };
    }
    const end = text.indexOf("&", at);
    const part = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
    if (part === "") continue;
    const equals = part.indexOf("=");
    // a parameter without a name is a value: `?payload`
    const name = equals < 0 ? "" : part.slice(0, equals);
    fields.push({
      place: `${prefix}.${shortName(name)}`,
      name,
      value: equals < 0 ? part : part.slice(equals + 1),
      kind,
    });
  }
  return { fields, overflow: false };
}

/** What of an attacker's name may stand in a log line. */
export function shortName(name: string): string {
  return name.replace(/[^\w.[\]$-]/g, "_").slice(0, 64);
}

/** The pairs of a Cookie header (RFC 6265, section 4.2.1). */
export function cookiesOf(header: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const part of header.split(";")) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? "" : part.slice(0, equals).trim();
    const value = (equals < 0 ? part : part.slice(equals + 1)).trim();
    if (name !== "" || value !== "") pairs.push([name, value]);
  }
  return pairs;
}
