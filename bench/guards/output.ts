// What the guard on answers costs and holds back: microseconds a delta, characters and milliseconds held of ordinary
// text, and whether time grows with the text alone. CPU time of this process, so that a busy machine tells the same.
// Run it by itself: `node bench/guards/output.ts`, or with `--quick` for an eighth of the text.
import { compileDetector } from "../../guards/data/index.ts";
import {
  CanaryIndex,
  ChatStreamGuard,
  compileLinks,
  compileOutput,
  DEFAULT_LINKS,
  DEFAULT_OUTPUT_LIMITS,
  LeakIndex,
  type OutputModes,
  type OutputRules,
} from "../../guards/output/index.ts";
import { HOSTILE_TEXTS, PROSE_TEXTS, SYSTEM_PROMPT } from "./output-texts.ts";

const DELTA_CHARS = 5;
/** between two deltas of a model that writes 50 tokens a second */
const DELTA_MS = 20;
const KILOBYTES = process.argv.includes("--quick") ? [16, 32, 64, 128] : [128, 256, 512, 1024];

const BLOCK: OutputModes = {
  secret: "block",
  personal_data: "block",
  canary: "block",
  prompt_leak: "block",
  link: "block",
};
const REPORT: OutputModes = {
  secret: "report",
  personal_data: "report",
  canary: "report",
  prompt_leak: "report",
  link: "report",
};
const OFF: OutputModes = { secret: "off", personal_data: "off", canary: "off", prompt_leak: "off", link: "off" };
const COST_OF: readonly (readonly [name: string, modes: OutputModes])[] = [
  ["all block", BLOCK],
  ["secrets only", { ...OFF, secret: "block" }],
  ["personal data only", { ...OFF, personal_data: "block" }],
  ["canary, leak, link", { ...BLOCK, secret: "off", personal_data: "off" }],
  ["canary", { ...OFF, canary: "block" }],
  ["leak", { ...OFF, prompt_leak: "block" }],
  ["link", { ...OFF, link: "block" }],
  ["all report", REPORT],
  ["off", OFF],
];

const secrets = compileDetector({ categories: ["secret"] });
const personal = compileDetector({ categories: ["personal_data"] });

function rules(modes: OutputModes): OutputRules {
  return compileOutput({
    modes,
    data: [
      { detector: secrets, categories: ["secret"] },
      { detector: personal, categories: ["personal_data"] },
    ],
    canaries: [new CanaryIndex(["BARTIZAN-canary-7f3a91c2"])],
    leak: new LeakIndex([SYSTEM_PROMPT], [], DEFAULT_OUTPUT_LIMITS),
    links: compileLinks(DEFAULT_LINKS),
  });
}

interface Run {
  readonly deltas: number;
  readonly ms: number;
  readonly heldChars: readonly number[];
  /** of each character: how long after it came it left */
  readonly waitedMs: readonly number[];
  readonly cut: boolean;
}

function stream(text: string, compiled: OutputRules, measured: boolean): Run {
  const guard = new ChatStreamGuard(compiled, 1);
  const heldChars: number[] = [];
  const waitedMs: number[] = [];
  let out = 0;
  let deltas = 0;
  let now = 0;
  const take = (chunks: readonly Readonly<Record<string, unknown>>[]): void => {
    if (!measured) return;
    for (const chunk of chunks)
      for (const { delta } of chunk.choices as readonly { delta: { content?: string } }[])
        for (let left = delta.content?.length ?? 0; left > 0; left--)
          waitedMs.push(now - Math.floor(out++ / DELTA_CHARS) * DELTA_MS);
  };
  const started = process.cpuUsage();
  for (let at = 0; at < text.length && !guard.allCut; at += DELTA_CHARS) {
    now = deltas * DELTA_MS;
    deltas += 1;
    const content = text.slice(at, at + DELTA_CHARS);
    take(
      guard.push(
        {
          id: "c",
          object: "chat.completion.chunk",
          created: 1,
          model: "m",
          choices: [{ index: 0, delta: { content }, finish_reason: null }],
        },
        now,
      ),
    );
    if (measured) heldChars.push(guard.heldChars);
  }
  take(guard.end());
  const { user, system } = process.cpuUsage(started);
  return { deltas, ms: (user + system) / 1000, heldChars, waitedMs, cut: guard.anyCut };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

console.log(
  `deltas of ${DELTA_CHARS} characters, one each ${DELTA_MS} ms; system prompt of ${SYSTEM_PROMPT.length} characters\n`,
);
console.log("cost, 100 KB of prose".padEnd(28), "µs/delta");
for (const [name, modes] of COST_OF) {
  const text = filled(PROSE_TEXTS.english, 100_000);
  const compiled = rules(modes);
  stream(text, compiled, false);
  const { ms, deltas } = stream(text, compiled, false);
  console.log(name.padEnd(28), ((ms * 1000) / deltas).toFixed(2));
}

console.log("\nhold-back, all block".padEnd(29), "held: mean p95 max | waited ms: mean p95 p99 max | cut");
for (const [name, text] of Object.entries(PROSE_TEXTS)) {
  const { heldChars, waitedMs, cut } = stream(filled(text, 20_000), rules(BLOCK), true);
  const held = [mean(heldChars).toFixed(1), quantile(heldChars, 0.95), Math.max(...heldChars)];
  const waited = [mean(waitedMs).toFixed(1), quantile(waitedMs, 0.95), quantile(waitedMs, 0.99), Math.max(...waitedMs)];
  console.log(name.padEnd(28), held.join(" "), "|", waited.join(" "), "|", cut);
}

console.log("\nlinearity, all block".padEnd(29), `ms for ${KILOBYTES.join(", ")} KB | last ratio | µs/delta | cut`);
for (const [name, text] of Object.entries({ ...PROSE_TEXTS, ...HOSTILE_TEXTS })) {
  const times: number[] = [];
  let last: Run | null = null;
  for (const kilobytes of KILOBYTES) {
    last = stream(filled(text, kilobytes * 1024), rules(BLOCK), false);
    times.push(last.ms);
  }
  const ratio = (times[3] ?? 0) / (times[2] ?? 1);
  const cost = last === null ? 0 : (last.ms * 1000) / last.deltas;
  console.log(
    name.padEnd(28),
    times.map((ms) => ms.toFixed(0)).join(" "),
    "|",
    ratio.toFixed(2),
    "|",
    cost.toFixed(1),
    "|",
    last?.cut,
  );
}
