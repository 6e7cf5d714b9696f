// docs/environment.md against the code: each Worker's section names every setting that its config.ts reads and every
// binding that wrangler.toml gives it, and no other, in the order of deployment.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Bindings {
  readonly durable_objects: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, string>>;
  readonly r2: readonly string[];
  readonly ai: string | null;
}

const BINDINGS = JSON.parse(read("test/fixtures/bindings.json")) as Readonly<Record<string, Bindings>>;
const SECTIONS = new Map(
  [...read("docs/environment.md").matchAll(/^## \d\. (\w+)\n([\s\S]*?)(?=^## )/gm)].map(([, name = "", text = ""]) => [
    name,
    text,
  ]),
);
const NAMES = /`([A-Z][A-Z_]+)`/g;
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const namesIn = (text: string): string[] => sorted([...text.matchAll(NAMES)].map(([, name = ""]) => name));

/** The first cell of each row of the section's table. */
function settingsIn(section: string): string[] {
  const cells = section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|")[1] ?? "");
  return namesIn(cells.join());
}

/** What the environment's interface declares as text. */
function settingsOf(worker: string): string[] {
  const source = read(`workers/${worker}/config.ts`);
  return sorted([...source.matchAll(/^ {2}readonly ([A-Z][A-Z_]+)\?: string;/gm)].map(([, name = ""]) => name));
}

it("the Workers stand in the order of deployment", () => {
  expect([...SECTIONS.keys()]).toEqual(["audit", "gateway", "control"]);
});

describe.each([...SECTIONS])("%s", (worker, section) => {
  it("every setting that it reads is described, and no other", () => {
    expect(settingsOf(worker).length).toBeGreaterThan(5);
    expect(settingsIn(section)).toEqual(settingsOf(worker));
  });

  it("every binding that it is given is named, and no other", () => {
    const { durable_objects, services, r2, ai } = BINDINGS[worker] as Bindings;
    const given = [...Object.keys(durable_objects), ...Object.keys(services), ...r2, ...(ai === null ? [] : [ai])];
    const [, line = ""] = /^Bindings: ([\s\S]*?)\n\n/m.exec(section) ?? [];
    expect(namesIn(line)).toEqual(sorted(given));
  });

  it("what it cannot do without, and its bindings, stand in the README's table", () => {
    const row = read("README.md")
      .split("\n")
      .find((line) => new RegExp(`^\\| ${worker} +\\|.*\`ISSUER\``).test(line));
    const needed = section.split("\n").filter((line) => /^\|[^|]+\| yes \|/.test(line));
    expect(namesIn(row ?? "")).toEqual(expect.arrayContaining(settingsIn(needed.join("\n"))));
    const [, line = ""] = /^Bindings: ([\s\S]*?)\n\n/m.exec(section) ?? [];
    expect(namesIn(row ?? "")).toEqual(expect.arrayContaining(namesIn(line)));
  });
});
