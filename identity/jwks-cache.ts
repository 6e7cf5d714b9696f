// External issuers' keys, remembered: a state machine without network. It says who fetches, who waits and who may use
// what is there; the shell fetches and reports back.
//
//            age of the keys   what a request gets
//   0 …      freshMs           the keys
//     …      staleMs           the keys; one request refreshes them beside its own work
//     …      maxAgeMs          one request refreshes first and the others wait for it; where that fails, the keys, and
//                              the next tries go on beside requests: an endpoint that hangs must not hold them up
//   older, or never fetched    one fetches, the others wait; where that fails, nothing: 503
//
// A token that the keys do not explain (`unknown_key`, or a bad signature without `kid`) may ask for newer ones, once
// in `cooldownMs` an address, whoever asks: a rotation is seen at once, a flood of invented `kid`s fetches nothing. No
// `kid` is remembered, so inventing them fills no memory.
//
// A key that the issuer withdrew is refused from the next refresh on, and after `maxAgeMs` at the latest, even if its
// endpoint is down. What a set explained is good under its generation alone: one that says the same again keeps it.
// One fetch an address at a time: a lease in plain data, not a promise that others await, because in
// a Worker the request that owns the promise may be cancelled, and those who waited would hang. A lease runs out.
import { canonicalJson } from "../protocol/canonical-json.ts";
import { utf8 } from "../protocol/encoding.ts";
import { readJsonObject } from "../protocol/json.ts";
import { type JwkSet, type JwksLimits, PUBLISHED_JWKS, readJwks } from "./jwks.ts";

export interface JwksCacheLimits {
  /**
   * Addresses. Bounds memory; the least recently asked for is dropped, and with it what keeps strangers from making us
   * fetch: so no fewer than a policy can name.
   */
  readonly maxEntries: number;
  /** Bytes of a key set as it was sent. */
  readonly maxBytes: number;
  readonly jwks: JwksLimits;
  readonly freshMs: number;
  readonly staleMs: number;
  /** The longest time for which a withdrawn key can go on opening doors while its issuer cannot be reached. */
  readonly maxAgeMs: number;
  /** Between two refreshes that tokens asked for. */
  readonly cooldownMs: number;
  /** Between two tries after the first failure; doubled with each further one, up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** How long a fetch may take before another request may try. */
  readonly leaseMs: number;
}

export const JWKS_CACHE_LIMITS: JwksCacheLimits = {
  maxEntries: 256,
  maxBytes: 256 * 1024,
  jwks: PUBLISHED_JWKS,
  freshMs: 5 * 60_000,
  staleMs: 10 * 60_000,
  maxAgeMs: 60 * 60_000,
  cooldownMs: 30_000,
  backoffMs: 1_000,
  maxBackoffMs: 30_000,
  leaseMs: 5_000,
};

/** Who holds a lease reports the end of its fetch with it; a report under a lease that ran out changes nothing. */
export interface Lease {
  readonly address: string;
  readonly number: number;
}

export type JwksDecision =
  /** `refresh` not null: fetch beside the request's own work, and report */
  | ({ readonly kind: "use"; readonly refresh: Lease | null } & Fetched)
  /** fetch now, report, and ask again */
  | { readonly kind: "fetch"; readonly lease: Lease }
  /** another request fetches: ask again shortly, and at `untilMs` at the latest */
  | { readonly kind: "wait"; readonly untilMs: number }
  /** no keys, and none to be had before `retryAtMs` */
  | { readonly kind: "unavailable"; readonly retryAtMs: number };

interface Fetched {
  readonly keys: JwkSet;
  /** of all sets that this cache had, another number for each other content */
  readonly generation: number;
  readonly fetchedAtMs: number;
}

interface Entry {
  fetched: Fetched | null;
  /** when a token last made us look for newer keys */
  askedAtMs: number;
  failures: number;
  failedAtMs: number;
  lease: { number: number; untilMs: number } | null;
}

/** One an isolate. All times are Unix milliseconds, passed in. */
export class JwksCache {
  readonly #limits: JwksCacheLimits;
  /** insertion order is the order of use */
  readonly #entries = new Map<string, Entry>();
  #leases = 0;
  #generations = 0;

