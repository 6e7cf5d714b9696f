// The agent's log: one JSON object a line on standard error. Names, counts and codes only: never a prompt, an answer,
// a key, or an exception's text (which may quote any of them).

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export function log(event: string, fields: LogFields = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}

/** What may be said of an exception: its class and its stable code. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error && typeof error.code === "string" ? `/${error.code}` : "";
  return `${error.name}${code}`;
}
