// `npm test`. Runs on any Node from 20 on; see main.ts for what is checked.
import process from "node:process";
import { ensureInstalled, runPinned } from "../embedded/bootstrap.mjs";

await ensureInstalled();
await runPinned("test/main.ts", process.argv.slice(2));
