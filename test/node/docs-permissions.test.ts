// The permission matrix as docs/permissions.md prints it is the one that holds.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MATRIX_COLUMNS, printMatrix } from "../../policy/matrix.ts";

const PAGE = join(import.meta.dirname, "../../docs/permissions.md");

test("the page has every row of the matrix, in its order, and no other", () => {
  const rows = readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((line) => /^\| `[a-z_]+\.[a-z_]+` /.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    printMatrix().map(({ action, method, path, cells }) => [
      `\`${action}\``,
      `\`${method} ${path}\``,
      ...MATRIX_COLUMNS.map((column) => (cells[column] ? "yes" : "")),
    ]),
  );
});
