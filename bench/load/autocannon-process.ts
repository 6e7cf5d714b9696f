// The process in which autocannon runs: takes a job as a message, answers its result as one, and stays for the next, so
// that its own code is warm. Latencies are kept as autocannon measures them, in fractions of a millisecond; its own
// histogram holds whole ones, which is coarser than the differences that the benchmark is about.
import autocannon from "autocannon";
import { percentile } from "../statistics.ts";
import { LOAD_HEADERS, type LoadJob, type LoadResult } from "./generator.ts";

/** How often autocannon looks at its clock: bounds by how much a run overstays, which `elapsedMs` accounts for. */
const SAMPLE_MS = 20;

function run(job: LoadJob): Promise<LoadResult> {
  const requests = job.authorizations.map((authorization) => ({
    method: "POST",
    path: job.path,
    headers: { ...LOAD_HEADERS, ...job.headers, authorization },
    body: job.body,
  }));
  let connection = 0;
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  let lastAnswer = started;
  return new Promise((resolve, reject) => {
    autocannon(
      {
        url: job.url,
        connections: job.connections,
        duration: job.seconds,
        timeout: 30,
        sampleInt: SAMPLE_MS,
        // each connection begins at another credential, or all of them would knock at one ledger at a time
        setupClient: (client) => {
          const at = (connection++ * Math.ceil(requests.length / job.connections)) % requests.length;
          client.setRequests([...requests.slice(at), ...requests.slice(0, at)]);
        },
      },
      (error, result) => {
        if (error) return reject(error);
        const cpu = process.cpuUsage(cpuBefore);
        const answered = result["2xx"] + result.non2xx;
        // one a connection may be under way when the time is up; any more were sent and never answered
        const lost = Math.max(0, result.requests.sent - answered - result.errors - job.connections);
        const sorted = Float64Array.from(latencies).sort();
        resolve({
          ok: result["2xx"],
          non2xx: result.non2xx,
          errors: result.errors + lost,
          elapsedMs: lastAnswer - started,
          p50Ms: sorted.length > 0 ? percentile(sorted, 50) : 0,
          p99Ms: sorted.length > 0 ? percentile(sorted, 99) : 0,
          generatorCpuUs: cpu.user + cpu.system,
        });
      },
    ).on("response", (_client, status, _bytes, milliseconds) => {
      lastAnswer = performance.now();
      if (status >= 200 && status < 300) latencies.push(milliseconds);
    });
  });
}

process.on("message", (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});
