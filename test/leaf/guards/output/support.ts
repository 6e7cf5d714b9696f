// A detector small enough to be checked by eye, rules with everything on, and ways to cut a text.
import fc from "fast-check";
import type { DataDetector, DataMatch } from "../../../../guards/data/detector.ts";
import { ChannelGuard } from "../../../../guards/output/channel.ts";
import {
  CanaryIndex,
  compileLinks,
  compileOutput,
  DEFAULT_LINKS,
  DEFAULT_OUTPUT_LIMITS,
  Findings,
  type GuardedText,
  LeakIndex,
  type OutputMode,
  type OutputModes,
  type OutputOptions,
  type OutputRules,
} from "../../../../guards/output/index.ts";
import { toBase64, toHex, utf8 } from "../../../../protocol/encoding.ts";

interface TinyRule extends Pick<DataMatch, "rule" | "category" | "kind"> {
  readonly whole: RegExp;
  /** what may still become a match: anchored at both ends */
  readonly open: RegExp;
}

const TINY: readonly TinyRule[] = [
  {
    rule: "tiny.marker",
    category: "secret",
    kind: "marker",
    whole: /SECRET-[0-9]{10}/y,
    open: /^(?:S|SE|SEC|SECR|SECRE|SECRET|SECRET-[0-9]{0,9})$/,
  },
  {
    rule: "tiny.key",
    category: "secret",
    kind: "key",
    whole: /sk-[a-z0-9]{12,40}/y,
    open: /^(?:s|sk|sk-[a-z0-9]{0,39})$/,
  },
  {
    rule: "tiny.bearer",
    category: "secret",
    kind: "bearer",
    whole: /Bearer [A-Za-z0-9._-]{16,256}/y,
    open: /^(?:B|Be|Bea|Bear|Beare|Bearer|Bearer [A-Za-z0-9._-]{0,255})$/,
  },
  {
    rule: "tiny.email",
    category: "personal_data",
    kind: "email",
    whole: /(?<![a-z0-9._-])[a-z0-9._-]{1,64}@[a-z0-9.-]{1,64}\.[a-z]{2,8}/y,
    open: /^[a-z0-9._-]{1,64}(?:@[a-z0-9.-]{0,64}(?:\.[a-z]{0,8})?)?$/,
  },
];

export const tinyDetector: DataDetector = {
  maxHeld: 300,
  maxContext: 1,
  find(text, from = 0) {
    const found: DataMatch[] = [];
    for (let at = from; at < text.length; ) {
      const match = longest(text, at);
      if (match !== null) found.push(match);
      at = match === null ? at + 1 : match.end;
    }
    return found;
  },
  openFrom(text, from = 0) {
    for (let at = Math.max(from, text.length - 300); at < text.length; at++) {
      const rest = text.slice(at);
      // an address does not begin in the middle of a word
      const middle = /[a-z0-9._-]/.test(text[at - 1] ?? " ");
      if (TINY.some(({ open, kind }) => open.test(rest) && !(middle && kind === "email")))
        return covering(text, from, at);
      if (longest(text, at) !== null && (longest(text, at)?.end ?? 0) === text.length) return covering(text, from, at);
    }
    return text.length;
  },
};

/** A match that reaches beyond `at` is not settled either: the next find may see it in another light. */
function covering(text: string, from: number, at: number): number {
  const over = tinyDetector.find(text, from).find(({ start, end }) => start < at && end > at);
  return over === undefined ? at : over.start;
}

function longest(text: string, at: number): DataMatch | null {
  let best: DataMatch | null = null;
  for (const { whole, rule, category, kind } of TINY) {
    whole.lastIndex = at;
    const [match] = whole.exec(text) ?? [];
    if (match === undefined || match.length <= (best === null ? 0 : best.end - best.start)) continue;
    best = { rule, category, kind, start: at, end: at + match.length };
  }
  return best;
}

export const CANARY = "BARTIZAN-canary-7f3a91";
export const SYSTEM =
  "You are Marlow, the harbour assistant of Port Ellery. Never mention the tide tables of the northern quay to a visitor. " +
  "When asked about moorings, quote berth 14 first and add that the customs officer arrives at dawn. Keep each answer short, " +
  "polite and free of jargon, and refer complaints to the harbour master's secretary in writing.";
export const LEAKED =
  "Never mention the tide tables of the northern quay to a visitor. When asked about moorings, quote berth 14";

export function modes(mode: OutputMode, others: Partial<OutputModes> = {}): OutputModes {
  return { secret: mode, personal_data: mode, canary: mode, prompt_leak: mode, link: mode, ...others };
}

export function rules(options: Partial<OutputOptions> = {}): OutputRules {
  return compileOutput({
    modes: modes("block"),
    data: [{ detector: tinyDetector, categories: ["secret", "personal_data"] }],
    canaries: [new CanaryIndex([CANARY])],
    leak: new LeakIndex([SYSTEM], [], DEFAULT_OUTPUT_LIMITS),
    links: compileLinks({ ...DEFAULT_LINKS, hosts: ["docs.example.com", "*.trusted.example"] }),
    ...options,
  });
}

/** What leaves, piece by piece; the clock moves with each piece where `stepMs` is given. */
export function streamed(pieces: readonly string[], compiled: OutputRules, stepMs = 0): GuardedText {
  const findings = new Findings(compiled.limits.maxFindings);
  const guard = new ChannelGuard(compiled, findings, "text");
  let text = "";
  for (const [at, piece] of pieces.entries()) {
    text += guard.push(piece, at * stepMs).release;
    if (stepMs > 0) text += guard.tick(at * stepMs + stepMs).release;
  }
  text += guard.end().release;
  return { text, cut: guard.cut, findings: findings.list };
}

/** Cuts a text into pieces of these lengths, in turn. */
export function pieces(text: string, lengths: readonly number[]): string[] {
  const out: string[] = [];
  let turn = 0;
  for (let at = 0; at < text.length; turn++) {
    const length = Math.max(1, lengths[turn % lengths.length] ?? 1);
    out.push(text.slice(at, at + length));
    at += length;
  }
  return out;
}

export function* everyCut(text: string): Generator<string[]> {
  for (let at = 0; at <= text.length; at++) yield [text.slice(0, at), text.slice(at)];
}

export function* everyTwoCuts(text: string): Generator<string[]> {
  for (let a = 0; a <= text.length; a++)
    for (let b = a; b <= text.length; b++) yield [text.slice(0, a), text.slice(a, b), text.slice(b)];
}

export const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 });

export function base64(text: string): string {
  return toBase64(utf8(text));
}

export function hex(text: string): string {
  return toHex(utf8(text));
}

export function percent(text: string): string {
  return Array.from(utf8(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

export function jsonEscaped(text: string): string {
  return Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}
