// Checks of a running platform.
import { AdminClient } from "../../embedded/admin/client.ts";
import { verifyKnownLog } from "../commands/audit/known-log.ts";
import { readCatalogue } from "../commands/models/catalogue.ts";
import { type ConnectionOptions, platformKey } from "../connection.ts";
import { type Finding, fault, ok, warning } from "./finding.ts";

export async function platformAnswers(url: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/readyz`);
    const text = await response.text();
    return response.ok
      ? ok("platform", `${url} is ready`)
      : fault("platform", `${url} is not ready: ${text.slice(0, 200)}`);
  } catch {
    return fault("platform", `${url} does not answer`);
  }
}

export async function modelsPresent(url: string, options: ConnectionOptions): Promise<Finding> {
  try {
    const models = await readCatalogue(new AdminClient(url, await platformKey(options, "admin")));
    const bad = models.filter(({ manifest }) => manifest === null);
    if (bad.length > 0)
      return fault("models", `${bad.map(({ name }) => name).join(", ")}: the manifest does not verify`);
    if (models.length === 0) return warning("models", "none is sealed");
    return ok("models", models.map(({ name, version }) => `${name}@${version}`).join(", "));
  } catch (error) {
    return fault("models", (error as Error).message);
  }
}

export async function logVerifies(options: ConnectionOptions): Promise<Finding> {
  try {
    const { report } = await verifyKnownLog({ ...options, log: "default" });
    const [problem] = report.problems;
    if (problem !== undefined) return fault("log", `${problem.where}: ${problem.fault}`);
    return ok("log", `${report.verified} entries verified`);
  } catch (error) {
    return fault("log", (error as Error).message);
  }
}
