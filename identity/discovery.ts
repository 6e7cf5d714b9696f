// An external issuer's metadata (OpenID Connect Discovery, section 4; RFC 8414, section 3), judged before its key
// address is believed. A document can only point to hosts that policy names: it cannot make us fetch what it likes.
import { utf8 } from "../protocol/encoding.ts";
import { readJsonObject } from "../protocol/json.ts";
import { type IssuerRule, isIssuerUrl } from "./issuer-rule.ts";

export interface DiscoveryLimits {
  /** Bytes of a document, or of a key set. */
  readonly maxBytes: number;
}

export const DISCOVERY_LIMITS: DiscoveryLimits = { maxBytes: 256 * 1024 };

export type DiscoveryFault =
  | "too_large"
  | "malformed"
  /** it speaks for another issuer (RFC 8414, section 3.3: mix-up) */
  | "issuer"
  /** no https, or a host that is neither the issuer's nor named in policy */
  | "jwks_uri";

export type DiscoveryVerdict =
  | { readonly ok: true; readonly jwksUri: string }
  | { readonly ok: false; readonly fault: DiscoveryFault };

/** Where the document may be, in the order to ask: OpenID's place, then RFC 8414's. */
export function discoveryUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

export function judgeDiscovery(
  document: string,
  rule: Pick<IssuerRule, "issuer" | "jwks_hosts">,
  limits: DiscoveryLimits = DISCOVERY_LIMITS,
): DiscoveryVerdict {
  const bytes = utf8(document);
  if (bytes.length > limits.maxBytes) return { ok: false, fault: "too_large" };
  const read = readJsonObject(bytes);
  if (!read.ok) return { ok: false, fault: "malformed" };
  const { issuer, jwks_uri: jwksUri } = read.value;
  if (issuer !== rule.issuer) return { ok: false, fault: "issuer" };
  if (typeof jwksUri !== "string" || !isKeyAddress(jwksUri, rule)) return { ok: false, fault: "jwks_uri" };
  return { ok: true, jwksUri };
}

/** Whether keys may be fetched from there for this issuer: also for an address that a redirect or policy names. */
export function isKeyAddress(address: string, rule: Pick<IssuerRule, "issuer" | "jwks_hosts">): boolean {
  if (!isIssuerUrl(address)) return false;
  const { host, protocol } = new URL(address);
  const issuer = new URL(rule.issuer);
  if (protocol === "http:" && issuer.protocol === "https:") return false;
  return host === issuer.host || rule.jwks_hosts.includes(host);
}
