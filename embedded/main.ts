// `npm start`, under the pinned Node: starts the platform, prints where it is, and stops it in order.
import { AdminError } from "./admin/client.ts";
import { parseStartOptions } from "./options.ts";
import { jsonLine, welcome } from "./output.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { OriginFailure } from "./process/origin.ts";
import { listenForStop } from "./process/signals.ts";
import { terminalReporter } from "./report.ts";
import { StartError } from "./stop-reason.ts";

const FORCED = 130;

const options = parseStartOptions(process.argv.slice(2));
const report = terminalReporter();
let platform: Platform | null = null;
const { requested } = listenForStop(() => {
  platform?.kill();
  process.exit(FORCED);
});

process.exit(await run());

async function run(): Promise<number> {
  try {
    platform = await startPlatform({ ...options, report, signal: requested });
  } catch (error) {
    if (requested.aborted) return 0;
    report.note(explain(error));
    return 1;
  }
  process.stdout.write(options.json ? jsonLine(platform) : welcome(platform));
  const failure = await Promise.race([platform.failed, whenAborted(requested)]);
  if (failure === null) report.note("Stopping …");
  else report.note(`${failure} Stopping the rest.`);
  await platform.dispose();
  return failure === null ? 0 : 1;
}

function explain(error: unknown): string {
  if (error instanceof StartError || error instanceof OriginFailure) return `Bartizan cannot start. ${error.message}`;
  if (error instanceof AdminError)
    return `Bartizan cannot start. Making its own credentials failed: ${error.message} (${error.status} ${error.code})`;
  return `Bartizan cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function whenAborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}
