// Examples of what a rule finds, made when asked for, so that no text in the repository looks like a key of somebody's.
// For tests, and for showing what a rule is about.
import type { DataRule } from "./rule.ts";
import { type Pattern, parsePattern } from "./scan/pattern.ts";

/** Tries before a rule whose checks chance does not meet is given up. */
const TRIES = 20_000;

/** A text that the rule's form fits and its judgement accepts; undefined where chance finds none. */
export function sampleOf(rule: DataRule, random: () => number): string | undefined {
  if (rule.sample !== undefined) return rule.sample(random);
  const patterns = rule.patterns.map((source) => parsePattern(source));
  for (let tried = 0; tried < TRIES; tried++) {
    const pattern = patterns[Math.floor(random() * patterns.length)];
    if (pattern === undefined) return undefined;
    const text = written(pattern, random);
    const within = rule.datum === undefined ? ([0, text.length] as const) : rule.datum(text);
    if (within === null) continue;
    if (rule.judge === undefined || rule.judge(text.slice(within[0], within[1]), text) !== "no") return text;
  }
  return undefined;
}

function written(pattern: Pattern, random: () => number): string {
  const below = (bound: number) => Math.floor(random() * bound);
  if (pattern.type === "set") {
    const symbols = [...pattern.set.keys()].filter(
      (symbol) => pattern.set[symbol] === 1 && symbol >= 32 && symbol < 127,
    );
    // where nothing can be seen of it: a line's end
    return String.fromCharCode(symbols[below(symbols.length)] ?? pattern.set.indexOf(1));
  }
  if (pattern.type === "sequence") return pattern.parts.map((part) => written(part, random)).join("");
  if (pattern.type === "choice") {
    const part = pattern.parts[below(pattern.parts.length)];
    return part === undefined ? "" : written(part, random);
  }
  const most = Math.min(pattern.max, pattern.min + 24);
  const count = pattern.min + below(most - pattern.min + 1);
  return Array.from({ length: count }, () => written(pattern.part, random)).join("");
}
