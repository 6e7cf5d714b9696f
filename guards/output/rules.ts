// The rules of one answer, compiled: what is guarded, what happens where it is found, and the watches that find it.
import type { DataCategory, DataDetector } from "../data/detector.ts";
import { BASE64 } from "./base64.ts";
import type { CanaryIndex } from "./canary-index.ts";
import { CanaryWatch } from "./canary-watch.ts";
import { DataWatch } from "./data-watch.ts";
import type { Datum } from "./echo.ts";
import { watchEncoded } from "./encoded-watch.ts";
import { EscapesWatch } from "./escapes-watch.ts";
import { HEX } from "./hex.ts";
import type { LeakIndex } from "./leak-index.ts";
import { LeakWatch } from "./leak-watch.ts";
import { DEFAULT_OUTPUT_LIMITS, type OutputLimits } from "./limits.ts";
import type { LinkRules } from "./link-rules.ts";
import { LinkWatch } from "./link-watch.ts";
import { SPACED } from "./spaced.ts";
import { SqueezedLeakWatch } from "./squeezed-leak.ts";
import { TextWatches } from "./text-watches.ts";
import { type Hit, type OutputCategory, type Watch, WatchGroup } from "./watch.ts";

/** `redact` puts `[REDACTED:kind]` in its place and goes on; `report` looks and holds nothing; `off` does not look. */
export type OutputMode = "block" | "redact" | "report" | "off";
export type OutputModes = Readonly<Record<OutputCategory, OutputMode>>;

/**
 * A detector and what it finds. Where one category is held and the other only reported, give a detector for each: one
 * for both holds both.
 */
export interface DataSource {
  readonly detector: DataDetector;
  readonly categories: readonly DataCategory[];
}

/** Compiled parts; those of policy once for all requests, `leak` and the request's own canaries for each. */
export interface OutputOptions {
  readonly modes: OutputModes;
  readonly data?: readonly DataSource[];
  readonly canaries?: readonly CanaryIndex[];
  readonly leak?: LeakIndex;
  readonly links?: LinkRules;
  /** A datum that the request itself held may be said again: neither cut nor recorded. */
  readonly known?: (datum: Datum) => boolean;
  readonly limits?: Partial<OutputLimits>;
}

export interface OutputRules {
  readonly modes: OutputModes;
  readonly limits: OutputLimits;
  /** fresh watches over a text that is held for them, or not; null where there is nothing to watch for */
  readonly watches: (held: boolean) => TextWatches | null;
  readonly knows: (hit: Hit) => boolean;
}

export function compileOutput(options: OutputOptions): OutputRules {
  const { modes, known } = options;
  const limits = { ...DEFAULT_OUTPUT_LIMITS, ...options.limits };
  const knows = ({ category, kind, value }: Hit): boolean =>
    value !== undefined && known?.({ category, kind, value }) === true;
  return { modes, limits, knows, watches: (held) => textWatches(options, limits, held) };
}

function textWatches(options: OutputOptions, limits: OutputLimits, held: boolean): TextWatches | null {
  const { modes, links } = options;
  const wanted = (category: OutputCategory): boolean => {
    const mode = modes[category];
    return held ? mode === "block" || mode === "redact" : mode === "report";
  };
  // a detector for a held and a reported category runs once, among the held ones
  const holds = ({ categories }: DataSource): boolean =>
    categories.some((category) => modes[category] === "block" || modes[category] === "redact");
  const sources = (options.data ?? []).filter(
    (source) => holds(source) === held && (held || source.categories.some(wanted)),
  );
  const data = (): Watch[] => sources.map(({ detector }) => new DataWatch(detector, limits.maxHeldChars));
  const canaries = wanted("canary") ? (options.canaries ?? []).filter(({ size }) => size > 0) : [];
  const leak = wanted("prompt_leak") && options.leak !== undefined && options.leak.longest > 0 ? options.leak : null;
  const texts = (): Watch[] => [
    ...data(),
    ...canaries.map((index) => new CanaryWatch(index, limits)),
    ...(leak === null ? [] : [new LeakWatch(leak, limits)]),
  ];
  const plain = texts();
  if (wanted("link") && links !== undefined) plain.push(new LinkWatch(links, limits));
  if (plain.length === 0) return null;
  const decoded = { make: (): Watch => new WatchGroup(texts()) };
  // a canary is found in spaced characters as it stands
  const squeezed = {
    make: (): Watch => new WatchGroup([...data(), ...(leak === null ? [] : [new SqueezedLeakWatch(leak)])]),
  };
  const encoded: Watch[] = [];
  if (sources.length > 0 || canaries.length > 0 || leak !== null)
    encoded.push(watchEncoded(BASE64, decoded), watchEncoded(HEX, decoded));
  if (sources.length > 0 || leak !== null) encoded.push(watchEncoded(SPACED, squeezed));
  const group = new WatchGroup(plain);
  return new TextWatches(group, new EscapesWatch(group), new WatchGroup(encoded));
}
