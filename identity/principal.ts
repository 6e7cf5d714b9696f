// Who a request comes from, once its token was verified. Nothing downstream looks at a token again.
import type { Jurisdiction } from "../protocol/ids.ts";
import type { Confirmation } from "./confirmation.ts";

/** A verified token's claims under the names this project uses (RFC 9068, section 2.2, and our own three). */
export interface Principal {
  /** claim `tenant` */
  readonly tenant: string;
  /** claim `account`: the lineage whose ledger holds the quotas */
  readonly account: string;
  /** claim `jurisdiction`, `none` where absent */
  readonly jurisdiction: Jurisdiction;
  /** `sub` */
  readonly subject: string;
  /** `jti` */
  readonly credentialId: string;
  /** by the key that signed it, not by what the token says of itself; `external`: another issuer's (issuers.ts) */
  readonly kind: "api_key" | "access_token" | "external";
  /** `scope`, split at single spaces */
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  /**
   * `cnf`: the proof of possession that the holder owes with each request (proof.ts), null for a bearer token. Only a
   * verifier that was told to accept bound tokens (`Expected.confirmations`) ever gives one: who does not ask for the
   * proof does not get the token.
   */
  readonly confirmation: Confirmation | null;
}
