// Identifiers that more than one room makes or reads.

declare const brand: unique symbol;
/** The gateway's own id of a request; idempotency key of every ledger command. `req_` and 32 hex digits. */
export type RequestId = string & { readonly [brand]: "RequestId" };
/** An account's ledger, as text: see {@link ledgerName}. */
export type LedgerName = string & { readonly [brand]: "LedgerName" };

/**
 * A request id in the order of time: 48 bits of milliseconds, then 80 random bits (the layout of RFC 9562, section 5.7,
 * without its version bits).
 * @param nowMs Unix time in milliseconds
 * @param random ten random bytes
 */
export function newRequestId(nowMs: number, random: Uint8Array): RequestId {
  let hex = Math.floor(nowMs).toString(16).padStart(12, "0").slice(-12);
  for (const byte of random.subarray(0, 10)) hex += byte.toString(16).padStart(2, "0");
  return `req_${hex}` as RequestId;
}

/** A tenant's jurisdiction: part of each of its object's ids, fixed when the tenant is made. */
export type Jurisdiction = "none" | "eu" | "us" | "fedramp";

/**
 * The one function that names a ledger. Where the platform has jurisdictions they are part of the object's id as well;
 * where it has none (local), the name alone keeps them apart.
 */
export function ledgerName(jurisdiction: Jurisdiction, account: string): LedgerName {
  return `${jurisdiction}/${account}` as LedgerName;
}
