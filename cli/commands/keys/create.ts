// `bartizan keys create`: POST /admin/v1/keys.
import type { Command } from "commander";
import { DEMO_TENANT } from "../../../embedded/admin/credentials.ts";
import type { QuotaLimits } from "../../../protocol/limits.ts";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { daysOf, given, secondsOf } from "../../options.ts";
import { printJson, printLine } from "../../output.ts";
import { collect, collectLimit } from "./limits.ts";
import { printKey } from "./show-key.ts";

interface Options extends ConnectionOptions {
  readonly tenant: string;
  readonly name: string;
  readonly scope?: readonly string[];
  readonly limit?: QuotaLimits;
  readonly allowCidr?: readonly string[];
  readonly expiresIn?: number;
  readonly rotateBefore?: number;
  readonly autoRotate?: boolean;
}

export function keysCreate(): Command {
  return platformCommand("create", "Mint an API key. It is shown once and stored nowhere.")
    .option("--tenant <tenant>", "whose key it is", DEMO_TENANT)
    .requiredOption("--name <name>", "what it is for")
    .option(
      "--scope <scope>",
      "infer:MODEL[@VERSION], embed:…, logprobs, admin[:TENANT], operator…, auditor…; repeat (default: every model)",
      collect,
    )
    .option(
      "--limit <name=n>",
      "requests_per_day=1000, concurrency=none, …; repeat (default: the tenant's)",
      collectLimit,
    )
    .option("--allow-cidr <cidr>", "addresses it may be used from; repeat (default: any)", collect)
    .option("--expires-in <days>", "life in days, at most 90", daysOf)
    .option("--rotate-before <time>", "raise an event so long before its end: 7d, 12h", secondsOf)
    .option("--auto-rotate", "its holder may exchange it for its successor then (keys rotate --self)")
    .addHelpText(
      "after",
      "\nExample:\n  npx bartizan keys create --name ci --scope infer:smollm2 --limit requests_per_day=1000 --expires-in 30",
    )
    .action(async (options: Options) => {
      const api = await connectAdmin(options);
      const made = await api.call("POST", "/admin/v1/keys", {
        tenant: options.tenant,
        name: options.name,
        scopes: options.scope ?? ["infer:*", "embed:*"],
        limits: options.limit ?? {},
        allow_cidrs: options.allowCidr ?? [],
        ...given({
          expires_in_s: options.expiresIn === undefined ? undefined : options.expiresIn * 86_400,
          rotate_before_s: options.rotateBefore,
          auto_rotate: options.autoRotate,
        }),
      });
      if (options.json) return printJson(made);
      const { key, ...rest } = made;
      printKey(rest);
      printLine(`\n${String(key)}`);
    });
}
