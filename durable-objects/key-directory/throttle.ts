// How guessing at client secrets is slowed. Pure: time is passed in, memory is bounded.
//
//   (client, address)   a few failures are free, then that pair waits                  refused: 429
//   address             as many more, over all clients, then it waits                  refused: 429, save pairs that
//                                                                                      were right here before
//   client              failures from everywhere make failures slower to be answered   never refused
//
// So guessing is slowed per client and per address, and nobody can lock a client out: what refuses is tied to the
// guesser's own address, and what is tied to the client alone only delays answers that are wrong anyway. Whoever shares
// the guesser's address and was right from there before is let through.
// It is kept in memory alone: an attacker who lets the object fall asleep between guesses is slower than this makes him.

export interface ThrottleLimits {
  /** Failures at one time, and how long each is remembered (ms). */
  readonly pair: { readonly burst: number; readonly forgiveMs: number };
  readonly address: { readonly burst: number; readonly forgiveMs: number };
  readonly client: { readonly burst: number; readonly forgiveMs: number };
  /** Longest delay of a wrong answer (ms). */
  readonly maxDelayMs: number;
  /** Entries of each kind. Bounds memory; whoever has more addresses than this is not slowed by address anyway. */
  readonly maxEntries: number;
}

export const THROTTLE_LIMITS: ThrottleLimits = {
  pair: { burst: 8, forgiveMs: 30_000 },
  address: { burst: 64, forgiveMs: 5_000 },
  client: { burst: 16, forgiveMs: 2_000 },
  maxDelayMs: 2_000,
  maxEntries: 4096,
};

export type Judgement = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterMs: number };

/** Failures as a leaky bucket: the time at which it will be empty again. */
type Bucket = Map<string, number>;

export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #pairs: Bucket = new Map();
  readonly #addresses: Bucket = new Map();
  readonly #clients: Bucket = new Map();
  /** pairs that were right: client and address → when */
  readonly #right: Bucket = new Map();

  constructor(limits: ThrottleLimits = THROTTLE_LIMITS) {
    this.#limits = limits;
  }

  /** Whether an attempt is looked at at all. */
  judge(clientId: string, address: string | null, nowMs: number): Judgement {
    const network = networkOf(address);
    const pair = pairOf(clientId, network);
    const waits = [waitMs(this.#pairs.get(pair), this.#limits.pair, nowMs)];
    if (!this.#right.has(pair)) waits.push(waitMs(this.#addresses.get(network), this.#limits.address, nowMs));
    const retryAfterMs = Math.max(...waits);
    return retryAfterMs > 0 ? { allowed: false, retryAfterMs } : { allowed: true };
  }

  right(clientId: string, address: string | null, nowMs: number): void {
    const pair = pairOf(clientId, networkOf(address));
    this.#pairs.delete(pair);
    this.#put(this.#right, pair, nowMs);
  }

  /** @returns milliseconds by which the answer is to be delayed */
  wrong(clientId: string, address: string | null, nowMs: number): number {
    const { pair, address: perAddress, client, maxDelayMs } = this.#limits;
    const network = networkOf(address);
    this.#add(this.#pairs, pairOf(clientId, network), pair, nowMs);
    this.#add(this.#addresses, network, perAddress, nowMs);
    this.#add(this.#clients, clientId, client, nowMs);
    return Math.min(maxDelayMs, waitMs(this.#clients.get(clientId), client, nowMs));
  }

  get size(): number {
    return this.#pairs.size + this.#addresses.size + this.#clients.size + this.#right.size;
  }

  #add(bucket: Bucket, key: string, { forgiveMs }: { readonly forgiveMs: number }, nowMs: number): void {
    this.#put(bucket, key, Math.max(nowMs, bucket.get(key) ?? 0) + forgiveMs);
  }

  /** The entry that was written longest ago makes room. */
  #put(bucket: Bucket, key: string, value: number): void {
    bucket.delete(key);
    for (const oldest of bucket.keys()) {
      if (bucket.size < this.#limits.maxEntries) break;
      bucket.delete(oldest);
    }
    bucket.set(key, value);
  }
}

/** Until there is room for one more failure. */
function waitMs(
  emptyAtMs: number | undefined,
  { burst, forgiveMs }: { readonly burst: number; readonly forgiveMs: number },
  nowMs: number,
): number {
  return Math.max(0, (emptyAtMs ?? 0) - nowMs - (burst - 1) * forgiveMs);
}

function pairOf(clientId: string, network: string): string {
  return `${network} ${clientId}`;
}

/** An IPv6 subscriber has 2^64 addresses: the network stands for all of them. */
function networkOf(address: string | null): string {
  if (address === null || !address.includes(":")) return address ?? "unknown";
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - (tail === "" ? 0 : tail.split(":").length));
  return [...groups, ...Array<string>(missing).fill("0"), ...(tail ?? "").split(":")]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
