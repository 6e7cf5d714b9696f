// What a sink is told and what it shows. Plain data: it crosses an RPC border.

/** Why the last delivery failed. */
export type SinkFault = "status" | "redirect" | "timeout" | "network" | "log_unavailable" | "not_configured";

/** How far a sink is with one log. */
export interface SinkLogState {
  readonly log: string;
  /** index of the next leaf to deliver: all before it were taken by the collector */
  readonly next_index: number;
  /** entries in the log when it was last seen */
  readonly log_size: number;
  readonly lag: number;
}

/** Holds neither the collector's address nor what is sent to it in headers: both may be secrets. */
export interface SinkState {
  readonly name: string;
  readonly logs: readonly SinkLogState[];
  /** the failure that holds it up now; null while it is healthy */
  readonly last_error: { readonly code: SinkFault; readonly status: number | null; readonly at_ms: number } | null;
  /** failures in a row */
  readonly failures: number;
  readonly next_attempt_at_ms: number | null;
  readonly delivered_at_ms: number | null;
}

/** Public methods of the Sink object. Only audit's own Worker holds its namespace. */
export interface SinkRpc {
  /** The log has this many entries. Answers once an alarm stands that will deliver them. */
  notify(sink: string, log: string, size: number): Promise<void>;
  state(sink: string): Promise<SinkState>;
}
