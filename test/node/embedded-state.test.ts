// The state folder: its lock, its secrets, its policy file, and what of it the Workers are given.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EDGE_MINI, SMOLLM2 } from "../../embedded/model/known.ts";
import { endLeftovers, readRunning, writeRunning } from "../../embedded/process/running.ts";
import type { Reporter } from "../../embedded/report.ts";
import { silent } from "../../embedded/report.ts";
import { workerEnvironment } from "../../embedded/state/environment.ts";
import { openStateFolder, type StatePaths, statePaths, writePrivate } from "../../embedded/state/folder.ts";
import { lockState } from "../../embedded/state/lock.ts";
import { loadPolicy } from "../../embedded/state/policy-file.ts";
import { loadKnownSecrets, loadSecrets } from "../../embedded/state/secrets.ts";
import { StartError } from "../../embedded/stop-reason.ts";
import { importVerificationKeys } from "../../identity/keys.ts";

const ISSUER = "http://127.0.0.1:8787";
const LOCK_MODULE = fileURLToPath(new URL("../../embedded/state/lock.ts", import.meta.url));
const FOLDER_MODULE = fileURLToPath(new URL("../../embedded/state/folder.ts", import.meta.url));
let folder = "";
let paths: StatePaths;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bartizan-state-"));
  paths = statePaths(join(folder, "state"));
  await openStateFolder(paths);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe("the folder", () => {
  test("is closed to others, also where it existed open", async () => {
    const open = statePaths(join(folder, "open"));
    await mkdir(open.root, { mode: 0o755 });
    await chmod(open.root, 0o755);
    await openStateFolder(open);
    expect(await modeOf(open.root)).toBe(0o700);
  });

  test("a file in it is written whole, for its owner alone, and leaves nothing beside it", async () => {
    await writePrivate(paths.policy, "one");
    await writePrivate(paths.policy, "two");
    expect(await readFile(paths.policy, "utf8")).toBe("two");
    expect(await modeOf(paths.policy)).toBe(0o600);
    await expect(writePrivate(join(paths.root, "missing", "x"), "three")).rejects.toThrow();
  });
});

