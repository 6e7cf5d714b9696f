// Telling the other Workers of a credential, one telling at a time for each, so that an older row never arrives after a
// newer one.
import type { CredentialTable } from "../storage/credentials.ts";
import { type Listeners, type TellFault, tell } from "../tell.ts";

export class Telling {
  readonly #credentials: CredentialTable;
  readonly #to: Listeners;
  readonly #now: () => number;
  readonly #lanes = new Map<string, Promise<unknown>>();

  constructor(credentials: CredentialTable, to: Listeners, now: () => number) {
    this.#credentials = credentials;
    this.#to = to;
    this.#now = now;
  }

  /** Tells the newest row of a credential, after what is being told of it already. */
  async tell(id: string): Promise<TellFault | null> {
    const before = this.#lanes.get(id) ?? Promise.resolve();
    const telling = before.then(async () => {
      const news = this.#credentials.news(id);
      if (news === null) return null;
      const fault = await tell(news, this.#now(), this.#to);
      if (fault === null) this.#credentials.told(news);
      return fault;
    });
    this.#lanes.set(id, telling);
    try {
      return await telling;
    } finally {
      if (this.#lanes.get(id) === telling) this.#lanes.delete(id);
    }
  }
}
