// How this Worker says that it failed: one line, the request's id, and the fault's name. Never a message or a stack: they
// may hold what a client, a backend or a configuration wrote, and logs have more readers than any of them.

/** @param error whatever was thrown */
export function logFault(event: string, requestId: string, error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  console.error(JSON.stringify({ event, request_id: requestId, name: name.slice(0, 64) }));
}
