// `bartizan events`: GET /admin/v1/events, what someone should act on or know of, newest first.
import { type Command, InvalidArgumentError } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../connection.ts";
import { momentOf, queryOf } from "../options.ts";
import { printJson, printTable } from "../output.ts";

interface Options extends ConnectionOptions {
  readonly since?: string;
  readonly tenant?: string;
  readonly limit: number;
}

/** Events of one page, as the API has it. */
const PAGE = 200;

export function events(): Command {
  return platformCommand("events", "Show what happened to keys: rotations, ends that near, two holders of one key.")
    .option("--since <time>", "no older than: 24h, 7d, or 2026-11-01T00:00:00Z", momentOf)
    .option("--tenant <tenant>", "of this tenant alone")
    .option("--limit <n>", "at most so many, the newest", limitOf, 100)
    .addHelpText("after", "\nExample:\n  npx bartizan events --since 24h --json")
    .action(async ({ since, tenant, limit, ...options }: Options) => {
      const api = await connectAdmin({ ...options });
      const found: Readonly<Record<string, unknown>>[] = [];
      const query = queryOf({ since, tenant, limit: Math.min(limit, PAGE) });
      for await (const event of api.list(`/admin/v1/events${query}`, "events")) if (found.push(event) === limit) break;
      if (options.json) return printJson({ events: found });
      printTable(
        ["TIME", "WHAT", "TENANT", "OF"],
        found.map(({ time, kind, tenant: whose, target }) => [time, kind, whose, target].map(String)),
      );
    });
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,5}$/.test(text) || limit < 1) throw new InvalidArgumentError("a number from 1 to 99999.");
  return limit;
}
