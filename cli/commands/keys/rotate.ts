// `bartizan keys rotate ID`: POST /admin/v1/keys/{id}/rotate, or with --self the key's own exchange for its successor.
import type { Command } from "commander";
import { AdminClient, AdminError } from "../../../embedded/admin/client.ts";
import type { QuotaLimits } from "../../../protocol/limits.ts";
import { type ConnectionOptions, connectAdmin, platformCommand, platformUrl } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { daysOf, given, secondsOf } from "../../options.ts";
import { printJson, printLine } from "../../output.ts";
import { collect, collectLimit } from "./limits.ts";
import { printKey } from "./show-key.ts";

interface Options extends ConnectionOptions {
  readonly overlap?: number;
  readonly scope?: readonly string[];
  readonly limit?: QuotaLimits;
  readonly expiresIn?: number;
  readonly self?: boolean;
  readonly ifDue?: boolean;
}

export function keysRotate(): Command {
  return platformCommand("rotate", "Mint a key's successor in the same account. It is shown once and stored nowhere.")
    .argument("[id]", "as `keys list` gives it; left out with --self")
    .option("--overlap <time>", "for which the old key works as well: 0, 30m, 24h, 7d (default: 24h)", secondsOf)
    .option("--scope <scope>", "other scopes than the old key's; repeat", collect)
    .option("--limit <name=n>", "another limit of the account; repeat", collectLimit)
    .option("--expires-in <days>", "life in days, at most 90", daysOf)
    .option("--self", "exchange the key of --key or BARTIZAN_KEY itself: made with --auto-rotate, and near its end")
    .option("--if-due", "with --self: where it is not time yet, print nothing and end with 0")
    .addHelpText(
      "after",
      "\nExample:\n  npx bartizan keys rotate key_01… --overlap 24h\n" +
        "  BARTIZAN_KEY=… npx bartizan keys rotate --self --if-due --url https://gateway.example --json",
    )
    .action(async (id: string | undefined, options: Options) => {
      const rotated = options.self ? await exchanged(id, options) : await rotate(id, options);
      if (rotated === null) return;
      if (options.json) return printJson(rotated);
      const { key, ...rest } = rotated;
      printKey(rest);
      printLine(`\n${String(key)}`);
    });
}

async function rotate(id: string | undefined, options: Options): Promise<Record<string, unknown>> {
  if (id === undefined) throw new UsageError("Which key? Name its id, or use --self.");
  const api = await connectAdmin(options);
  return await api.call("POST", `/admin/v1/keys/${encodeURIComponent(id)}/rotate`, {
    ...given({ overlap_s: options.overlap, scopes: options.scope, limits: options.limit }),
    ...given({ expires_in_s: options.expiresIn === undefined ? undefined : options.expiresIn * 86_400 }),
  });
}

/** Null where it is not time and that is no fault. */
async function exchanged(id: string | undefined, options: Options): Promise<Record<string, unknown> | null> {
  // the local administrator's key is not meant by accident
  if (options.key === undefined) throw new UsageError("--self exchanges the key that --key or BARTIZAN_KEY names.");
  if (id !== undefined || options.scope !== undefined || options.limit !== undefined || options.expiresIn !== undefined)
    throw new UsageError("--self takes --overlap alone: all else is as the key has it.");
  const api = new AdminClient(await platformUrl(options), options.key);
  try {
    return await api.call("POST", "/admin/v1/keys/self/rotate", given({ overlap_s: options.overlap }));
  } catch (error) {
    if (options.ifDue && error instanceof AdminError && error.code === "not_due") return null;
    throw error;
  }
}
