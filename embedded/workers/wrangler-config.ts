// The top level of wrangler.toml as Miniflare's options: one file says which objects, buckets and services there are, for
// `wrangler dev`, for deployment and here. wrangler itself reads it; since loading wrangler takes over a second, what it
// read is kept until the file or wrangler changes.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { readText, writePrivate } from "../state/folder.ts";

const entrypoint = z.object({ name: z.string(), entrypoint: z.string().optional() });

// Only what Bartizan uses, and never variables: `.dev.vars`, which wrangler lays over them, is another platform's.
const workerConfigSchema = z.object({
  main: z.string(),
  compatibilityDate: z.string(),
  compatibilityFlags: z.array(z.string()),
  r2Buckets: z.record(
    z.string(),
    z.object({ id: z.string() }).transform(({ id }) => id),
  ),
  durableObjects: z.record(z.string(), z.object({ className: z.string(), useSQLite: z.literal(true) })),
  serviceBindings: z.record(z.string(), entrypoint),
});
export type WorkerConfig = z.infer<typeof workerConfigSchema>;

const keptSchema = workerConfigSchema.extend({ r2Buckets: z.record(z.string(), z.string()) });

/** @param cacheFolder of the state folder; null reads anew */
export async function readWorkerConfig(root: string, cacheFolder: string | null): Promise<WorkerConfig> {
  const file = join(root, "wrangler.toml");
  const { version } = createRequire(import.meta.url)("wrangler/package.json") as { version: string };
  const key = createHash("sha256")
    .update(`${version}\0${file}\0`)
    .update(await readFile(file))
    .digest("hex");
  const kept = cacheFolder === null ? null : join(cacheFolder, `wrangler-${key.slice(0, 32)}.json`);
  const known = kept === null ? null : parseKept(await readText(kept));
  if (known !== null) return known;

  const config = await askWrangler(file);
  if (kept !== null) await writePrivate(kept, JSON.stringify(config));
  return config;
}

function parseKept(text: string | null): WorkerConfig | null {
  if (text === null) return null;
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function askWrangler(file: string): Promise<WorkerConfig> {
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const { workerOptions, main } = unstable_getMiniflareWorkerOptions(file);
  return workerConfigSchema.parse({ ...workerOptions, main });
}