  constructor(limits: JwksCacheLimits = JWKS_CACHE_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * What a request for the keys of this address gets.
   * @param maxAgeMs of this address, where it is another than the cache's; the two ages before it are at most a third and
   *   two thirds of it
   */
  decide(address: string, nowMs: number, maxAgeMs: number = this.#limits.maxAgeMs): JwksDecision {
    const entry = this.#touch(address);
    const { fetched } = entry;
    const age = nowMs - (fetched?.fetchedAtMs ?? Number.NEGATIVE_INFINITY);
    // a clock that was set back would make the keys young for any time
    if (fetched === null || age < 0 || age >= maxAgeMs) return this.#fetch(address, entry, nowMs);
    const use = { kind: "use", ...fetched, refresh: null } as const;
    if (age < Math.min(this.#limits.freshMs, maxAgeMs / 3)) return use;
    if (age < Math.min(this.#limits.staleMs, (2 * maxAgeMs) / 3) || entry.failures > 0)
      return this.#mayTry(entry, nowMs) ? { ...use, refresh: this.#lease(address, entry, nowMs) } : use;
    const decision = this.#fetch(address, entry, nowMs);
    return decision.kind === "unavailable" ? use : decision;
  }

  /** The same for a token that the keys of `seenAtMs` do not explain. Null: there is nothing newer to ask for. */
  decideNewer(address: string, seenAtMs: number, nowMs: number): Exclude<JwksDecision, { kind: "unavailable" }> | null {
    const entry = this.#touch(address);
    const { fetched } = entry;
    if (fetched !== null && fetched.fetchedAtMs > seenAtMs) return { kind: "use", ...fetched, refresh: null };
    if (entry.lease !== null && entry.lease.untilMs > nowMs) return { kind: "wait", untilMs: entry.lease.untilMs };
    if (nowMs - entry.askedAtMs < this.#limits.cooldownMs || !this.#mayTry(entry, nowMs)) return null;
    entry.askedAtMs = nowMs;
    return { kind: "fetch", lease: this.#lease(address, entry, nowMs) };
  }

  /**
   * Reports what came. A body that is too large, or no key set, counts as a failure. A set without any key that we could
   * use counts: its issuer has withdrawn what it had.
   */
  received(lease: Lease, body: string, nowMs: number): boolean {
    const keys = this.#read(body);
    if (keys === null) return this.failed(lease, nowMs);
    const entry = this.#release(lease);
    if (entry === null) return false;
    const known = entry.fetched;
    const same = known !== null && canonicalJson(known.keys) === canonicalJson(keys);
    entry.fetched = same
      ? { ...known, fetchedAtMs: nowMs }
      : { keys, generation: ++this.#generations, fetchedAtMs: nowMs };
    entry.failures = 0;
    return true;
  }

  /** Reports that nothing usable came: an error, a time-out, another status than 200. Always false. */
  failed(lease: Lease, nowMs: number): false {
    const entry = this.#release(lease);
    if (entry !== null) Object.assign(entry, { failures: entry.failures + 1, failedAtMs: nowMs });
    return false;
  }

  #fetch(address: string, entry: Entry, nowMs: number): Exclude<JwksDecision, { kind: "use" }> {
    if (entry.lease !== null && entry.lease.untilMs > nowMs) return { kind: "wait", untilMs: entry.lease.untilMs };
    if (!this.#mayTry(entry, nowMs)) return { kind: "unavailable", retryAtMs: entry.failedAtMs + this.#backoff(entry) };
    return { kind: "fetch", lease: this.#lease(address, entry, nowMs) };
  }

  #mayTry(entry: Entry, nowMs: number): boolean {
    if (entry.lease !== null && entry.lease.untilMs > nowMs) return false;
    const sinceMs = nowMs - entry.failedAtMs;
    return entry.failures === 0 || sinceMs < 0 || sinceMs >= this.#backoff(entry);
  }

  #backoff({ failures }: Entry): number {
    return Math.min(this.#limits.maxBackoffMs, this.#limits.backoffMs * 2 ** Math.min(failures - 1, 30));
  }

  #lease(address: string, entry: Entry, nowMs: number): Lease {
    const number = ++this.#leases;
    // whoever let a lease run out has failed: the next waits its turn
    if (entry.lease !== null) Object.assign(entry, { failures: entry.failures + 1, failedAtMs: entry.lease.untilMs });
    entry.lease = { number, untilMs: nowMs + this.#limits.leaseMs };
    return { address, number };
  }

  #release({ address, number }: Lease): Entry | null {
    const entry = this.#entries.get(address);
    if (entry?.lease?.number !== number) return null;
    entry.lease = null;
    return entry;
  }

  #touch(address: string): Entry {
    const entry = this.#entries.get(address) ?? {
      fetched: null,
      askedAtMs: Number.NEGATIVE_INFINITY,
      failures: 0,
      failedAtMs: 0,
      lease: null,
    };
    this.#entries.delete(address);
    this.#entries.set(address, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limits.maxEntries && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }

  #read(body: string): JwkSet | null {
    const bytes = utf8(body);
    if (bytes.length > this.#limits.maxBytes) return null;
    const read = readJsonObject(bytes);
    return read.ok ? readJwks(read.value, this.#limits.jwks) : null;
  }
}
