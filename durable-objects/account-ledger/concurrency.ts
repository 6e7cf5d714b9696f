// Requests that hold a reservation at one time, and the leases by which a lost settlement cannot hold one for ever.
import type { RequestId } from "../../protocol/ids.ts";
import type { LedgerState, Reservation } from "./state.ts";

/** Nobody knows when the next of them ends; a second is what a client may sensibly wait. */
export const CONCURRENCY_RETRY_MS = 1000;

export function concurrencyIsFull(state: LedgerState): boolean {
  const { concurrency } = state.limits;
  return concurrency !== null && state.open.size >= concurrency;
}

/** Reservations whose lease has ended. */
export function lapsed(state: LedgerState, now: number): [RequestId, Reservation][] {
  return [...state.open].filter(([, reservation]) => reservation.leaseExpiresAtMs <= now);
}

/** When the next lease ends; infinity where none is open. */
export function nextLeaseEndMs(state: LedgerState): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { leaseExpiresAtMs } of state.open.values()) if (leaseExpiresAtMs < next) next = leaseExpiresAtMs;
  return next;
}
