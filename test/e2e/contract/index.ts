// The whole contract, for a test file that knows how to start a deployment.
import { administrationContract } from "./administration.ts";
import { auditContract } from "./audit.ts";
import { backendsContract } from "./backends.ts";
import { badInputContract } from "./bad-input.ts";
import { browsersContract } from "./browsers.ts";
import { commandLineContract } from "./command-line.ts";
import { credentialsContract } from "./credentials.ts";
import { proofsContract } from "./proofs.ts";
import { rolesContract } from "./roles.ts";
import { sdkContract } from "./sdk.ts";
import type { Target } from "./target.ts";

export function describeContract(target: () => Target): void {
  sdkContract(target);
  badInputContract(target);
  credentialsContract(target);
  proofsContract(target);
  administrationContract(target);
  browsersContract(target);
  backendsContract(target);
  auditContract(target);
  rolesContract(target);
  // last: it rotates and withdraws
  commandLineContract(target);
}

export type { Target } from "./target.ts";
