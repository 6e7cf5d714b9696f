// Who a request comes from, once its token was verified. Nothing downstream looks at a token again.
import type { Jurisdiction } from "../protocol/ids.ts";

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
  /** by the key that signed it, not by what the token says of itself */
  readonly kind: "api_key" | "access_token";
  /** `scope`, split at single spaces */
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
  /** `cnf`: proof of possession that the holder owes; none is understood yet, so a token that has one is refused */
  readonly confirmation: null;
}
