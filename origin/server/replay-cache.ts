// Nonces of the signatures that were accepted, each until its signature ends. Only verified signatures get here, so no
// stranger can fill it; when it is full all the same, nothing more is accepted rather than something forgotten.
//
// A restart forgets them, so the server refuses what was signed before it started (authenticate.ts).

export interface ReplayLimits {
  /** a nonce takes some 100 bytes */
  readonly maxNonces: number;
}

export type NonceVerdict = "new" | "seen" | "full";

export class ReplayCache {
  readonly #maxNonces: number;
  /** in the order of arrival, which is nearly that of expiry: a signature's life is bounded */
  readonly #expiry = new Map<string, number>();

  constructor(limits: ReplayLimits) {
    this.#maxNonces = limits.maxNonces;
  }

  get size(): number {
    return this.#expiry.size;
  }

  /** Remembers a nonce. @param untilS Unix seconds after which its signature is refused anyway */
  admit(nonce: string, untilS: number, nowS: number): NonceVerdict {
    this.#forget(nowS);
    if (this.#expiry.has(nonce)) return "seen";
    if (this.#expiry.size >= this.#maxNonces) return "full";
    this.#expiry.set(nonce, untilS);
    return "new";
  }

  #forget(nowS: number): void {
    for (const [nonce, untilS] of this.#expiry) {
      // one with a longer life may shadow others behind it: they stay a little longer, which is safe
      if (untilS > nowS) return;
      this.#expiry.delete(nonce);
    }
  }
}
