// Calls to the log's and the sinks' objects: once more where the platform says that it helps.
import type { AuditEnv } from "./config.ts";

type LogStub = ReturnType<AuditEnv["AUDIT_LOG"]["getByName"]>;

/**
 * Calls a log. Everything it is asked is idempotent, so a call that failed for a moment's reason is made once more, on
 * a fresh stub: a broken one stays broken. An overloaded object is left alone.
 */
export async function callLog<T>(env: AuditEnv, log: string, call: (stub: LogStub) => Promise<T>): Promise<T> {
  try {
    return await call(env.AUDIT_LOG.getByName(log));
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return await call(env.AUDIT_LOG.getByName(log));
  }
}

function isRetryable(error: unknown): boolean {
  const { retryable, overloaded } = error as { retryable?: unknown; overloaded?: unknown };
  return retryable === true && overloaded !== true;
}
