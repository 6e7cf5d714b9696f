// Certificate-bound tokens and clients (RFC 8705). The edge has ended the TLS connection and checked the certificate;
// what it says about that is a struct beside the request (Cloudflare: `request.cf.tlsClientAuth`) and is taken from there
// alone. A header that claims the same is a client's word (RFC 9700, section 4.13), and no function here reads one.
import { z } from "zod";
import { fromHex, toBase64Url } from "../protocol/encoding.ts";

/** A client certificate that the edge verified against the platform's own authority. */
export interface ClientCertificate {
  /** `x5t#S256`: base64url of the SHA-256 of its DER (RFC 8705, section 3.1) */
  readonly x5t: string;
  /** as the edge writes them (RFC 4514, or its forerunner RFC 2253) */
  readonly subjectDn: string;
  readonly issuerDn: string;
}

const edgeSchema = z.object({
  certPresented: z.literal("1"),
  // "NONE", or "FAILED:reason", for anything else: self-signed, expired, of another authority
  certVerified: z.literal("SUCCESS"),
  certRevoked: z.literal("0").optional(),
  certFingerprintSHA256: z.string().regex(/^[0-9a-f]{64}$/i),
  certSubjectDNRFC2253: z.string().max(4096).optional(),
  certIssuerDNRFC2253: z.string().max(4096).optional(),
  certSubjectDN: z.string().max(4096).optional(),
  certIssuerDN: z.string().max(4096).optional(),
});

/** @param edge the platform's own struct; null where it names no certificate that was presented, verified and not revoked */
export function clientCertificate(edge: unknown): ClientCertificate | null {
  const parsed = edgeSchema.safeParse(edge);
  if (!parsed.success) return null;
  const cert = parsed.data;
  return {
    x5t: toBase64Url(fromHex(cert.certFingerprintSHA256.toLowerCase())),
    subjectDn: cert.certSubjectDNRFC2253 ?? cert.certSubjectDN ?? "",
    issuerDn: cert.certIssuerDNRFC2253 ?? cert.certIssuerDN ?? "",
  };
}

/** How a client that authenticates by certificate was registered (RFC 8705, section 2.1.2). */
export type CertificateRegistration =
  | { readonly tls_client_auth_subject_dn: string }
  /** thumbprints of exactly these certificates; more than one while one replaces the other */
  | { readonly "x5t#S256": readonly string[] };

/** Whether the certificate is this client's. A name is compared exactly: no part of it, no other order of its parts. */
export function isCertificateOf(certificate: ClientCertificate, registration: CertificateRegistration): boolean {
  if ("x5t#S256" in registration) return registration["x5t#S256"].includes(certificate.x5t);
  const { tls_client_auth_subject_dn: name } = registration;
  return name !== "" && certificate.subjectDn === name;
}
