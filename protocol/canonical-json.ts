// Canonical JSON (RFC 8785): one serialisation for everything that is signed, hashed or compared as text.
import canonicalize from "canonicalize";

/**
 * @throws TypeError where the value has no JSON form (undefined, a function, NaN)
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("value has no JSON form");
  return text;
}
