// The published set, and who holds it. Both Workers keep the highest generation that they were shown, so a push that is
// repeated, or overtaken by a later one, changes nothing.
//
//   change of the set → commit → push to gateway and audit, until both confirmed → PROPAGATION → a new key may sign
import { published } from "../../../identity/key-set.ts";
import type { PublishedKeys } from "../../../protocol/rpc.ts";
import { attempt, type Listeners, type TellFault } from "../tell.ts";
import { keySetText } from "./material.ts";
import type { SigningStore } from "./store.ts";

/** Milliseconds after both confirmed until every isolate of theirs judges by the set (protocol/rpc.ts: 2 s), and one more. */
export const PROPAGATION_MS = 3_000;

export class Publication {
  readonly #store: SigningStore;
  readonly #to: Listeners;
  readonly #now: () => number;
  #pushing: Promise<TellFault | null> = Promise.resolve(null);

  constructor(store: SigningStore, to: Listeners, now: () => number) {
    this.#store = store;
    this.#to = to;
    this.#now = now;
  }

  current(): PublishedKeys {
    const set = this.#store.set();
    const keys = published(set).map(({ kid, signs }) => ({ signs, jwk: this.#store.publicJwk(kid) ?? {} }));
    return { generation: set.generation, key_set: keySetText(set.generation, keys) };
  }

  isConfirmed(): boolean {
    return this.#store.acks().generation >= this.#store.set().generation;
  }

  /** Whether a key that stands in the set may sign: every isolate judges by it. */
  isSettled(): boolean {
    return this.isConfirmed() && this.#now() >= this.settledAtMs();
  }

  settledAtMs(): number {
    return this.#store.acks().atMs + PROPAGATION_MS;
  }

  /** Null once gateway and audit both hold the set as it stands. One push at a time. */
  async push(): Promise<TellFault | null> {
    const pushing = this.#pushing.then(async () => (this.isConfirmed() ? null : await this.#push()));
    this.#pushing = pushing.catch(() => null);
    return await pushing;
  }

  /** Pushes what is not confirmed, then waits until it has spread. */
  async settle(): Promise<TellFault | null> {
    const fault = this.isConfirmed() ? null : await this.push();
    if (fault !== null) return fault;
    const leftMs = this.settledAtMs() - this.#now();
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    return null;
  }

  async #push(): Promise<TellFault | null> {
    const keys = this.current();
    // both are asked, whatever the other says
    const [gateway, audit] = await Promise.all([
      attempt("ledger_unavailable", () => this.#to.GATEWAY.publishKeys(keys)),
      attempt("log_unavailable", () => this.#to.AUDIT_KEYS.publishKeys(keys)),
    ]);
    const fault = gateway ?? audit;
    if (fault === null) this.#store.acked(keys.generation, this.#now());
    return fault;
  }
}
