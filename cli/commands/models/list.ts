// `bartizan models list`: GET /admin/v1/models, the catalogue as control verified it.
import type { Command } from "commander";
import { type ConnectionOptions, connectAdmin, platformCommand } from "../../connection.ts";
import { printJson, printTable } from "../../output.ts";
import { readCatalogue } from "./catalogue.ts";

export function modelsList(): Command {
  return platformCommand("list", "List sealed models and whether their manifests verify.")
    .addHelpText("after", "\nExample:\n  npx bartizan models list")
    .action(async (options: ConnectionOptions) => {
      const models = await readCatalogue(await connectAdmin(options));
      if (options.json) return printJson({ models });
      printTable(
        ["NAME", "VERSION", "CURRENT", "SIZE", "LICENCE", "DIGEST", "MANIFEST"],
        models.map(({ name, version, current, manifest, fault }) => [
          name,
          version,
          current ? "yes" : "",
          manifest === null ? null : `${(manifest.plain.size / 1e6).toFixed(1)} MB`,
          manifest?.licence ?? null,
          manifest?.plain.digest ?? null,
          fault ?? "signed",
        ]),
      );
    });
}
