// Whether a token that verifies still stands: its signature says what it was, the directory what it is.
import type { Standing } from "../../durable-objects/key-directory/clients/records.ts";
import type { Principal } from "../../identity/principal.ts";

/** An access token is its client's: the client's row judges all its tokens. */
export function ownerOf(principal: Principal): string {
  return principal.kind === "api_key" ? principal.credentialId : principal.subject;
}

/** Whether the directory still knows the credential that the token stands on, and has ended neither. */
export function stands(principal: Principal, { credential, tokenRevoked }: Standing, nowMs: number): boolean {
  return (
    credential !== null &&
    !tokenRevoked &&
    credential.revoked_at_ms === null &&
    (credential.retires_at_ms ?? nowMs + 1) > nowMs &&
    credential.account === principal.account &&
    credential.kind === (principal.kind === "api_key" ? "api_key" : "client")
  );
}
