// Policy files as the policy verbs take them: the local platform's unless one is named.
import { readFile } from "node:fs/promises";
import { DEFAULT_STATE } from "../../../embedded/options.ts";
import { statePaths } from "../../../embedded/state/folder.ts";
import { type PolicyReading, parsePolicy } from "../../../policy/parse.ts";
import { CheckFailed, UsageError } from "../../exit.ts";

export const LOCAL_POLICY = statePaths(DEFAULT_STATE).policy;

export type ValidPolicy = Extract<PolicyReading, { ok: true }>;

/** @throws UsageError where the file cannot be read */
export async function readPolicyFile(path: string): Promise<PolicyReading> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new UsageError(`Cannot read ${path}: ${error.message}`);
  });
  return await parsePolicy(text);
}

/** @throws CheckFailed with the file's faults, one a line */
export async function validPolicy(path: string): Promise<ValidPolicy> {
  const read = await readPolicyFile(path);
  if (!read.ok) throw new CheckFailed(`${path} is not a valid policy:\n  ${read.issues.join("\n  ")}`);
  return read;
}
