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
      return { fields: [...fields, ...together(fields)], overflow: true };
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
  return { fields: [...fields, ...together(fields)], overflow: false };
}

/** Signs that a piece of an attack ends or goes on with. */
const CUT = /[*'"`<(]|%(?:25)*(?:2a|27|22|60|3c|28)/i;

/**
 * Values of one name as servers hand them over that join them with commas, so that an attack cut over several is seen as it
 * arrives. Names that differ only in how they are encoded are one.
 */
function together(fields: readonly Field[]): Field[] {
  const byName = new Map<string, Field[]>();
  for (const field of fields) {
    if (field.name === "") continue;
    const name = decoded(field.name).toLowerCase();
    const same = byName.get(name) ?? [];
    same.push(field);
    byName.set(name, same);
  }
  return [...byName.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined || same.length < 2 || !same.some(({ value }) => CUT.test(value))) return [];
    return [{ ...first, value: same.map(({ value }) => value).join(",") }];
  });
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
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
