// OAuth clients as the directory knows them: how each proves who it is, and what it is answered. Of a secret there is a
// keyed hash, of a key its public half, of a certificate its name or thumbprint.
import type { ConfirmationClaim } from "../../../identity/confirmation.ts";
import type { Actor, Credential, CredentialChange, DirectoryFault, Outcome } from "../records.ts";

/** `token_endpoint_auth_method` (RFC 7591, section 2; RFC 8705, section 2.1.1). A client has one. */
export const CLIENT_AUTH_METHODS = [
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
  "tls_client_auth",
] as const;
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number];

export interface Registration {
  readonly method: ClientAuthMethod;
  /** JSON text of `{"keys":[JWK…]}`, for a client with private_key_jwt */
  readonly jwks: string | null;
  /** of a client with tls_client_auth: one of the two */
  readonly tls_client_auth_subject_dn: string | null;
  readonly x5t_s256: readonly string[] | null;
  /** RFC 9449, section 5.2: this client gets DPoP-bound tokens only */
  readonly dpop_bound_access_tokens: boolean;
  /** RFC 8705, section 3.4: this client gets certificate-bound tokens only */
  readonly tls_client_certificate_bound_access_tokens: boolean;
}

/** How a client is known that was registered before there was a choice. */
export const BASIC_REGISTRATION: Registration = {
  method: "client_secret_basic",
  jwks: null,
  tls_client_auth_subject_dn: null,
  x5t_s256: null,
  dpop_bound_access_tokens: false,
  tls_client_certificate_bound_access_tokens: false,
};

/** What a client shows, parsed by control. */
export type PresentedClient =
  | {
      readonly method: "client_secret_basic" | "client_secret_post";
      readonly clientId: string;
      readonly secretHash: string;
    }
  | { readonly method: "private_key_jwt"; readonly clientId: string; readonly assertion: string }
  | {
      readonly method: "tls_client_auth";
      readonly clientId: string;
      /** the edge's own word (identity/mtls.ts) */
      readonly certificate: { readonly x5t: string; readonly subjectDn: string; readonly issuerDn: string };
    };

/** What must not have been seen before, such as a DPoP proof. */
export interface OneTime {
  readonly replayKey: string;
  readonly replayUntilMs: number;
}

export interface AuthenticateCommand {
  readonly presented: PresentedClient;
  /** null where the platform names none */
  readonly clientAddress: string | null;
  /** `aud` values by which an assertion may mean this server */
  readonly audiences: readonly string[];
  /** used up together with the client's own proof, and only if that was right */
  readonly oneTime: OneTime | null;
}

export type ClientOutcome =
  | { readonly done: true; readonly client: Credential; readonly registration: Registration }
  /** the same for every reason why a client is not believed */
  | { readonly done: false; readonly fault: "invalid_client" }
  /** the client is believed, what it showed beside was shown before */
  | { readonly done: false; readonly fault: "replayed" }
  | { readonly done: false; readonly fault: "slow_down"; readonly retryAfterMs: number };

export interface TokenRequest {
  readonly clientId: string;
  readonly iss: string;
  readonly aud: string;
  /** `jti` */
  readonly id: string;
  readonly scopes: readonly string[];
  readonly lifetimeS: number;
  readonly cnf: ConfirmationClaim | null;
}

export type TokenOutcome =
  | { readonly done: true; readonly token: string }
  | { readonly done: false; readonly fault: "unknown" | "not_ready" };

export type RevokeTokenFault = "ledger_unavailable" | "log_unavailable";

export interface Standing {
  readonly credential: Credential | null;
  /** this one token was revoked (RFC 7009) */
  readonly tokenRevoked: boolean;
}

/** Only what is named changes. A method that is left takes what belonged to it along. */
export type RegistrationChange = { readonly [K in keyof Registration]?: Registration[K] | undefined };

/** What in a registration contradicts the rest. */
export interface RegistrationFault {
  /** as administrators spell it */
  readonly param: string;
  readonly expected: string;
}

/** How a client is to prove who it is from now on. */
export interface ClientChange {
  readonly registration: RegistrationChange;
  /** of a secret that is the client's, should it need one that it has not */
  readonly secretHash: string | null;
}

export type ClientChangeOutcome =
  | {
      readonly done: true;
      readonly credential: Credential;
      readonly registration: Registration;
      readonly secretUsed: boolean;
    }
  | { readonly done: false; readonly fault: DirectoryFault }
  | ({ readonly done: false; readonly fault: "incoherent" } & RegistrationFault);

export interface SecretRotation {
  readonly clientId: string;
  readonly secretHash: string;
  /** for which the secret until now is good as well */
  readonly overlapMs: number;
}

/** The part of the directory's methods that the OAuth endpoints call. */
export interface ClientRpc {
  registration(clientId: string): Promise<Registration | null>;
  /** Unix milliseconds until which the secret before the last rotation is good; null where there is none such. */
  oldSecretUntil(clientId: string): Promise<number | null>;
  /** Answers once the ledger holds the change; how the client proves who it is has changed then, too. */
  changeClient(id: string, wish: CredentialChange, change: ClientChange, actor: Actor): Promise<ClientChangeOutcome>;
  /** Holds from the next call to the token endpoint. */
  rotateSecret(rotation: SecretRotation, actor: Actor): Promise<Outcome>;
  /** Takes as long, and says the same, for a client that does not exist. */
  authenticateClient(command: AuthenticateCommand): Promise<ClientOutcome>;
  /** Records the issuance and signs. Refused where the client was revoked or narrowed below these scopes meanwhile. */
  issueToken(request: TokenRequest, actor: Actor): Promise<TokenOutcome>;
  /** The credential that a token stands on, and whether the token itself was revoked. */
  standing(credentialId: string, tokenId: string): Promise<Standing>;
  /** Null once gateway and audit refuse the token. Idempotent. */
  revokeToken(client: Credential, tokenId: string, expiresAtMs: number, actor: Actor): Promise<RevokeTokenFault | null>;
  /** False where it was used before. */
  useOnce(oneTime: OneTime): Promise<boolean>;
}
