// Client certificates, as the edge verified them (RFC 8705).
import { describe, expect, it } from "vitest";
import { clientCertificate, isCertificateOf } from "../../../identity/mtls.ts";
import { fromHex, toBase64Url } from "../../../protocol/encoding.ts";

const HEX = "ab".repeat(32);
const EDGE = {
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certFingerprintSHA256: HEX,
  certSubjectDNRFC2253: "CN=client,O=Acme",
  certIssuerDNRFC2253: "CN=ca",
};

describe("a verified certificate", () => {
  it("has the thumbprint that RFC 8705 prints: SHA-256 of the DER, base64url", () => {
    expect(clientCertificate(EDGE)).toEqual({
      x5t: toBase64Url(fromHex(HEX)),
      subjectDn: "CN=client,O=Acme",
      issuerDn: "CN=ca",
    });
    expect(clientCertificate({ ...EDGE, certFingerprintSHA256: HEX.toUpperCase() })?.x5t).toHaveLength(43);
  });
  it("is one that was presented, verified and not revoked; anything less is none", () => {
    for (const over of [
      { certPresented: "0" },
      { certPresented: 1 },
      { certVerified: "NONE" },
      { certVerified: "FAILED:self signed certificate" },
      { certVerified: "FAILED:certificate has expired" },
      { certVerified: "success" },
      { certVerified: undefined },
      { certRevoked: "1" },
      { certFingerprintSHA256: "" },
      { certFingerprintSHA256: "ab".repeat(20) },
      { certFingerprintSHA256: `${HEX} ` },
      { certFingerprintSHA256: undefined },
    ])
      expect(clientCertificate({ ...EDGE, ...over })).toBeNull();
  });
  it("is never read from a header, a string or nothing", () => {
    for (const edge of [
      undefined,
      null,
      "SUCCESS",
      JSON.stringify(EDGE),
      [],
      new Headers({ "cf-client-cert-sha256": HEX }),
    ])
      expect(clientCertificate(edge)).toBeNull();
  });
});

describe("a client's certificate", () => {
  const certificate = clientCertificate(EDGE);
  if (certificate === null) throw new Error("no certificate");
  it("is told by its whole name, or by its thumbprint", () => {
    expect(isCertificateOf(certificate, { tls_client_auth_subject_dn: "CN=client,O=Acme" })).toBe(true);
    for (const name of ["CN=client", "cn=client,o=acme", "O=Acme,CN=client", "CN=client,O=Acme ", "*", ""])
      expect(isCertificateOf(certificate, { tls_client_auth_subject_dn: name })).toBe(false);
    expect(isCertificateOf(certificate, { "x5t#S256": ["other", certificate.x5t] })).toBe(true);
    expect(isCertificateOf(certificate, { "x5t#S256": [] })).toBe(false);
  });
  it("without a name is nobody's by name", () => {
    expect(isCertificateOf({ ...certificate, subjectDn: "" }, { tls_client_auth_subject_dn: "" })).toBe(false);
  });
});
