// The Sink object: one for each configured collector. It pulls ranges from the logs and POSTs them in order, at least
// once, from a cursor that it keeps. All work is done by its alarm, so that whatever ends the object, the work goes on.
// A log only tells it that there is more; it never waits for a delivery.
import { DurableObject } from "cloudflare:workers";
import { backoffMs } from "./backoff.ts";
import type { SinkRpc, SinkState } from "./commands.ts";
import { type Delivery, deliver, type SinkTarget } from "./deliver.ts";
import { SINK_LIMITS, type SinkLimits } from "./limits.ts";
import { encodeBatch, type LeafRange } from "./ndjson.ts";
import { type SinkRow, SinkStore } from "./store.ts";

/** What the hosting Worker's configuration gives to each of its sink objects. */
export interface SinkSettings {
  /** null where the configuration names no such sink (any more): nothing is sent */
  target(sink: string): SinkTarget | null;
  /** leaves of a log from an index on; null where there is no such log */
  entries(log: string, from: number): Promise<LeafRange | null>;
  readonly fetch?: typeof fetch;
  readonly limits?: Partial<SinkLimits>;
}

/** The end of one delivery: there is more, nothing is left, or the collector failed. */
type Step = "more" | "drained" | Exclude<Delivery, { readonly ok: true }>;

export class SinkObject<Env> extends DurableObject<Env> implements SinkRpc {
  readonly #settings: SinkSettings;
  readonly #limits: SinkLimits;
  readonly #store: SinkStore;
  /** an alarm stands, and will do what is to be done */
  #armed = false;
  #pumping = false;
  /** told of more while pumping: look once again before resting */
  #again = false;

  constructor(ctx: DurableObjectState, env: Env, settings: SinkSettings) {
    super(ctx, env);
    this.#settings = settings;
    this.#limits = { ...SINK_LIMITS, ...settings.limits };
    this.#store = new SinkStore(ctx.storage.sql);
    void ctx.blockConcurrencyWhile(async () => {
      this.#armed = (await ctx.storage.getAlarm()) !== null;
    });
  }

  async notify(sink: string, log: string, size: number): Promise<void> {
    this.#store.know(sink, log, this.#limits.maxBatchRecords);
    this.#store.seen(log, size);
    this.#again = true;
    // an alarm that stands is either due at once or waits out a collector's failure: more records change neither
    if (!this.#armed && !this.#pumping) await this.#arm(Date.now());
  }

  async state(sink: string): Promise<SinkState> {
    const row = this.#store.read();
    if (row === null)
      return { name: sink, logs: [], last_error: null, failures: 0, next_attempt_at_ms: null, delivered_at_ms: null };
    return {
      name: row.name,
      logs: this.#store.logs(),
      last_error: row.error,
      failures: row.failures,
      next_attempt_at_ms: row.failures > 0 ? row.notBeforeMs : null,
      delivered_at_ms: row.deliveredAtMs,
    };
  }

  /** Never throws: one that throws is dropped by the platform after a few tries, and the sink would stop. */
  override async alarm(): Promise<void> {
    this.#armed = false;
    this.#pumping = true;
    try {
      await this.#pump();
    } catch {
      // pulling failed, or the storage did: no record is lost, since the cursor stands where it stood
      await this.#failed({ ok: false, fault: "log_unavailable", status: null, retryAfterMs: null });
    } finally {
      this.#pumping = false;
    }
  }

  async #pump(): Promise<void> {
    for (let posts = 0; posts < this.#limits.maxPostsPerRound; posts++) {
      this.#again = false;
      const step = await this.#deliverNext();
      if (typeof step === "object") return this.#failed(step);
      if (step === "drained" && !this.#again) return;
    }
    await this.#arm(Date.now());
  }

  /** Delivers one batch of the first log that has any. */
  async #deliverNext(): Promise<Step> {
    const row = this.#store.read();
    if (row === null) return "drained";
    const target = this.#settings.target(row.name);
    if (target === null) return { ok: false, fault: "not_configured", status: null, retryAfterMs: null };
    // the log that is furthest behind comes first, so that a busy one does not starve the rest
    for (const { log } of this.#store.logs().toSorted((a, b) => b.lag - a.lag)) {
      const from = this.#store.next(log);
      const range = await this.#settings.entries(log, from);
      if (range === null || range.leaves.length === 0) continue;
      const { body, count } = encodeBatch(log, range, row.batchRecords, this.#limits.maxBatchBytes);
      const key = `${log}/${from}-${from + count - 1}`;
      const delivery = await deliver(target, body, key, this.#limits.timeoutMs, this.#settings.fetch ?? fetch);
      if (!delivery.ok) return delivery;
      // slowly up, halved on 413: a collector's limit is met rarely once it is found
      const batchRecords = Math.min(this.#limits.maxBatchRecords, Math.ceil((row.batchRecords * 17) / 16));
      this.#store.delivered(log, from + count, range.size, batchRecords, Date.now());
      return "more";
    }
    return "drained";
  }

  async #failed(delivery: Exclude<Delivery, { readonly ok: true }>): Promise<void> {
    const row = this.#store.read();
    if (row === null) return;
    const failures = row.failures + 1;
    const now = Date.now();
    const notBefore = now + backoffMs(failures, Math.random(), delivery.retryAfterMs, this.#limits);
    const fault = { code: delivery.fault, status: delivery.status };
    this.#store.failed(fault, failures, notBefore, batchAfter(delivery, row), now);
    console.error(JSON.stringify({ event: "sink_failed", sink: row.name, ...fault, failures }));
    await this.#arm(notBefore);
  }

  async #arm(atMs: number): Promise<void> {
    this.#armed = true;
    await this.ctx.storage.setAlarm(atMs);
  }
}

/** A collector that finds a batch too large (413) gets half as many records next time, and more again once it takes them. */
function batchAfter(delivery: Exclude<Delivery, { readonly ok: true }>, row: SinkRow): number {
  return delivery.status === 413 ? Math.max(1, Math.floor(row.batchRecords / 2)) : row.batchRecords;
}
