// The Workers' runtime with a small script in local.ts's place: its sockets, the vault, sealing, and what outlives it.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EDGE_MINI, EDGE_MINI_FILE } from "../../embedded/model/known.ts";
import { provideModel } from "../../embedded/model/provide.ts";
import { isSealed } from "../../embedded/model/seal.ts";
import { silent } from "../../embedded/report.ts";
import { openStateFolder, type StatePaths, statePaths } from "../../embedded/state/folder.ts";
import { newSecrets, type Secrets } from "../../embedded/state/secrets.ts";
import { bundleWorker } from "../../embedded/workers/bundle.ts";
import { type Runtime, readSources, startRuntime } from "../../embedded/workers/runtime.ts";
import { readWorkerConfig } from "../../embedded/workers/wrangler-config.ts";
import { objectKeys, pointerKey } from "../../r2-models/catalogue.ts";

const SECRET = "the-secret-of-this-start";
const ROOT = join(import.meta.dirname, "../..");
const STAND_IN = `
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
export class Counter extends DurableObject {
  add() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS hits (at INTEGER)");
    this.ctx.storage.sql.exec("INSERT INTO hits VALUES (1)");
    return this.ctx.storage.sql.exec("SELECT count(*) AS n FROM hits").one().n;
  }
}
export class Door extends WorkerEntrypoint { open() { return "open"; } }
export default {
  async fetch(request, env) {
    return Response.json({ count: await env.COUNTER.getByName("a").add(), door: await env.DOOR.open(), setting: env.SETTING });
  },
};`;

let folder = "";
let paths: StatePaths;
let secrets: Secrets;
let runtime: Runtime;
const crashes: string[] = [];

