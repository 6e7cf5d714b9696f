// `npm run bench:guards`: what the guards find, what they wrongly find, and what they cost, on the corpora beside the
// repository and on benign traffic of our own. One set of thresholds for all: the built-in policy's.
//   npm run bench:guards -- [--only waf,data,prompt,mutations,cost,memory] [--lofo] [--quick]
import { parseArgs } from "node:util";
import { measureCost } from "./cost.ts";
import { measureData } from "./data.ts";
import { measureMemory } from "./memory.ts";
import { measureMutations } from "./mutations.ts";
import { benchPrompts } from "./prompt.ts";
import { measureWaf } from "./waf.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    /** five trainings that each leave families out: some minutes */
    lofo: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
});

const PARTS: Readonly<Record<string, () => unknown>> = {
  waf: () => measureWaf(),
  data: () => measureData() ?? { skipped: "no corpora beside the repository" },
  prompt: () => benchPrompts({ views: true, lofo: values.lofo }),
  mutations: () => measureMutations(values.quick ? 60 : 300),
  cost: () => measureCost(values.quick),
  memory: () => measureMemory(values.quick),
};

const wanted = values.only?.split(",") ?? Object.keys(PARTS);
const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`There is no part '${unknown}': ${Object.keys(PARTS).join(", ")}.`);
  process.exit(2);
}
const report: Record<string, unknown> = {};
for (const name of wanted) {
  console.error(`  ${name}`);
  report[name] = await PARTS[name]?.();
}
console.log(JSON.stringify(report, null, 1));
