// How many bytes of bodies this isolate holds at the moment. 128 MB are shared by all requests of an isolate, so
// past a bound a request is answered 503 `busy` instead of taking the others down with it.

let inFlight = 0;

/** Bytes that this isolate's requests hold. */
export function bytesInFlight(): number {
  return inFlight;
}

export interface ByteClaim {
  /** False: the isolate is full; what was claimed before stays claimed until `release`. */
  add(bytes: number): boolean;
  release(): void;
}

export function claimBytes(limit: number): ByteClaim {
  let claimed = 0;
  return {
    add(bytes) {
      if (inFlight + bytes > limit) return false;
      inFlight += bytes;
      claimed += bytes;
      return true;
    },
    release() {
      inFlight -= claimed;
      claimed = 0;
    },
  };
}
