// Refusals without identity, which no ledger records. They are counted in the isolate and flushed by the waitUntil of the
// first request that finds the tally a second old, so an isolate that hears nothing more takes its last counts with it:
// the count is a lower bound, and the record says so.
import type { AuditEnvelope } from "../../protocol/audit.ts";
import type { RequestId } from "../../protocol/ids.ts";
import type { AppendRpc } from "../../protocol/rpc.ts";

const FLUSH_AFTER_MS = 1000;
const FLUSH_TIMEOUT_MS = 10_000;
/** Addresses named in one record, those with the most refusals first: a leaf has 16 KiB. */
const MAX_ADDRESSES = 64;
/** Addresses counted apart between two flushes; the rest are counted together. */
const MAX_COUNTED = 4096;

export class RefusalTally {
  /** names this isolate in the log; a new isolate starts at seq 1 under a new name */
  readonly #source: string;
  #seq = 0;
  #sinceMs: number | null = null;
  /** a flush whose request died with it must not stop all later ones */
  #flushingAtMs = Number.NEGATIVE_INFINITY;
  #codes = new Map<string, number>();
  #addresses = new Map<string, number>();

  constructor(source: string) {
    this.#source = source;
  }

  count(code: string, clientAddress: string | null, nowMs: number): void {
    this.#sinceMs ??= nowMs;
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    if (clientAddress === null) return;
    const known = this.#addresses.get(clientAddress);
    if (known === undefined && this.#addresses.size >= MAX_COUNTED) return;
    this.#addresses.set(clientAddress, (known ?? 0) + 1);
  }

  /** True where there is something to flush and no flush is under way. */
  isDue(nowMs: number): boolean {
    const flushing = nowMs - this.#flushingAtMs < FLUSH_TIMEOUT_MS;
    return this.#sinceMs !== null && !flushing && nowMs - this.#sinceMs >= FLUSH_AFTER_MS;
  }

  /** Sends what was counted. A failed flush is counted again: the log drops what it has by seq. */
  async flush(audit: AppendRpc, requestId: RequestId, policyDigest: string, nowMs: number): Promise<void> {
    const codes = this.#codes;
    const addresses = this.#addresses;
    const sinceMs = this.#sinceMs ?? nowMs;
    this.#codes = new Map();
    this.#addresses = new Map();
    this.#sinceMs = null;
    this.#flushingAtMs = nowMs;
    const record: AuditEnvelope = {
      seq: this.#seq + 1,
      open: {
        kind: "tally",
        request_id: requestId,
        time_ms: nowMs,
        since_ms: sinceMs,
        lower_bound: true,
        counts: Object.fromEntries(codes),
        addresses: addresses.size,
        policy_digest: policyDigest,
      },
      personal: addresses.size === 0 ? {} : { client_addresses: JSON.stringify(most(addresses)) },
    };
    try {
      const { acked_seq } = await audit.append({ log: "default", source: this.#source, records: [record] });
      this.#seq = Math.max(this.#seq, acked_seq);
    } catch {
      this.#sinceMs = sinceMs;
      for (const [code, n] of codes) this.#codes.set(code, (this.#codes.get(code) ?? 0) + n);
      for (const [address, n] of addresses) this.#addresses.set(address, (this.#addresses.get(address) ?? 0) + n);
      console.error(JSON.stringify({ event: "tally_not_flushed" }));
    } finally {
      this.#flushingAtMs = Number.NEGATIVE_INFINITY;
    }
  }
}

/** This isolate's, named after the first request that was refused in it. */
let isolate: RefusalTally | null = null;

export function tallyRefusal(code: string, clientAddress: string | null, requestId: RequestId, nowMs: number): void {
  isolate ??= new RefusalTally(`isolate/${requestId}`);
  isolate.count(code, clientAddress, nowMs);
}

/** For every request: the first that finds the tally a second old carries it to the log. */
export function flushWhenDue(
  audit: AppendRpc,
  requestId: RequestId,
  policyDigest: string,
  nowMs: number,
  waitUntil: (work: Promise<unknown>) => void,
): void {
  if (isolate?.isDue(nowMs)) waitUntil(isolate.flush(audit, requestId, policyDigest, nowMs));
}

function most(addresses: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...addresses].sort(([, a], [, b]) => b - a).slice(0, MAX_ADDRESSES));
}
