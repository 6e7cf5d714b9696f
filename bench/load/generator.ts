// What a load generator is to the runner. Both that there are run in a process of their own and answer the same figures.

export interface LoadJob {
  readonly url: string;
  readonly path: string;
  readonly body: string;
  /** of every request, besides {@link LOAD_HEADERS} */
  readonly headers: Readonly<Record<string, string>>;
  /** taken in turn; every request carries one */
  readonly authorizations: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** answers of status 2xx */
  readonly ok: number;
  /** answers of any other status */
  readonly non2xx: number;
  /** connections refused or reset, time-outs, and requests that were sent and never wholly answered */
  readonly errors: number;
  /** from the first request to the last answer */
  readonly elapsedMs: number;
  /** of the 2xx answers, from the request's last byte written to the answer's last byte read */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the generator itself, in microseconds; null where it does not tell */
  readonly generatorCpuUs: number | null;
}

export interface LoadGenerator {
  readonly name: "autocannon" | "wrk";
  run(job: LoadJob): Promise<LoadResult>;
  close(): Promise<void>;
}

/** What every row is sent alike. */
export const LOAD_HEADERS = { "content-type": "application/json", "user-agent": "bartizan-bench" } as const;
