// What the benchmark compares. A row is a server that answers the same requests as every other row of the run, in front
// of the same upstream; the runner knows nothing else about it.

export type Storage = "disk" | "memory";
export type Limits = "none" | "unreachable";

/** What every row is started with. */
export interface RowSetting {
  /** base URL of the one upstream, without a trailing slash */
  readonly upstreamUrl: string;
  /** a fresh directory of this row's own: on disk or memory-backed, as this part of the run asks */
  readonly stateDir: string;
  /** how many credentials, and so how many ledgers, the load is spread over */
  readonly keys: number;
  /** `none`: keys without limits; `unreachable`: every limit set, so high that none refuses */
  readonly limits: Limits;
  /** opens the runtime's inspector, for `--profile` */
  readonly inspect: boolean;
}

export interface RunningRow {
  /** base URL, without a trailing slash */
  readonly url: string;
  /** values of `authorization`, one a credential; requests take them in turn */
  readonly authorizations: readonly string[];
  /** what every request carries besides */
  readonly headers: Readonly<Record<string, string>>;
  /** the runtime's processes, whose CPU time is the row's */
  readonly pids: readonly number[];
  /** base URL of the runtime's inspector, where it was asked for */
  readonly inspectorUrl: string | null;
  /** the Worker's name, as the inspector lists it */
  readonly worker: string;
  /** the bundle that the isolate runs: where a profile's line numbers point */
  readonly code: string;
  /**
   * Whether the row did what it is measured for, of which an answer alone shows nothing.
   * @param answered how many requests it answered with 2xx since it started
   * @throws saying what is missing
   */
  verify(answered: number): Promise<void>;
  /** stops everything that `start` started; the state directory is the runner's to remove */
  dispose(): Promise<void>;
}

export interface Row {
  readonly name: string;
  /** one line for the report */
  readonly what: string;
  start(setting: RowSetting): Promise<RunningRow>;
}
