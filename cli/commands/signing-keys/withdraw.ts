// `bartizan signing-keys withdraw KID`: first what would die with it; with --yes it dies, everywhere, before this ends.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { CheckFailed } from "../../exit.ts";
import { printJson, printLine, printTable } from "../../output.ts";

interface Options extends ConnectionOptions {
  readonly yes?: boolean;
}

type Impact = Readonly<Record<string, unknown>>;

export function signingKeysWithdraw(): Command {
  return platformCommand("withdraw", "Withdraw a signing key that is lost. Every token that it signed is refused.")
    .argument("<kid>", "as `signing-keys list` gives it")
    .option("--yes", "do it; without it, what would die is listed and nothing is changed (ends with 1)")
    .addHelpText("after", "\nExample:\n  npx bartizan signing-keys withdraw ak-… && echo withdrawn")
    .action(async (kid: string, options: Options) => {
      const api = await connectAdmin(options);
      const path = `/admin/v1/signing-keys/${encodeURIComponent(kid)}`;
      const impact = await api.call("GET", `${path}/impact`);
      if (!options.json) printImpact(impact);
      if (!options.yes) {
        if (options.json) printJson(impact);
        throw new CheckFailed("Nothing was changed. Add --yes to withdraw the key.");
      }
      const done = await api.call("POST", `${path}/withdraw`, { confirm: true });
      if (options.json) printJson({ impact, ...done });
      else printLine(`\n${kid} is withdrawn; ${String(done.keys_revoked)} keys are revoked with it.`);
    });
}

function printImpact(impact: Impact): void {
  const keys = Array.isArray(impact.keys) ? (impact.keys as Impact[]) : [];
  const total = Number(impact.keys_total ?? keys.length);
  printLine(`Signs ${String(impact.purpose)}s. Its tokens would have been good until ${String(impact.good_until)}.`);
  printLine(`${total} keys die with it${keys.length < total ? `, of which ${keys.length} are shown` : ""}.`);
  if (impact.includes_yours === true) printLine("The key that you use now is among them.");
  if (keys.length > 0)
    printTable(
      ["ID", "TENANT", "NAME", "EXPIRES"],
      keys.map((key) => [String(key.id), String(key.tenant), String(key.name), String(key.expires_at).slice(0, 10)]),
    );
}
