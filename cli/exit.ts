// How a command ends.
import { CommanderError } from "commander";
import { AdminError } from "../embedded/admin/client.ts";
import { StartError } from "../embedded/stop-reason.ts";

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Something was checked and does not hold, or could not be reached. The message is for the user. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
}

/** The command was given what it cannot use. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Says on standard error why a command ended, and gives its exit status. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) return told(error.message, EXIT.usage);
  if (error instanceof CheckFailed || error instanceof StartError) return told(error.message, EXIT.failed);
  if (error instanceof AdminError) return told(`${error.message} (${error.status} ${error.code})`, EXIT.failed);
  if (error instanceof TypeError && error.message === "fetch failed")
    return told("Nothing answers there. Is the platform running (npm start)? Else name it with --url.", EXIT.failed);
  return told(error instanceof Error ? (error.stack ?? error.message) : String(error), EXIT.failed);
}

function told(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}
