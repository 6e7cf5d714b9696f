// `bartizan init --local`: what `wrangler dev` needs in the repository's root: `.dev.vars` with every setting and fresh
// keys. Its reader holds every key of that platform, so it is 0600 and ignored by git.
//
// Secrets go into the state folder as well, so that `npm start` and `wrangler dev` can be used on one and the same set.
import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { EDGE_MINI } from "../../embedded/model/known.ts";
import { DEFAULT_PORT, DEFAULT_STATE } from "../../embedded/options.ts";
import { workerEnvironment } from "../../embedded/state/environment.ts";
import { openStateFolder, readText, statePaths, writePrivate } from "../../embedded/state/folder.ts";
import { localPolicyText } from "../../embedded/state/policy-file.ts";
import { loadSecrets, randomKey } from "../../embedded/state/secrets.ts";
import { UsageError } from "../exit.ts";
import { printJson, printLine } from "../output.ts";

interface Options {
  readonly local: boolean;
  readonly force: boolean;
  readonly state: string;
  readonly out: string;
  readonly json: boolean;
}

/** Where wrangler looks for local variables. */
export const DEV_VARS = fileURLToPath(new URL("../../.dev.vars", import.meta.url));

export function init(): Command {
  return new Command("init")
    .description("Write .dev.vars, so that `npx wrangler dev` serves the whole platform from this folder.")
    .requiredOption("--local", "for local work; there is no other kind yet")
    .option("--force", "over an existing .dev.vars", false)
    .option("--out <file>", "where wrangler looks for it", DEV_VARS)
    .option("--state <folder>", "state folder whose keys and policy are used or made", DEFAULT_STATE)
    .option("--json", "JSON on standard output", false)
    .allowExcessArguments(false)
    .exitOverride()
    .addHelpText("after", "\nExample:\n  npx bartizan init --local && npx wrangler dev")
    .action(async ({ force, state, json, out: file }: Options) => {
      if (!force && (await exists(file)))
        throw new UsageError(`${file} is there already. Use --force to write it anew.`);
      const paths = statePaths(state);
      await openStateFolder(paths);
      const secrets = await loadSecrets(paths.secrets, `http://127.0.0.1:${DEFAULT_PORT}`);
      const bootstrapSecret = randomKey();
      const environment = {
        BARTIZAN_LOCAL: "1",
        ...workerEnvironment({
          secrets,
          policy: (await readText(paths.policy)) ?? localPolicyText(EDGE_MINI),
          originUrl: null,
          bootstrapSecret,
        }),
      };
      await writePrivate(file, devVars(environment));
      json ? printJson({ file, bootstrap_secret: bootstrapSecret }) : printLine(whatNext(file));
    });
}

/** One variable a line, in single quotes: JSON has double ones, and none of these values holds a single one. */
function devVars(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(([name, value]) => {
    const single =
      value.trim().startsWith("{") || value.trim().startsWith("[") ? JSON.stringify(JSON.parse(value)) : value;
    if (/['\n\r]/.test(single))
      throw new UsageError(`${name} holds a character that .dev.vars cannot; change the policy.`);
    return `${name}='${single}'`;
  });
  return `${lines.join("\n")}\n`;
}

function whatNext(file: string): string {
  return `Wrote ${file} (mode 0600).

Next:
  npx wrangler dev           serves http://127.0.0.1:${DEFAULT_PORT}, with no model behind it
  npx bartizan bootstrap     once it runs: an administrator and a demo key

A real model answers under \`npm start\`; to have one here, put its address into ORIGINS (docs/environment.md).`;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
