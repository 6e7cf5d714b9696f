// `bartizan audit records`: GET /audit/v1/records, newest first.
import { type Command, InvalidArgumentError } from "commander";
import { AdminClient } from "../../../embedded/admin/client.ts";
import { type ConnectionOptions, platformCommand, platformKey, platformUrl } from "../../connection.ts";
import { printJson, printTable } from "../../output.ts";

interface Options extends ConnectionOptions {
  readonly log: string;
  readonly limit: number;
  readonly cursor?: string;
}

type Record_ = Readonly<Record<string, unknown>>;

export function auditRecords(): Command {
  return platformCommand("records", "Show audit records, newest first, each request's leaves joined.")
    .option("--log <name>", "which log", "default")
    .option("--limit <n>", "how many", limitOf, 20)
    .option("--cursor <cursor>", "go on where the last page ended (next_cursor)")
    .addHelpText("after", "\nExample:\n  npx bartizan audit records --limit 5 --json")
    .action(async (options: Options) => {
      const api = new AdminClient(await platformUrl(options), await platformKey(options, "auditor"));
      const query = new URLSearchParams({ limit: String(options.limit) });
      if (options.cursor !== undefined) query.set("cursor", options.cursor);
      const page = await api.call("GET", `/audit/v1/logs/${encodeURIComponent(options.log)}/records?${query}`);
      if (options.json) return printJson(page);
      const records = Array.isArray(page.records) ? (page.records as Record_[]) : [];
      printTable(["TIME", "KIND", "TENANT", "CREDENTIAL", "WHAT", "OUTCOME", "REQUEST"], records.map(rowOf));
    });
}

function rowOf(record: Record_): (string | null)[] {
  const { kind, outcome } = record;
  const settled = typeof outcome === "object" && outcome !== null ? (outcome as Record_) : null;
  return [
    typeof record.time_ms === "number" ? new Date(record.time_ms).toISOString() : null,
    text(kind),
    text(record.tenant),
    text(record.credential_id),
    text(kind === "admin" ? `${record.action} ${record.target}` : (record.model ?? record.route)),
    text(kind === "refusal" ? `${record.status} ${record.code}` : settled && `${settled.status} ${settled.outcome}`),
    text(record.request_id),
  ];
}

function text(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

function limitOf(given: string): number {
  const limit = Number(given);
  if (!/^\d{1,3}$/.test(given) || limit < 1 || limit > 500) throw new InvalidArgumentError("a number from 1 to 500.");
  return limit;
}
