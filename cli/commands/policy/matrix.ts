// `bartizan policy matrix`: who may do what, as the code judges it.
import type { Command } from "commander";
import { MATRIX_COLUMNS, printMatrix } from "../../../policy/matrix.ts";
import { localCommand } from "../../connection.ts";
import { printJson, printTable } from "../../output.ts";

export function policyMatrix(): Command {
  return localCommand("matrix", "Print which scope or role opens which route.")
    .addHelpText("after", "\nExample:\n  npx bartizan policy matrix --json")
    .action((options: { readonly json?: boolean }) => {
      const rows = printMatrix();
      if (options.json) return printJson(rows);
      printTable(
        ["action", "route", ...MATRIX_COLUMNS],
        rows.map(({ action, method, path, cells }) => [
          action,
          `${method} ${path}`,
          ...MATRIX_COLUMNS.map((column) => (cells[column] ? "yes" : "")),
        ]),
      );
    });
}
