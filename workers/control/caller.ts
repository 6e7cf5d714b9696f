// Who calls, and what he may do at most.
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import type { Principal } from "../../identity/principal.ts";

export interface Caller {
  readonly principal: Principal;
  /** as its row stands now; of an access token, its client's */
  readonly credential: Credential;
  /** what the token and the row both allow: a row that was narrowed narrows every token at once */
  readonly scopes: readonly string[];
}
