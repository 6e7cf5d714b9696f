// Checks the design's arrows: which room may import which, that leaf rooms know neither Node nor Workers, and that no
// import goes in a circle. Exits 1 with one line a fault.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

/** room → rooms that it may import, besides itself */
const LEAVES = ["protocol", "identity", "guards", "policy", "transparency", "r2-models"];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  identity: ["protocol"],
  guards: ["protocol"],
  // policy composes what a user may set of the rooms that enforce it
  policy: ["protocol", "identity", "guards"],
  transparency: ["protocol"],
  "r2-models": ["protocol"],
  "durable-objects": LEAVES,
  workers: ["durable-objects", ...LEAVES],
  origin: LEAVES,
  embedded: ["origin", ...LEAVES],
  cli: ["embedded", ...LEAVES],
  bench: ["embedded", "cli", "workers", "durable-objects", "origin", "test", ...LEAVES],
  test: ["embedded", "cli", "bench", "workers", "durable-objects", "origin", ...LEAVES],
};

/** The only packages a leaf room may use: they run anywhere and do no I/O. */
const LEAF_PACKAGES = new Set(["canonicalize", "ipaddr.js", "jose", "libphonenumber-js", "zod"]);
/** Makes the classifier's weights: runs under Node, reads corpora, and nothing that ships may import it. */
const TRAINING = "guards/prompt/training/";
/** `origin/messages.ts` is the one file of the origin that others know: the lines that its process speaks. */
const ORIGIN_DOOR = "origin/messages.ts";

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

interface Edge {
  readonly from: string;
  readonly to: string;
}

const faults: string[] = [];
const edges: Edge[] = [];

for (const room of Object.keys(MAY_IMPORT)) for (const file of sources(room)) judgeFile(room, file);
judgeCycles();

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
console.log(`arrows: ${edges.length} imports between files, none against the design, no cycle`);

function judgeFile(room: string, file: string): void {
  const text = readFileSync(join(ROOT, file), "utf8");
  for (const match of text.matchAll(IMPORT)) {
    const target = match[1] ?? match[2] ?? "";
    if (!target.startsWith(".")) {
      if (LEAVES.includes(room) && !file.startsWith(TRAINING) && !LEAF_PACKAGES.has(packageOf(target)))
        faults.push(`${file}: a leaf room may not import ${target}`);
      continue;
    }
    const to = normalize(join(dirname(file), target));
    edges.push({ from: file, to });
    judgeArrow(room, file, to);
  }
}

function judgeArrow(room: string, file: string, to: string): void {
  const [targetRoom = ""] = to.split("/");
  if (to.startsWith(TRAINING) && !file.startsWith(TRAINING) && room !== "test" && room !== "bench")
    faults.push(`${file}: what trains the classifier does not ship: ${to}`);
  if (targetRoom === room) return;
  if (targetRoom === "package.json" || targetRoom === "package-lock.json") return;
  if (!(MAY_IMPORT[room] ?? []).includes(targetRoom)) faults.push(`${file}: ${room} may not import ${to}`);
  else if (targetRoom === "origin" && room !== "test" && to !== ORIGIN_DOOR)
    faults.push(`${file}: of origin, only ${ORIGIN_DOOR} may be imported`);
}

/** Depth first; type-only imports count too, since they tie rooms as firmly. */
function judgeCycles(): void {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      faults.push(`cycle: ${[...path.slice(at), file].join(" → ")}`);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const target of next.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|mts|mjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes("node_modules"));
}

function packageOf(target: string): string {
  const parts = target.split("/");
  return target.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}
