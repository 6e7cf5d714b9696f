// The Workers' environment (docs/environment.md) of a local platform, from its secrets and its policy. Shared by
// `npm start` and `bartizan init --local`.
import { LOCAL_ORIGIN } from "../../policy/defaults.ts";
import type { PrivateEd25519, Secrets } from "./secrets.ts";

export const LOCAL_LOG_ORIGIN = "bartizan.localhost/default";

export interface EnvironmentInput {
  readonly secrets: Secrets;
  /** the policy file's text */
  readonly policy: string;
  /** where the origin agent listens; null where there is none */
  readonly originUrl: string | null;
  /** set only where the first administrator is still to be made */
  readonly bootstrapSecret: string | null;
  readonly sinks?: readonly Readonly<Record<string, unknown>>[];
}

export function workerEnvironment(input: EnvironmentInput): Record<string, string> {
  const { secrets } = input;
  const { api_key, access_token } = secrets.token_signing_keys;
  const { signing_key, encryption_key } = secrets.origin;
  const origins =
    input.originUrl === null ? {} : { [LOCAL_ORIGIN]: { url: input.originUrl, signing_key: publicOf(signing_key) } };
  const { d: _private, ...encryptionPublic } = encryption_key;
  const enrolled = { [LOCAL_ORIGIN]: { signing_key: publicOf(signing_key), encryption_key: encryptionPublic } };
  return {
    POLICY: input.policy,
    ISSUER: secrets.issuer,
    AUDIENCE: secrets.issuer,
    VERIFICATION_KEYS: JSON.stringify({
      generation: 1,
      keys: [
        { ...publicOf(api_key), bartizan_signs: "api_key" },
        { ...publicOf(access_token), bartizan_signs: "access_token" },
      ],
    }),
    ORIGINS: JSON.stringify(origins),
    ORIGIN_REQUEST_KEY: JSON.stringify(secrets.origin_request_key),
    ORIGIN_API_KEYS: "{}",
    TOKEN_SIGNING_KEYS: JSON.stringify(secrets.token_signing_keys),
    CLIENT_SECRET_PEPPER: secrets.client_secret_pepper,
    DIRECTORY_KEY: secrets.directory_key,
    KEY_ENCRYPTION_KEYS: JSON.stringify(secrets.key_encryption_keys),
    PUBLISHER_KEYS: JSON.stringify({ keys: [publicOf(secrets.publisher_key)] }),
    ENROLLED_ORIGINS: JSON.stringify(enrolled),
    LOG_SIGNING_KEY: JSON.stringify(secrets.log_signing_key),
    LOG_ORIGIN: LOCAL_LOG_ORIGIN,
    SINKS: JSON.stringify(input.sinks ?? []),
    ...(input.bootstrapSecret === null ? {} : { BOOTSTRAP_SECRET: input.bootstrapSecret }),
  };
}

/** The public half. */
export function publicOf(jwk: PrivateEd25519): Omit<PrivateEd25519, "d"> {
  const { d: _private, ...rest } = jwk;
  return rest;
}
