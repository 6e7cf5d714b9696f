// What control tells every isolate of the gateway, held in one small object: the public key set of the highest
// generation. Policy and switches will stand here too. Isolates pull it (workers/gateway/snapshots.ts).
// An attacker who can write here decides whose tokens are believed; a ledger still admits only credentials that it knows.
import { DurableObject } from "cloudflare:workers";
import type { PublishedKeys } from "../../protocol/rpc.ts";
import { SCHEMA } from "./schema.ts";

/** The one object's name. */
export const SWITCHBOARD = "switchboard";

export class Switchboard extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    ctx.storage.sql.exec(SCHEMA);
  }

  /** Only a higher generation replaces: a push that was delayed must not bring a withdrawn key back. */
  async publishKeys({ generation, key_set }: PublishedKeys): Promise<void> {
    this.ctx.storage.sql.exec(
      `INSERT INTO published_keys (id, generation, key_set) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, key_set = excluded.key_set
       WHERE excluded.generation > generation`,
      generation,
      key_set,
    );
  }

  /** Null until control published for the first time. `known` is the caller's generation: what it has is not sent again. */
  async publishedKeys(known: number): Promise<PublishedKeys | null> {
    const rows = this.ctx.storage.sql
      .exec<{ generation: number; key_set: string }>("SELECT generation, key_set FROM published_keys")
      .toArray();
    const [row] = rows;
    return row === undefined || row.generation <= known ? null : { generation: row.generation, key_set: row.key_set };
  }
}