describe("the lock", () => {
  test("a second holder is refused with the place where the first runs", async () => {
    const lock = await lockState(paths);
    await writeRunning(paths, { url: "http://127.0.0.1:9999", pid: process.pid, children: [] });
    await expect(lockState(paths)).rejects.toThrow(/already runs on .*http:\/\/127\.0\.0\.1:9999/);
    lock.release();
    (await lockState(paths)).release();
  });

  test("a holder that was killed holds nothing: the next one gets it at once", async () => {
    const script = `
      const { lockState } = await import(${JSON.stringify(LOCK_MODULE)});
      const { statePaths } = await import(${JSON.stringify(FOLDER_MODULE)});
      globalThis.held = await lockState(statePaths(${JSON.stringify(paths.root)}));
      console.log("held");
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(holder.stdout, "data");
    await expect(lockState(paths)).rejects.toBeInstanceOf(StartError);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    (await lockState(paths)).release();
  });
});

describe("what a dead platform left running", () => {
  test("is ended, if it is still what was written down", async () => {
    const child = spawn("sleep", ["300"], { stdio: "ignore" });
    await once(child, "spawn");
    const gone = once(child, "exit");
    await writeRunning(paths, { url: "", pid: 1, children: [{ pid: child.pid ?? 0, command: "sleep" }] });
    await endLeftovers(paths);
    const [, signal] = await gone;
    expect(signal).toBe("SIGKILL");
    expect(await readRunning(paths)).toBeNull();
  });

  test("a process id that is someone else's by now is left alone", async () => {
    const child = spawn("sleep", ["300"], { stdio: "ignore" });
    await once(child, "spawn");
    await writeRunning(paths, { url: "", pid: 1, children: [{ pid: child.pid ?? 0, command: "workerd" }] });
    await endLeftovers(paths);
    expect(child.kill("SIGTERM")).toBe(true);
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGTERM");
  });
});

describe("the secrets", () => {
  test("are made once, for their owner alone, and are the same at the next start, whatever its port", async () => {
    const first = await loadSecrets(paths.secrets, ISSUER);
    expect(await modeOf(paths.secrets)).toBe(0o600);
    expect(await loadSecrets(paths.secrets, "http://127.0.0.1:9000")).toEqual(first);
    expect(first.issuer).toBe(ISSUER);
  });

  test("no two uses share a key, and no two platforms a key id", async () => {
    const one = await loadSecrets(paths.secrets, ISSUER);
    const other = await loadSecrets(join(folder, "other.json"), ISSUER);
    const values = (secrets: object) =>
      [...JSON.stringify(secrets).matchAll(/"(?:d|kid)":"([^"]+)"/g)].map(([, v]) => v);
    const all = [...values(one), ...values(other)];
    expect(all.length).toBe(28);
    expect(new Set(all).size).toBe(all.length);
  });

  test.each(["", "{}", '{"version":1}', "not json"])(
    "a damaged file (%j) is said and never written over",
    async (text) => {
      await writeFile(paths.secrets, text);
      await expect(loadSecrets(paths.secrets, ISSUER)).rejects.toBeInstanceOf(StartError);
      expect(await readFile(paths.secrets, "utf8")).toBe(text);
    },
  );

  test("a file of an earlier version, without the directory's key, is completed once and keeps the rest", async () => {
    const { directory_key, ...earlier } = await loadSecrets(paths.secrets, ISSUER);
    await writeFile(paths.secrets, JSON.stringify(earlier));
    const completed = await loadSecrets(paths.secrets, ISSUER);
    expect(completed).toEqual({ ...earlier, directory_key: expect.stringMatching(/^[\w-]{43}$/) });
    expect(completed.directory_key).not.toBe(directory_key);
    expect(await loadSecrets(paths.secrets, ISSUER)).toEqual(completed);
    expect(await modeOf(paths.secrets)).toBe(0o600);
  });

  test("a missing file is made by a start alone", async () => {
    await expect(loadKnownSecrets(paths.secrets)).rejects.toBeInstanceOf(StartError);
  });
});

describe("the Workers' environment", () => {
  const publicNames = ["VERIFICATION_KEYS", "PUBLISHER_KEYS", "ENROLLED_ORIGINS", "ORIGINS", "POLICY"];

  test("public settings hold no private member of any key", async () => {
    const secrets = await loadSecrets(paths.secrets, ISSUER);
    const environment = workerEnvironment({
      secrets,
      policy: "{}",
      originUrl: "http://127.0.0.1:1",
      bootstrapSecret: null,
    });
    const privateParts = [...JSON.stringify(secrets).matchAll(/"d":"([^"]+)"/g)].map(([, d]) => d ?? "");
    expect(privateParts.length).toBe(7);
    for (const name of publicNames) for (const part of privateParts) expect(environment[name]).not.toContain(part);
  });

  test("its verification keys are a set that the verifiers take, one key a kind", async () => {
    const secrets = await loadSecrets(paths.secrets, ISSUER);
    const environment = workerEnvironment({ secrets, policy: "{}", originUrl: null, bootstrapSecret: null });
    const { byKid } = await importVerificationKeys(environment.VERIFICATION_KEYS ?? "");
    expect([...byKid.values()].map(({ signs }) => signs)).toEqual(["api_key", "access_token"]);
  });

  test("the one-time secret is there only where an administrator is still to be made", async () => {
    const secrets = await loadSecrets(paths.secrets, ISSUER);
    const input = { secrets, policy: "{}", originUrl: null };
    expect(workerEnvironment({ ...input, bootstrapSecret: null })).not.toHaveProperty("BOOTSTRAP_SECRET");
    expect(workerEnvironment({ ...input, bootstrapSecret: "once" }).BOOTSTRAP_SECRET).toBe("once");
  });
});

describe("the policy file", () => {
  function warnings(): { report: Reporter; heard: string[] } {
    const heard: string[] = [];
    return { heard, report: { ...silent, warn: (text) => heard.push(text) } };
  }

  test("is written with defaults that offer the model, with its digest", async () => {
    const { report, heard } = warnings();
    const { policy } = await loadPolicy(paths, EDGE_MINI, report);
    expect(policy.models[EDGE_MINI.name]?.versions[EDGE_MINI.version]?.digest).toBe(EDGE_MINI.digest);
    expect(heard).toEqual([]);
    expect(await modeOf(paths.policy)).toBe(0o600);
  });

  test("leaves room for a prompt beside the answer that it reserves by default", async () => {
    const { policy } = await loadPolicy(paths, EDGE_MINI, silent);
    for (const model of Object.values(policy.models))
      expect(model.default_output_tokens).toBeLessThanOrEqual(model.context_tokens / 2);
  });

  test("follows the model as long as nobody touched it", async () => {
    await loadPolicy(paths, EDGE_MINI, silent);
    const { policy } = await loadPolicy(paths, SMOLLM2, silent);
    expect(Object.keys(policy.models)).toContain(SMOLLM2.name);
    expect(Object.keys(policy.models)).not.toContain(EDGE_MINI.name);
  });

  test("that somebody touched is theirs: kept, with a warning where it lacks the model", async () => {
    await loadPolicy(paths, EDGE_MINI, silent);
    const edited = (await readFile(paths.policy, "utf8")).replace(
      '"requests_per_minute": 6000',
      '"requests_per_minute": 7',
    );
    await writeFile(paths.policy, edited);
    const same = warnings();
    expect((await loadPolicy(paths, EDGE_MINI, same.report)).text).toBe(edited);
    expect(same.heard).toEqual([]);
    const other = warnings();
    expect((await loadPolicy(paths, SMOLLM2, other.report)).text).toBe(edited);
    expect(other.heard.join()).toContain(SMOLLM2.name);
    expect(await readFile(paths.policy, "utf8")).toBe(edited);
  });

  test.each([
    ["not JSON", "{", /JSON/],
    ["a key twice", '{"version":1,"version":1,"models":{}}', /twice/],
    ["a misspelt field", '{"version":1,"models":{},"tenant":{}}', /tenant/],
  ])("with %s stops the start and says where", async (_what, text, place) => {
    await writeFile(paths.policy, text);
    await expect(loadPolicy(paths, EDGE_MINI, silent)).rejects.toThrow(place);
    await expect(loadPolicy(paths, EDGE_MINI, silent)).rejects.toBeInstanceOf(StartError);
  });
});
