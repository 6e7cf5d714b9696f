// The registered claims of a JWT (RFC 7519, section 4.1), each of its type before it is compared with anything: a claim
// of another type is no claim that happens to differ (RFC 8725, section 3.1; RFC 7519, section 2, StringOrURI and
// NumericDate). Whose claims they are, and which must be there, is for the caller.
import { z } from "zod";
import { readTokenJson } from "./jws-form.ts";
import { CLOCK_SKEW_S } from "./tokens.ts";

/** Why claims do not hold. */
export type ClaimFault =
  /** no JSON object with every name once, or a claim that is missing or not of its type */
  "claims" | "issuer" | "audience" | "expired" | "not_yet_valid";

const text = z.string().min(1).max(1024);
// what a Date can hold, in seconds; fractions are allowed by RFC 7519
const time = z.number().min(0).max(8_640_000_000_000);
const registered = z.object({
  iss: text.optional(),
  sub: text.optional(),
  aud: z.union([text, z.array(text).min(1).max(16)]).optional(),
  jti: text.optional(),
  azp: text.optional(),
  exp: time.optional(),
  nbf: time.optional(),
  iat: time.optional(),
});

export type RegisteredClaims = z.infer<typeof registered>;

export interface ReadClaims {
  readonly registered: RegisteredClaims;
  /** every claim as it was read */
  readonly all: Readonly<Record<string, unknown>>;
}

/** Null where the payload is no object with every name once, or a registered claim is not of its type. */
export function readClaims(payload: Uint8Array): ReadClaims | null {
  const all = readTokenJson(payload);
  if (all === null) return null;
  const parsed = registered.safeParse(all);
  return parsed.success ? { registered: parsed.data, all } : null;
}

/** The audiences as a list; empty where there is none. */
export function audiencesOf(claims: RegisteredClaims): readonly string[] {
  if (claims.aud === undefined) return [];
  return typeof claims.aud === "string" ? [claims.aud] : claims.aud;
}

/** `exp`, `nbf` and `iat` against the clock, with the project's tolerance both ways. What is absent is not judged. */
export function timeFault(claims: RegisteredClaims, nowMs: number): "expired" | "not_yet_valid" | null {
  const now = nowMs / 1000;
  if (claims.exp !== undefined && claims.exp <= now - CLOCK_SKEW_S) return "expired";
  if (claims.nbf !== undefined && claims.nbf > now + CLOCK_SKEW_S) return "not_yet_valid";
  if (claims.iat !== undefined && claims.iat > now + CLOCK_SKEW_S) return "not_yet_valid";
  return null;
}
