// Whether a client is who it says. Pure but for what is passed in: rows, time. Every way takes the method that the client
// is registered with and no other: a leaked secret opens nothing for a client that went over to a key.
import { verifyClientAssertion } from "../../../identity/client-assertion.ts";
import { type JwkSet, PUBLISHED_JWKS, readJwks } from "../../../identity/jwks.ts";
import { type CertificateRegistration, isCertificateOf } from "../../../identity/mtls.ts";
import { equalBytes, utf8 } from "../../../protocol/encoding.ts";
import type { AuthenticateCommand, OneTime, Registration } from "./records.ts";

export interface KnownClient {
  readonly registration: Registration;
  /** the newest first; empty for a client without a secret */
  readonly secretHashes: readonly string[];
}

export type Proof =
  /** `oneTime` is to be used up before the proof counts */
  { readonly ok: true; readonly oneTime: OneTime | null } | { readonly ok: false };

const NO_SECRET = "0".repeat(64);
/** As many are compared for every client: the time tells nothing of whether one is being rotated. */
const MAX_SECRETS = 2;
const REFUSED: Proof = { ok: false };

/** @param known null where there is no such client: as much work is done as for one with a secret */
export async function proveClient(
  { presented, audiences }: AuthenticateCommand,
  known: KnownClient | null,
  nowMs: number,
): Promise<Proof> {
  const registered = known?.registration.method === presented.method;
  switch (presented.method) {
    case "client_secret_basic":
    case "client_secret_post": {
      const hashes = known?.secretHashes ?? [];
      const shown = utf8(presented.secretHash);
      const right = Array.from({ length: MAX_SECRETS }, (_, at) => equalBytes(shown, utf8(hashes[at] ?? NO_SECRET)));
      return registered && hashes.some((_, at) => right[at] === true) ? { ok: true, oneTime: null } : REFUSED;
    }
    case "private_key_jwt": {
      const keys = registered ? keysOf(known.registration) : null;
      if (keys === null) return REFUSED;
      const { clientId, assertion } = presented;
      const verdict = await verifyClientAssertion({ assertion, clientId, keys, audiences, nowMs });
      if (!verdict.ok) return REFUSED;
      return { ok: true, oneTime: { replayKey: verdict.replayKey, replayUntilMs: verdict.replayUntilMs } };
    }
    case "tls_client_auth": {
      const certificate = registered ? certificateOf(known.registration) : null;
      return certificate !== null && isCertificateOf(presented.certificate, certificate)
        ? { ok: true, oneTime: null }
        : REFUSED;
    }
  }
}

function keysOf({ jwks }: Registration): JwkSet | null {
  return jwks === null ? null : readJwks(JSON.parse(jwks), PUBLISHED_JWKS);
}

function certificateOf({ x5t_s256, tls_client_auth_subject_dn }: Registration): CertificateRegistration | null {
  if (x5t_s256 !== null) return { "x5t#S256": x5t_s256 };
  return tls_client_auth_subject_dn === null ? null : { tls_client_auth_subject_dn };
}
