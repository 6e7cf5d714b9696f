// `npm start` as a user runs it: a process of its own on the system's Node, a state folder, one line of JSON.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EDGE_MINI } from "../../embedded/model/known.ts";
import { localPolicyText } from "../../embedded/state/policy-file.ts";
import type { Secrets } from "../../embedded/state/secrets.ts";
import type { PolicyInput } from "../../policy/schema.ts";
import type { Target } from "../e2e/contract/index.ts";
import type { FaultUpstream } from "./fault-upstream.ts";
import { ALLOWED_ORIGIN, FAULT_MODEL, withFaults } from "./test-policy.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What `--json` prints. */
export interface Announcement {
  readonly url: string;
  readonly console_url: null;
  readonly api_key: string;
  readonly admin_key: string;
  readonly auditor_key: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly models: readonly string[];
  readonly state: string;
}

export interface Started {
  readonly announcement: Announcement;
  /** all of standard output so far */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly child: ChildProcess;
  /** Ctrl-C; resolves with the exit code */
  stop(): Promise<number | null>;
}

export interface Exited {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function newState(): Promise<string> {
  return mkdtemp(join(tmpdir(), "bartizan-state-"));
}

/** A state folder whose policy also offers the fault upstream. */
export async function stateWithFaults(
  faults: FaultUpstream,
  change: (policy: PolicyInput) => PolicyInput = (policy) => policy,
): Promise<string> {
  const state = await newState();
  const policy = change(withFaults(JSON.parse(localPolicyText(EDGE_MINI)) as PolicyInput, faults.url));
  await mkdir(state, { recursive: true, mode: 0o700 });
  await writeFile(join(state, "policy.json"), JSON.stringify(policy), { mode: 0o600 });
  return state;
}

export const forgetState = (state: string): Promise<void> => rm(state, { recursive: true, force: true });

function launch(args: readonly string[]): { child: ChildProcess; stdout: () => string; stderr: () => string } {
  const child = spawn("node", ["embedded/start.mjs", ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return { child, stdout: () => stdout, stderr: () => stderr };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once("exit", (code) => resolve(code)));

/** Runs a start that is expected to end by itself. */
export async function startAndExit(args: readonly string[]): Promise<Exited> {
  const { child, stdout, stderr } = launch(args);
  const code = await exitOf(child);
  return { code, stdout: stdout(), stderr: stderr() };
}

export async function npmStart(state: string, args: readonly string[] = []): Promise<Started> {
  const { child, stdout, stderr } = launch([
    "--json",
    "--model",
    "edge-mini",
    "--port",
    "0",
    "--state",
    state,
    ...args,
  ]);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", () => {
      if (stdout().includes("\n")) resolve(stdout());
    });
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${stderr()}`)));
  });
  return {
    announcement: JSON.parse(line) as Announcement,
    stdout,
    stderr,
    child,
    stop: () => {
      child.kill("SIGINT");
      return exitOf(child);
    },
  };
}

export async function targetOf({ announcement }: Started, faults: FaultUpstream): Promise<Target> {
  const secrets = JSON.parse(await readFile(join(announcement.state, "secrets.json"), "utf8")) as Secrets;
  return {
    url: announcement.url,
    apiKey: announcement.api_key,
    adminKey: announcement.admin_key,
    auditorKey: announcement.auditor_key,
    apiKeySigner: secrets.token_signing_keys.api_key,
    clientId: announcement.client_id,
    clientSecret: announcement.client_secret,
    chatModel: EDGE_MINI.name,
    embeddingModel: EDGE_MINI.name,
    faultModel: FAULT_MODEL,
    faults,
    allowedOrigin: ALLOWED_ORIGIN,
  };
}
