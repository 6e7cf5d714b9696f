// Token buckets of one isolate, many keys, bounded memory: what a single isolate can say no to without asking anyone.
// Two uses: the local cap of each account before its body is read, and failed authentications of each client address.
// Both bound what one isolate spends; neither is a quota, since isolates do not know one another.

export interface BucketRules {
  /** what a key may take at once */
  readonly burst: number;
  readonly perSecond: number;
  /** keys remembered; past it the fullest-looking (longest untouched) are forgotten, in their favour */
  readonly maxKeys: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

export class TokenBuckets {
  readonly #rules: BucketRules;
  /** insertion order is the order of last touch */
  readonly #buckets = new Map<string, Bucket>();

  constructor(rules: BucketRules) {
    this.#rules = rules;
  }

  /** Takes one. 0: it was there; else the milliseconds until one will be. */
  take(key: string, nowMs: number): number {
    const bucket = this.#touch(key, nowMs);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return this.#wait(bucket);
  }

  /** As {@link take}, without taking. */
  waitMs(key: string, nowMs: number): number {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return 0;
    this.#refill(bucket, nowMs);
    return bucket.tokens >= 1 ? 0 : this.#wait(bucket);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #touch(key: string, nowMs: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#rules.burst, atMs: nowMs };
    this.#refill(bucket, nowMs);
    this.#buckets.delete(key);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size < this.#rules.maxKeys) break;
      this.#buckets.delete(oldest);
    }
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #refill(bucket: Bucket, nowMs: number): void {
    const { burst, perSecond } = this.#rules;
    // a clock that was set back refills nothing and loses nothing
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(burst, bucket.tokens + (elapsedMs / 1000) * perSecond);
    bucket.atMs = Math.max(bucket.atMs, nowMs);
  }

  #wait(bucket: Bucket): number {
    return Math.max(1, Math.ceil(((1 - bucket.tokens) / this.#rules.perSecond) * 1000));
  }
}
