// What a registration may say, and what becomes of it when an administrator changes it. Pure.
import type { ClientAuthMethod, Registration, RegistrationChange, RegistrationFault } from "./records.ts";

export function hasSecret(method: ClientAuthMethod): boolean {
  return method === "client_secret_basic" || method === "client_secret_post";
}

/** Exactly what its method needs, nothing that another would. Null where that is so. */
export function registrationFault(registration: Registration): RegistrationFault | null {
  const { method, jwks, tls_client_auth_subject_dn: dn, x5t_s256 } = registration;
  if ((method === "private_key_jwt") !== (jwks !== null))
    return { param: "jwks", expected: "with private_key_jwt, and with it alone" };
  const names = [dn, x5t_s256].filter((name) => name !== null).length;
  if (names !== (method === "tls_client_auth" ? 1 : 0))
    return { param: "tls_client_auth_subject_dn", expected: "with tls_client_auth, and then it or x5t#S256" };
  if (registration.dpop_bound_access_tokens && registration.tls_client_certificate_bound_access_tokens)
    return { param: "dpop_bound_access_tokens", expected: "one kind of binding" };
  return null;
}

export function changedRegistration(before: Registration, change: RegistrationChange): Registration {
  const method = change.method ?? before.method;
  const renamed = change.tls_client_auth_subject_dn !== undefined || change.x5t_s256 !== undefined;
  const named = method === "tls_client_auth" && !renamed ? before : NO_NAME;
  const dpop = change.dpop_bound_access_tokens ?? before.dpop_bound_access_tokens;
  // as at registration: who goes over to a certificate gets tokens that need it, unless that is declined
  const goesOver = method === "tls_client_auth" && before.method !== method && !dpop;
  return {
    method,
    jwks: change.jwks ?? (method === "private_key_jwt" ? before.jwks : null),
    tls_client_auth_subject_dn: change.tls_client_auth_subject_dn ?? named.tls_client_auth_subject_dn,
    x5t_s256: change.x5t_s256 ?? named.x5t_s256,
    dpop_bound_access_tokens: dpop,
    tls_client_certificate_bound_access_tokens:
      change.tls_client_certificate_bound_access_tokens ??
      (goesOver || before.tls_client_certificate_bound_access_tokens),
  };
}

const NO_NAME = { tls_client_auth_subject_dn: null, x5t_s256: null };
