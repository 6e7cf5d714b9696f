// The least that a durable admission can be: one row in SQLite, committed before the caller hears of it. All calls of
// one turn of the event loop are written in one turn, so they share one commit; the output gate holds their answers
// until it is on disk.
import { DurableObject } from "cloudflare:workers";

interface Waiting {
  readonly event: string;
  readonly resolve: (seq: number) => void;
  readonly reject: (reason: unknown) => void;
}

export class FloorLedger extends DurableObject {
  #queue: Waiting[] = [];
  #commits = 0;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never);
    state.storage.sql.exec("CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, event TEXT NOT NULL)");
  }

  /** Answers the row's number once it is durable. */
  admit(event: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#queue.push({ event, resolve, reject });
    if (this.#queue.length === 1) setTimeout(() => this.#flush(), 0);
    return promise;
  }

  /** What the benchmark's own test looks at: rows on disk, and in how many turns they were written. */
  counts(): { rows: number; commits: number } {
    const row = this.ctx.storage.sql.exec<{ rows: number }>("SELECT COUNT(*) AS rows FROM journal").one();
    return { rows: row.rows, commits: this.#commits };
  }

  #flush(): void {
    const batch = this.#queue;
    this.#queue = [];
    this.#commits++;
    for (const { event, resolve, reject } of batch) {
      try {
        const sql = "INSERT INTO journal (event) VALUES (?) RETURNING seq";
        resolve(this.ctx.storage.sql.exec<{ seq: number }>(sql, event).one().seq);
      } catch (error) {
        reject(error);
      }
    }
  }
}
