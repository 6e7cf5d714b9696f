// `npx bartizan …`, under the pinned Node.
import { EXIT, exitCodeOf } from "./exit.ts";
import { buildProgram } from "./program.ts";

// a pager or `head` that has seen enough
process.stdout.on("error", () => process.exit(EXIT.ok));
try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
