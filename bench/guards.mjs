// `npm run bench:guards`: goes on under the project's pinned Node, which runs TypeScript as it is.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const node = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
if (!existsSync(node)) {
  console.error("The packages are not installed: run `npm ci` first.");
  process.exit(1);
}
const cli = fileURLToPath(new URL("./guards/cli.ts", import.meta.url));
const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: "inherit" });
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
