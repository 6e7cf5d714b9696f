// `npm start`: the embedded platform. Runs on any Node from 20 on; see main.ts for what it starts.
import process from "node:process";
import { ensureInstalled, runPinned } from "./bootstrap.mjs";

await ensureInstalled();
await runPinned("embedded/main.ts", process.argv.slice(2), { ownSession: true });
