// Everything that `npm test` checks, in one process after another (two cores are not more than that): types, lint,
// arrows, then the suites. Prints each part's own output, and last of all `N passed, N failed, N skipped`.
// `--soak` (npm run soak) runs the end-to-end suites in their long form: each way to end a start, 20 rounds of a quota's
// last requests, 20,000 requests while keys rotate.
// With arguments, only the suites run, and only the files that the arguments name: npm test -- test/leaf/protocol
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const BIN = join(ROOT, "node_modules", ".bin");

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const soak = process.argv.includes("--soak");
const only = soak ? ["test/e2e"] : process.argv.slice(2);
const LONG = { BARTIZAN_SOAK: "1", QUOTA_ROUNDS: "20", ROTATION_REQUESTS: "20000" };

if (only.length === 0) {
  for (const part of ["leaf", "workers", "node"]) check(`types of ${part}`, "tsc", ["-p", `tsconfig.${part}.json`]);
  check("format and lint", "biome", ["check", "--error-on-warnings", "."]);
  check("arrows", process.execPath, [join("test", "arrows.ts")]);
}
suites(only);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function check(name: string, command: string, args: readonly string[]): void {
  const ok = run(command, args) === 0;
  console.log(`${ok ? "ok" : "FAILED"}: ${name}`);
  if (ok) total.passed += 1;
  else total.failed += 1;
}

function suites(files: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "bartizan-test-"));
  const report = join(folder, "report.json");
  const status = run("vitest", [
    "run",
    // most of what is waited for is other processes: two files at a time on two cores
    "--maxWorkers=2",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...files,
  ]);
  const counted = readReport(report);
  rmSync(folder, { recursive: true });
  total.passed += counted.passed;
  total.skipped += counted.skipped;
  // a suite that could not even be loaded fails without a failed test to show for it
  total.failed += status === 0 ? counted.failed : Math.max(1, counted.failed);
}

function readReport(path: string): Counts {
  try {
    const report = JSON.parse(readFileSync(path, "utf8")) as Record<string, number>;
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** Exit status; a command that could not be started counts as failed. */
function run(command: string, args: readonly string[]): number {
  const env = {
    ...process.env,
    PATH: `${BIN}:${process.env.PATH ?? ""}`,
    NO_COLOR: process.env.NO_COLOR ?? "1",
    ...(soak ? LONG : {}),
  };
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit", env });
  return status ?? 1;
}
