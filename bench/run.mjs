// `npm run bench`: goes on under the project's pinned Node, which runs TypeScript as it is, with as many open files as
// the system lets us have: a Durable Object that is active costs three, and `--keys` makes as many of them as it says.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const node = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
if (!existsSync(node)) {
  console.error("The packages are not installed: run `npm ci` first.");
  process.exit(1);
}
const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
const raise = 'ulimit -S -n "$(ulimit -H -n)" 2>/dev/null; exec "$0" "$@"';
const child = spawn("/bin/sh", ["-c", raise, node, cli, ...process.argv.slice(2)], { stdio: "inherit" });
// a terminal sends Ctrl-C to the whole group: wait for the child to put its own house in order
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => signal === "SIGTERM" && child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
