// Failures that a caller of the log must tell apart. Errors lose their class at an RPC border, so what counts stands
// in the message, in one form, and is read back by the function beside it.

/** A record before the batch is missing: the source must ship again from `expected`. */
export class SequenceGap extends Error {
  override readonly name = "SequenceGap";
  readonly expected: number;

  constructor(expected: number) {
    super(`audit sequence gap: expected seq ${expected}`);
    this.expected = expected;
  }
}

/** The sequence number that the log wants next, or null where the error is another. */
export function expectedSeq(error: unknown): number | null {
  const match = error instanceof Error ? /audit sequence gap: expected seq (\d+)$/.exec(error.message) : null;
  return match === null ? null : Number(match[1]);
}

/** A batch that no log would take: a fault of the caller, which repeating it does not mend. */
export class InvalidBatch extends Error {
  override readonly name = "InvalidBatch";

  constructor(what: string) {
    super(`audit batch invalid: ${what}`);
  }
}

/** Storage and signed checkpoint disagree: nothing is appended or signed until someone has looked. */
export class LogCorrupt extends Error {
  override readonly name = "LogCorrupt";

  constructor() {
    super("audit log corrupt: the stored tree has not the root that was signed");
  }
}
