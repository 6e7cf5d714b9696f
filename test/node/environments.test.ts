// wrangler.toml against the code. A dry run does not see a missing class, a missing Worker or a binding too many, so each
// environment is resolved here and compared with what its script exports and with a list that is checked in.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import { bundleWorker } from "../../embedded/workers/bundle.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CONFIG = join(ROOT, "wrangler.toml");

interface Expected {
  readonly durable_objects: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, string>>;
  readonly r2: readonly string[];
  readonly ai: string | null;
}

const EXPECTED = JSON.parse(readFileSync(join(ROOT, "test/fixtures/bindings.json"), "utf8")) as Record<
  string,
  Expected
>;
/** which environment deploys which Worker; locally all of them are one */
const WORKER_OF: Readonly<Record<string, string>> = {
  "bartizan-audit": "audit",
  "bartizan-gateway": "gateway",
  bartizan: "local",
};

const nothing = z.array(z.unknown()).length(0);
const configSchema = z.object({
  main: z.string(),
  workers_dev: z.literal(false),
  durable_objects: z.object({
    bindings: z.array(z.object({ name: z.string(), class_name: z.string(), script_name: z.undefined().optional() })),
  }),
  services: z.array(z.object({ binding: z.string(), service: z.string(), entrypoint: z.string() })).default([]),
  r2_buckets: z.array(z.object({ binding: z.string() })),
  ai: z.object({ binding: z.string() }).optional(),
  migrations: z.array(z.object({ new_sqlite_classes: z.array(z.string()) })),
  // nothing of these kinds belongs to Bartizan
  kv_namespaces: nothing,
  d1_databases: nothing,
  analytics_engine_datasets: nothing,
  vectorize: nothing,
  hyperdrive: nothing,
});

function configOf(name: string): z.infer<typeof configSchema> {
  const options = { config: CONFIG, ...(name === "local" ? {} : { env: name }) };
  return configSchema.parse(unstable_readConfig(options, { hideWarnings: true }));
}

async function exportsOf(main: string): Promise<readonly string[]> {
  return (await bundleWorker(main)).exports;
}

describe.each(Object.entries(EXPECTED))("environment %s", (name, expected) => {
  const config = configOf(name);

  it("has exactly the bindings of the list", () => {
    const services = config.services.map(({ binding, service, entrypoint }) => [binding, `${service}#${entrypoint}`]);
    expect(Object.fromEntries(services)).toEqual(expected.services);
    const objects = config.durable_objects.bindings.map((binding) => [binding.name, binding.class_name]);
    expect(Object.fromEntries(objects)).toEqual(expected.durable_objects);
    expect(config.r2_buckets.map(({ binding }) => binding).sort()).toEqual(expected.r2);
    expect(config.ai?.binding ?? null).toBe(expected.ai);
  });

  it("exports every object class that it hosts, and migrates exactly those", async () => {
    const classes = Object.values(expected.durable_objects).sort();
    const exported = await exportsOf(config.main);
    expect(exported).toEqual(expect.arrayContaining([...classes, "default"]));
    expect(config.migrations.flatMap((step) => step.new_sqlite_classes).sort()).toEqual(classes);
    const hosted = exported.filter((exportedName) =>
      ["AccountLedger", "Switchboard", "KeyDirectory", "AuditLog", "Sink"].includes(exportedName),
    );
    expect(hosted.sort()).toEqual(classes);
  });

  it("names only entrypoints that the bound Worker exports", async () => {
    for (const target of Object.values(expected.services)) {
      const [service = "", entrypoint = ""] = target.split("#");
      const worker = WORKER_OF[service];
      expect(worker, target).toBeDefined();
      expect(await exportsOf(configOf(worker ?? "").main)).toContain(entrypoint);
    }
  });
});

describe.each(["audit", "gateway", "control"])("wrangler deploy --dry-run --env %s", (name) => {
  it("succeeds, and the bundle stays below 3 MB compressed", () => {
    const out = mkdtempSync(join(tmpdir(), "bartizan-dry-run-"));
    const { status, stdout, stderr } = spawnSync(
      join(ROOT, "node_modules/.bin/wrangler"),
      ["deploy", "--dry-run", "--env", name, "--outdir", out],
      { cwd: ROOT, encoding: "utf8", env: { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" } },
    );
    rmSync(out, { recursive: true });
    expect(status, stderr).toBe(0);
    const gzipKiB = Number(/gzip: ([\d.]+) KiB/.exec(stdout)?.[1]);
    expect(gzipKiB).toBeGreaterThan(1);
    expect(gzipKiB).toBeLessThan(3000);
  });
});