async function start(): Promise<Runtime> {
  return await startRuntime({
    sources: {
      script: STAND_IN,
      config: {
        main: "",
        compatibilityDate: "2026-11-01",
        compatibilityFlags: ["enable_request_signal"],
        r2Buckets: { MODELS: "bartizan-models" },
        durableObjects: { COUNTER: { className: "Counter", useSQLite: true } },
        serviceBindings: { DOOR: { name: "named-otherwise", entrypoint: "Door" } },
      },
    },
    environment: { SETTING: '{"text":"as it is"}' },
    startSecret: SECRET,
    storage: paths.storage,
    run: paths.run,
    log: () => {},
    onCrash: () => crashes.push("crashed"),
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bartizan-runtime-"));
  paths = statePaths(folder);
  await openStateFolder(paths);
  secrets = await newSecrets("http://127.0.0.1:8787");
  runtime = await start();
});
afterAll(async () => {
  await runtime?.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function hit() {
  return (await (await fetch(runtime.directUrl)).json()) as { count: number; door: string; setting: string };
}

describe("the runtime", () => {
  test("serves the script with its objects, its own entrypoints and its settings as text", async () => {
    expect(await hit()).toMatchObject({ door: "open", setting: '{"text":"as it is"}' });
  });

  test("leaves signals to whoever started it", () => {
    const handlers = (["SIGINT", "SIGTERM"] as const).flatMap((signal) => process.listeners(signal));
    expect(handlers.filter((handler) => /onSignal/.test(handler.name))).toEqual([]);
  });

  test("Miniflare's entry, which serves buckets to anyone, is a file behind a closed folder and no port", async () => {
    const entry = await runtime.miniflare.ready;
    expect(entry.port === "" || entry.port === "0").toBe(true);
    const socket = await stat(join(paths.run, "entry.sock"));
    expect(socket.isSocket()).toBe(true);
    expect((await stat(paths.run)).mode & 0o077).toBe(0);
  });

  test("a direct socket has no buckets and chooses no other Worker", async () => {
    for (const path of ["/cdn-cgi/local/r2/public/bartizan-models/x", "/cdn-cgi/local/explorer"]) {
      const response = await fetch(runtime.directUrl + path, { headers: { "mf-route-override": "bartizan-vault" } });
      // the script itself answers any path
      expect(await response.json()).toHaveProperty("door");
    }
  });

  test("what its objects wrote is there after a restart", async () => {
    const { count } = await hit();
    await runtime.dispose();
    runtime = await start();
    expect((await hit()).count).toBe(count + 1);
  });
});

describe("the vault", () => {
  test("keeps and gives back objects, their size and their names", async () => {
    const { vault } = runtime;
    const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
    await vault.put("some/key@1.bin", [bytes.subarray(0, 100_000), bytes.subarray(100_000)], bytes.length);
    expect(await vault.size("some/key@1.bin")).toBe(bytes.length);
    expect(await vault.get("some/key@1.bin")).toEqual(bytes);
    expect(await vault.list("some/")).toEqual(["some/key@1.bin"]);
    expect(await vault.list("none/")).toEqual([]);
    expect([await vault.get("none"), await vault.size("none")]).toEqual([null, null]);
  });

  test("bytes that end before their stated length are not stored", async () => {
    await expect(runtime.vault.put("some/short", [new Uint8Array(10)], 20)).rejects.toThrow();
    expect(await runtime.vault.get("some/short")).toBeNull();
  });

  test.each([{}, { "bartizan-start-secret": "guess" }, { "bartizan-start-secret": "" }])(
    "is not there for %j",
    async (headers) => {
      const url = await runtime.miniflare.unsafeGetDirectURL("bartizan-vault");
      for (const method of ["GET", "PUT", "HEAD", "DELETE"]) {
        const body = method === "PUT" ? "planted" : null;
        expect((await fetch(new URL("/planted", url), { method, body, headers })).status).toBe(404);
      }
      expect(await runtime.vault.get("planted")).toBeNull();
    },
  );
});

describe("sealing", () => {
  const signal = new AbortController().signal;
  const provide = () => provideModel("edge-mini", EDGE_MINI, paths, runtime.vault, secrets, silent, signal);

  test("puts a model into the bucket once, and no plain byte of it", async () => {
    expect(await isSealed(EDGE_MINI, runtime.vault, secrets)).toBe(false);
    expect(await provide()).toBe(EDGE_MINI);
    expect(await isSealed(EDGE_MINI, runtime.vault, secrets)).toBe(true);
    const sealed = await runtime.vault.get(objectKeys(EDGE_MINI).artifact);
    const plain = await readFile(EDGE_MINI_FILE);
    expect(Buffer.from(sealed ?? []).includes(plain.subarray(64 * 1024, 64 * 1024 + 64))).toBe(false);
    await provide();
    expect(await runtime.vault.get(objectKeys(EDGE_MINI).artifact)).toEqual(sealed);
  });

  test.each([
    ["an artifact cut short", () => objectKeys(EDGE_MINI).artifact, (b: Uint8Array) => b.subarray(0, -16)],
    [
      "a manifest that was changed",
      () => objectKeys(EDGE_MINI).manifest,
      (b: Uint8Array) => b.map((x, i) => (i === b.length - 10 ? (x === 65 ? 66 : 65) : x)),
    ],
    [
      "a pointer that was changed",
      () => pointerKey(EDGE_MINI.name),
      (b: Uint8Array) => b.map((x, i) => (i === b.length - 10 ? (x === 65 ? 66 : 65) : x)),
    ],
  ])("%s counts as not sealed, and is sealed anew", async (_what, key, change) => {
    await provide();
    await runtime.vault.putSmall(key(), change((await runtime.vault.get(key())) ?? new Uint8Array()));
    expect(await isSealed(EDGE_MINI, runtime.vault, secrets)).toBe(false);
    await provide();
    expect(await isSealed(EDGE_MINI, runtime.vault, secrets)).toBe(true);
  });

  test("a model that another publisher signed counts as not sealed", async () => {
    await provide();
    expect(await isSealed(EDGE_MINI, runtime.vault, await newSecrets("http://127.0.0.1:1"))).toBe(false);
  });
});

describe("sources", () => {
  test("the built bundle must export every class and entrypoint that wrangler.toml names", async () => {
    const main = join(folder, "main.ts");
    await writeFile(main, "export class AccountLedger {}\nexport default {};\n");
    await expect(readSources(null, main)).rejects.toThrow(/does not export .*KeyDirectory/);
  });

  test("a name that is re-exported and missing is not taken for an export", async () => {
    await writeFile(join(folder, "empty.ts"), "export const other = 1;\n");
    await writeFile(
      join(folder, "main.ts"),
      'export { Missing } from "./empty.ts";\nexport class There {}\nexport default {};\n',
    );
    const { exports } = await bundleWorker(join(folder, "main.ts"));
    expect([...exports].sort()).toEqual(["There", "default"]);
  });

  test("wrangler.toml is read the same from the cache, and no variable with it", async () => {
    const read = await readWorkerConfig(ROOT, paths.cache);
    expect(await readWorkerConfig(ROOT, paths.cache)).toEqual(read);
    expect(read).not.toHaveProperty("bindings");
    expect(Object.values(read.durableObjects).every(({ useSQLite }) => useSQLite)).toBe(true);
  });
});

// last: it ends the runtime
test("a runtime that dies is told", async () => {
  process.kill(runtime.pid, "SIGKILL");
  while (crashes.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(crashes).toEqual(["crashed"]);
});
