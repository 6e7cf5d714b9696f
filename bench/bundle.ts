// One ES module out of a Worker's TypeScript, with the runtime's own modules left for the runtime.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export interface WorkerBundle {
  readonly code: string;
  /** source map, revision 3 (ECMA-426), as JSON text; its sources are paths from the repository's root */
  readonly sourceMap: string;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** @param entry path of the Worker's main module, from the repository's root */
export async function bundleWorker(entry: string): Promise<WorkerBundle> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    // nothing is written: these only place the source map's paths
    outdir: ".",
    sourcemap: "external",
    sourcesContent: false,
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    platform: "neutral",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["module", "main"],
    external: ["cloudflare:*", "node:*"],
    logLevel: "silent",
  });
  const text = (suffix: string) => result.outputFiles.find(({ path }) => path.endsWith(suffix))?.text;
  const [code, sourceMap] = [text(".js"), text(".js.map")];
  if (code === undefined || sourceMap === undefined) throw new Error(`no code came out of ${entry}`);
  return { code, sourceMap };
}
