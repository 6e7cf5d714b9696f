// How an administrator registers a client (the names are RFC 7591's, RFC 8705's and RFC 9449's): exactly what its method
// needs, nothing that another would.
import { z } from "zod";
import {
  CLIENT_AUTH_METHODS,
  type ClientAuthMethod,
  type Registration,
  type RegistrationChange,
} from "../../durable-objects/key-directory/clients/records.ts";
import { registrationFault } from "../../durable-objects/key-directory/clients/registration.ts";
import { thumbprintSchema } from "../../identity/confirmation.ts";
import { readJwks } from "../../identity/jwks.ts";
import { changeInput, credentialInput, overlapS } from "./input.ts";

const jwks = z
  .strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(8) })
  // a key that would be skipped later is said now; a private one above all
  .refine((set) => readJwks(set)?.skipped.length === 0, "public signature keys alone, each of a known algorithm");

const certificateName = {
  tls_client_auth_subject_dn: z.string().min(1).max(1024).optional(),
  /** thumbprints of exactly these certificates */
  "x5t#S256": z.array(thumbprintSchema).min(1).max(4).optional(),
};

export const clientInput = z
  .strictObject({
    ...credentialInput,
    token_endpoint_auth_method: z.enum(CLIENT_AUTH_METHODS).default("client_secret_basic"),
    jwks: jwks.optional(),
    ...certificateName,
    dpop_bound_access_tokens: z.boolean().default(false),
    tls_client_certificate_bound_access_tokens: z.boolean().optional(),
  })
  .superRefine((client, context) => {
    const fault = registrationFault(registrationOf(client));
    if (fault !== null) context.addIssue({ code: "custom", path: [fault.param], message: fault.expected });
  });

/** What is left out stays as it is; what belonged to a method that is left goes with it. */
export const clientChangeInput = changeInput.extend({
  token_endpoint_auth_method: z.enum(CLIENT_AUTH_METHODS).optional(),
  jwks: jwks.optional(),
  ...certificateName,
  dpop_bound_access_tokens: z.boolean().optional(),
  tls_client_certificate_bound_access_tokens: z.boolean().optional(),
});

export const secretInput = z.strictObject({
  /** for which the secret until now is good as well; 0: it ends with the answer */
  overlap_s: overlapS,
});

export function registrationChangeOf(change: z.infer<typeof clientChangeInput>): RegistrationChange {
  const { tls_client_auth_subject_dn, dpop_bound_access_tokens, tls_client_certificate_bound_access_tokens } = change;
  return {
    method: change.token_endpoint_auth_method,
    jwks: change.jwks === undefined ? undefined : JSON.stringify(change.jwks),
    x5t_s256: change["x5t#S256"],
    ...{ tls_client_auth_subject_dn, dpop_bound_access_tokens, tls_client_certificate_bound_access_tokens },
  };
}

interface RegistrationInput {
  readonly token_endpoint_auth_method: ClientAuthMethod;
  readonly jwks?: unknown;
  readonly tls_client_auth_subject_dn?: string | undefined;
  readonly "x5t#S256"?: readonly string[] | undefined;
  readonly dpop_bound_access_tokens: boolean;
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
}

export function registrationOf(client: RegistrationInput): Registration {
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
