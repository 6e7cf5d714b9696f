// What a ledger remembers of an account's probes: for each band how many prompts shared it within a window, and an estimate
// of how many of them differed. Bounded, whatever comes: the least used band gives way.
//
// Distinct prompts are estimated by HyperLogLog (Flajolet et al., 2007) with 128 registers: a standard error of 9 %.
import type { Probe } from "./probe.ts";

export interface SketchEntry {
  readonly sinceMs: number;
  readonly lastMs: number;
  /** sum of the probes' weights */
  readonly volume: number;
  readonly prompts: number;
  /** one character a register, so that it is persisted as it is */
  readonly registers: string;
}

export type Sketch = Map<number, SketchEntry>;

export interface ProbingRule {
  readonly mode: "off" | "event" | "slow" | "stop";
  /** weighted prompts of one template within the window from which on it is probing */
  readonly templatePrompts: number;
  /** share of them that must differ */
  readonly coverage: number;
  readonly windowMs: number;
}

export interface Assessment {
  /** 0 to 1; 1 is probing by this rule */
  readonly score: number;
  readonly prompts: number;
  /** estimated share of different prompts */
  readonly coverage: number;
  /** how long the next probe of this template waits in mode `slow`; 0: not at all */
  readonly waitMs: number;
}

/** Entries of one account. Protects the ledger's memory and its snapshot (some 170 bytes an entry). */
const MAX_ENTRIES = 256;
const REGISTERS = 128;
const REGISTER_BITS = 7;
const ZERO = 0x30;
const EMPTY = String.fromCharCode(ZERO).repeat(REGISTERS);
const MAX_WAIT_MS = 60_000;
const NOTHING: Assessment = { score: 0, prompts: 0, coverage: 0, waitMs: 0 };

/** Takes one more probe in. Idempotent only as far as the caller is. */
export function observe(sketch: Sketch, probe: Probe, nowMs: number, windowMs: number): void {
  for (const band of new Set(probe.bands)) {
    const before = live(sketch.get(band), nowMs, windowMs);
    sketch.set(band, {
      sinceMs: before?.sinceMs ?? nowMs,
      lastMs: nowMs,
      volume: (before?.volume ?? 0) + probe.weight,
      prompts: (before?.prompts ?? 0) + 1,
      registers: withHash(before?.registers ?? EMPTY, probe.whole),
    });
  }
  while (sketch.size > MAX_ENTRIES) sketch.delete(leastUsed(sketch, nowMs, windowMs, probe));
}

/** How much like probing this prompt would be, given what came before it. */
export function assess(
  sketch: ReadonlyMap<number, SketchEntry>,
  probe: Probe,
  rule: ProbingRule,
  nowMs: number,
): Assessment {
  if (rule.mode === "off") return NOTHING;
  let worst = NOTHING;
  for (const band of probe.bands) {
    const entry = live(sketch.get(band), nowMs, rule.windowMs);
    if (entry === null) continue;
    const coverage = Math.min(1, distinct(entry.registers) / entry.prompts);
    const excess = entry.volume / rule.templatePrompts;
    const score = Math.min(1, excess) * Math.min(1, coverage / rule.coverage);
    if (score < worst.score) continue;
    // the further above, the slower: quadratic, so that a probe twice as large takes four times as long
    const due = entry.lastMs + Math.min(MAX_WAIT_MS, 1000 * excess * excess);
    worst = { score, prompts: entry.prompts, coverage, waitMs: score < 1 ? 0 : Math.max(0, Math.ceil(due - nowMs)) };
  }
  return worst;
}

function live(entry: SketchEntry | undefined, nowMs: number, windowMs: number): SketchEntry | null {
  return entry === undefined || nowMs - entry.sinceMs >= windowMs ? null : entry;
}

/** Whose window is over goes first, then whoever was seen least; never what was just seen unless all were. */
function leastUsed(sketch: ReadonlyMap<number, SketchEntry>, nowMs: number, windowMs: number, seen: Probe): number {
  let least = 0;
  let leastVolume = Number.POSITIVE_INFINITY;
  for (const [band, entry] of sketch) {
    const volume = live(entry, nowMs, windowMs)?.volume ?? -1;
    if (volume >= leastVolume || seen.bands.includes(band)) continue;
    least = band;
    leastVolume = volume;
  }
  return leastVolume === Number.POSITIVE_INFINITY ? (seen.bands[0] ?? 0) : least;
}

function withHash(registers: string, hash: number): string {
  const at = hash >>> (32 - REGISTER_BITS);
  const rest = (hash << REGISTER_BITS) >>> 0;
  const rank = rest === 0 ? 32 - REGISTER_BITS + 1 : Math.clz32(rest) + 1;
  if (rank <= registers.charCodeAt(at) - ZERO) return registers;
  return registers.slice(0, at) + String.fromCharCode(ZERO + rank) + registers.slice(at + 1);
}

function distinct(registers: string): number {
  let sum = 0;
  let zeros = 0;
  for (let at = 0; at < REGISTERS; at++) {
    const rank = registers.charCodeAt(at) - ZERO;
    sum += 2 ** -rank;
    if (rank === 0) zeros++;
  }
  const alpha = 0.7213 / (1 + 1.079 / REGISTERS);
  const raw = (alpha * REGISTERS * REGISTERS) / sum;
  // small counts are counted better by the registers that are still empty
  return raw <= 2.5 * REGISTERS && zeros > 0 ? REGISTERS * Math.log(REGISTERS / zeros) : raw;
}
