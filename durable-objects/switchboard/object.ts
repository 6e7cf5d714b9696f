// What control tells every isolate of the gateway, held in one small object: the public key set of the highest
// generation. Policy and switches will stand here too. Isolates pull it (workers/gateway/snapshots.ts).
// An attacker who can write here decides whose tokens are believed; a ledger still admits only credentials that it knows.
import { DurableObject } from "cloudflare:workers";
import type { PublishedKeys } from "../../protocol/rpc.ts";
import { PublishedKeyStore } from "../published-keys.ts";

/** The one object's name. */
export const SWITCHBOARD = "switchboard";

export class Switchboard extends DurableObject {
  readonly #keys: PublishedKeyStore;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    this.#keys = new PublishedKeyStore(ctx.storage);
  }

  /** A generation that is not higher than the one held changes nothing. */
  async publishKeys(keys: PublishedKeys): Promise<void> {
    this.#keys.put(keys);
  }

  /** Null until control published for the first time. `known` is the caller's generation: what it has is not sent again. */
  async publishedKeys(known: number): Promise<PublishedKeys | null> {
    const keys = this.#keys.get();
    return keys === null || keys.generation <= known ? null : keys;
  }
}
