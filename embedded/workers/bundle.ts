// One ES module from a Worker's main file, in a fraction of a second: esbuild as wrangler itself uses it. Made anew at
// each start, so it can never be stale.
import { readFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

export interface Bundle {
  readonly text: string;
  /** names that the module exports */
  readonly exports: readonly string[];
}

/** @throws with esbuild's own message where the sources do not build */
export async function bundleWorker(entry: string): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".txt": "text", ".html": "text", ".sql": "text" },
    plugins: [dataModules],
    keepNames: false,
    legalComments: "none",
    logLevel: "silent",
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("esbuild made nothing");
  return { text: bundle.text, exports: exportedNames(bundle.text) };
}

/**
 * From the one `export { a, b as c }` at the end: esbuild takes a name that is re-exported and missing for a type, and
 * lists it in its own report all the same.
 */
function exportedNames(text: string): string[] {
  const [, list = ""] = /\nexport \{([^}]*)\};\s*$/.exec(text) ?? [];
  return list.split(",").flatMap((item) => item.trim().split(" as ").at(-1) || []);
}

/** `.bin` imports are ArrayBuffers in Workers; esbuild's own loader would make them Uint8Arrays. */
const dataModules: Plugin = {
  name: "workers-data-modules",
  setup(build) {
    build.onLoad({ filter: /\.bin$/ }, async ({ path }) => {
      const base64 = (await readFile(path)).toString("base64");
      return { contents: `export default Uint8Array.fromBase64(${JSON.stringify(base64)}).buffer;`, loader: "js" };
    });
  },
};
