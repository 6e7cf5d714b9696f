// `bartizan keys patch ID`: PATCH /admin/v1/keys/{id}. Holds from the key's next request on.
import type { Command } from "commander";
import type { QuotaLimits } from "../../../protocol/limits.ts";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { UsageError } from "../../exit.ts";
import { given, onOff, secondsOf } from "../../options.ts";
import { printJson } from "../../output.ts";
import { collect, collectLimit } from "./limits.ts";
import { printKey } from "./show-key.ts";

interface Options extends ConnectionOptions {
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly limit?: QuotaLimits;
  readonly allowCidr?: readonly string[];
  readonly rotateBefore?: number;
  readonly autoRotate?: boolean;
}

export function keysPatch(): Command {
  return platformCommand("patch", "Change an API key's name, limits, addresses, or narrow its scopes.")
    .argument("<id>", "as `keys list` gives it")
    .option("--name <name>", "a new name")
    .option("--scope <scope>", "the scopes that remain; repeat. To widen, mint a new key.", collect)
    .option("--limit <name=n>", "a new limit, or NAME=none; repeat", collectLimit)
    .option("--allow-cidr <cidr>", "addresses it may be used from; repeat", collect)
    .option("--rotate-before <time>", "raise an event so long before its end: 7d, 12h", secondsOf)
    .option("--auto-rotate <on|off>", "whether its holder may exchange it for its successor", onOff)
    .addHelpText("after", "\nExample:\n  npx bartizan keys patch key_01… --limit requests_per_minute=60")
    .action(async (id: string, options: Options) => {
      const change = given({
        name: options.name,
        scopes: options.scope,
        limits: options.limit,
        allow_cidrs: options.allowCidr,
        rotate_before_s: options.rotateBefore,
        auto_rotate: options.autoRotate,
      });
      if (Object.keys(change).length === 0)
        throw new UsageError("Nothing to change: use --name, --scope, --limit, --allow-cidr or another of --help.");
      const api = await connectAdmin(options);
      const key = await api.call("PATCH", `/admin/v1/keys/${encodeURIComponent(id)}`, change);
      options.json ? printJson(key) : printKey(key);
    });
}
