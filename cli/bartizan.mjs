#!/usr/bin/env node
// `npx bartizan …`. Runs on any Node from 20 on; the verbs are in commands/.
import process from "node:process";
import { ensureInstalled, runPinned } from "../embedded/bootstrap.mjs";

await ensureInstalled();
await runPinned("cli/main.ts", process.argv.slice(2));
