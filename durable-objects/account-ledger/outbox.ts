// Ships records to the log: in order, one append at a time, each again until the log has said that it holds it. The log
// appends each `seq` of a source once, so an append that failed but persisted is simply sent again.
// Trusted for: nothing. The log can lose time, not records: a row stays in the journal until it is acknowledged.
import type { AppendBatch, AuditEnvelope } from "../../protocol/audit.ts";
import type { AppendRpc } from "../../protocol/rpc.ts";
import type { LedgerCommits } from "./commits.ts";
import type { LedgerLimits } from "./limits.ts";
import { recordsOf } from "./records.ts";
import type { Journal } from "./schema.ts";

interface Shipment {
  readonly batch: AppendBatch;
  readonly first: number;
  readonly last: number;
  /** each row read, with the newest record up to and with it */
  readonly rows: readonly { readonly row: number; readonly record: number }[];
}

export class Outbox {
  readonly #log: AppendRpc;
  readonly #journal: Journal;
  readonly #commits: LedgerCommits;
  readonly #limits: LedgerLimits;
  readonly #onRest: () => void;
  #inFlight: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;

  /** @param onRest called when all is shipped, or shipping has to wait: time to look at the alarm */
  constructor(log: AppendRpc, journal: Journal, commits: LedgerCommits, limits: LedgerLimits, onRest: () => void) {
    this.#log = log;
    this.#journal = journal;
    this.#commits = commits;
    this.#limits = limits;
    this.#onRest = onRest;
  }

  /** Arranges a shipment soon, unless one is arranged or under way. */
  poke(): void {
    if (this.#inFlight !== null || this.#timer !== null || !this.#commits.hasUnshipped()) return;
    this.#later(this.#limits.shipDelayMs);
  }

  /** Ships until nothing is left or the log fails. Never rejects; a second call joins the first. */
  ship(): Promise<void> {
    this.#inFlight ??= this.#shipAll().finally(() => {
      this.#inFlight = null;
      this.#onRest();
    });
    return this.#inFlight;
  }

  /** How long the log is left alone after its last failures, in milliseconds; 0 after a success. */
  backoffMs(): number {
    if (this.#failures === 0) return 0;
    return Math.min(this.#limits.shipDelayMs * 2 ** this.#failures, this.#limits.maxShipBackoffMs);
  }

  async #shipAll(): Promise<void> {
    while (this.#commits.hasUnshipped()) {
      try {
        await this.#shipOne();
        this.#failures = 0;
      } catch {
        this.#failures = Math.min(this.#failures + 1, 30);
        // full jitter over the upper half: ledgers that failed together do not come back together
        this.#later(this.backoffMs() * (0.5 + Math.random() / 2));
        return;
      }
    }
  }

  async #shipOne(): Promise<void> {
    const shipment = this.#next();
    if (shipment === null) throw new Error("records without rows");
    const { acked_seq } = await within(this.#limits.shipTimeoutMs, this.#log.append(shipment.batch));
    if (!Number.isSafeInteger(acked_seq) || acked_seq < shipment.first) throw new Error("the log did not take it");
    const record = Math.min(acked_seq, shipment.last);
    const done = shipment.rows.findLast((row) => row.record <= record);
    this.#commits.acknowledge(record, done?.row ?? this.#commits.state.shippedRow);
  }

  #next(): Shipment | null {
    const { identity, shippedRecord, shippedRow } = this.#commits.state;
    if (identity === null) return null;
    const records: AuditEnvelope[] = [];
    const rows: { row: number; record: number }[] = [];
    let record = shippedRecord;
    let from = shippedRow;
    const size = this.#limits.shipBatch;
    for (;;) {
      const page = this.#journal.read(from, size);
      for (const { row, event } of page) {
        const made = recordsOf(event, identity).filter(({ seq }) => seq > shippedRecord);
        if (records.length > 0 && records.length + made.length > size) break;
        records.push(...made);
        record = made.at(-1)?.seq ?? record;
        rows.push({ row, record });
        from = row;
      }
      // a page may hold only rows that make no record (renewals, acknowledgements)
      if (records.length > 0 || page.length < size) break;
    }
    const first = records[0]?.seq;
    if (first === undefined) return null;
    return { batch: { log: identity.log, source: identity.name, records }, first, last: record, rows };
  }

  #later(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.ship();
    }, ms);
  }
}

/** A call without an answer must not hold up all later ones. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
