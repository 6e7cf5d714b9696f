// How many bytes of bodies this isolate holds at the moment. 128 MB are shared by all requests of an isolate, so
// past a bound a request is answered 503 `busy` instead of taking the others down with it. One account gets a share of
// them alone, so that it cannot fill the isolate for everyone.

let inFlight = 0;
/** accounts that hold any */
const byAccount = new Map<string, number>();

/** Bytes that this isolate's requests hold; of one account, where it is named. */
export function bytesInFlight(account?: string): number {
  return account === undefined ? inFlight : (byAccount.get(account) ?? 0);
}

export interface ByteLimits {
  readonly maxBytesInFlight: number;
  /** of them, 0 to 1 */
  readonly accountShare: number;
}

export interface ByteClaim {
  /** False: the isolate, or the account's share of it, is full; what was claimed before stays claimed until `release`. */
  add(bytes: number): boolean;
  release(): void;
}

/** @param account its name and jurisdiction */
export function claimBytes(account: string, { maxBytesInFlight, accountShare }: ByteLimits): ByteClaim {
  let claimed = 0;
  return {
    add(bytes) {
      const own = bytesInFlight(account) + bytes;
      if (inFlight + bytes > maxBytesInFlight || own > maxBytesInFlight * accountShare) return false;
      inFlight += bytes;
      claimed += bytes;
      byAccount.set(account, own);
      return true;
    },
    release() {
      inFlight -= claimed;
      const left = bytesInFlight(account) - claimed;
      if (left > 0) byAccount.set(account, left);
      else byAccount.delete(account);
      claimed = 0;
    },
  };
}
