// `npm run bench`. Exit status 1 where anything did not start, or a row answered anything but 2xx.
import { CleanUp } from "./clean-up.ts";
import { parseOptions } from "./options.ts";
import { profileBartizan } from "./profile/run.ts";
import { jsonReport, textReport } from "./report.ts";
import { prepare, runBench } from "./runner.ts";
import { hasFaults } from "./sample.ts";

const options = parseOptions(process.argv.slice(2));
const cleanUp = new CleanUp();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void cleanUp.run().finally(() => process.exit(130)));
const progress = (text: string) => console.error(`  ${text}`);

try {
  const bench = await prepare(options, cleanUp);
  if (options.profile) {
    console.log(await profileBartizan(options, bench, cleanUp, progress));
  } else {
    const { samples, notes } = await runBench(options, bench, cleanUp, progress);
    const report = { generator: bench.generator.name, options, samples, notes };
    console.log(options.json ? jsonReport(report) : textReport(report));
    if (samples.length === 0 || hasFaults(samples)) {
      console.error("Failed: a row had errors or answers other than 2xx.");
      process.exitCode = 1;
    }
  }
} catch (error) {
  console.error(`Failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await cleanUp.run();
}
