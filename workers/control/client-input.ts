// How an administrator registers a client (the names are RFC 7591's, RFC 8705's and RFC 9449's): exactly what its method
// needs, nothing that another would.
import { z } from "zod";
import { CLIENT_AUTH_METHODS, type Registration } from "../../durable-objects/key-directory/clients/records.ts";
import { thumbprintSchema } from "../../identity/confirmation.ts";
import { readJwks } from "../../identity/jwks.ts";
import { credentialInput } from "./input.ts";

const jwks = z
  .strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(8) })
  // a key that would be skipped later is said now; a private one above all
  .refine((set) => readJwks(set)?.skipped.length === 0, "public signature keys alone, each of a known algorithm");

export const clientInput = z
  .strictObject({
    ...credentialInput,
    token_endpoint_auth_method: z.enum(CLIENT_AUTH_METHODS).default("client_secret_basic"),
    jwks: jwks.optional(),
    tls_client_auth_subject_dn: z.string().min(1).max(1024).optional(),
    /** thumbprints of exactly these certificates */
    "x5t#S256": z.array(thumbprintSchema).min(1).max(4).optional(),
    dpop_bound_access_tokens: z.boolean().default(false),
    tls_client_certificate_bound_access_tokens: z.boolean().optional(),
  })
  .superRefine((client, context) => {
    const method = client.token_endpoint_auth_method;
    const issue = (name: string, message: string) => context.addIssue({ code: "custom", path: [name], message });
    if ((method === "private_key_jwt") !== (client.jwks !== undefined))
      issue("jwks", "with private_key_jwt, and with it alone");
    const names = [client.tls_client_auth_subject_dn, client["x5t#S256"]].filter((name) => name !== undefined).length;
    if (names !== (method === "tls_client_auth" ? 1 : 0))
      issue("tls_client_auth_subject_dn", "with tls_client_auth, and then it or x5t#S256");
    if (client.dpop_bound_access_tokens && client.tls_client_certificate_bound_access_tokens)
      issue("dpop_bound_access_tokens", "one kind of binding");
  });

export function registrationOf(client: z.infer<typeof clientInput>): Registration {
  const { token_endpoint_auth_method: method, dpop_bound_access_tokens } = client;
  return {
    method,
    jwks: client.jwks === undefined ? null : JSON.stringify(client.jwks),
    tls_client_auth_subject_dn: client.tls_client_auth_subject_dn ?? null,
    x5t_s256: client["x5t#S256"] ?? null,
    dpop_bound_access_tokens,
    // who authenticates by certificate gets tokens that need it, unless that was declined or another proof chosen
    tls_client_certificate_bound_access_tokens:
      client.tls_client_certificate_bound_access_tokens ?? (method === "tls_client_auth" && !dpop_bound_access_tokens),
  };
}

/** As shown to administrators. */
export function describeRegistration(registration: Registration) {
  const { method, x5t_s256, jwks, ...rest } = registration;
  return {
    token_endpoint_auth_method: method,
    ...rest,
    jwks: jwks === null ? null : (JSON.parse(jwks) as unknown),
    "x5t#S256": x5t_s256,
  };
}
