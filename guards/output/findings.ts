// What the guard found in one answer, bounded, and as the audit record keeps it: never the text itself.
import type { Verdict } from "../../protocol/audit.ts";
import { type Finding, verdictOf } from "../finding.ts";
import type { Hit } from "./watch.ts";

export type OutputAction = Extract<Verdict["action"], "block" | "redact" | "report">;

export interface OutputFinding extends Finding {
  readonly action: OutputAction;
  /** `choices[0].message.tool_calls[1].function.arguments`, for a stream and a whole answer alike */
  readonly where: string;
  readonly kind: string;
}

export class Findings {
  readonly #max: number;
  #list: OutputFinding[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** By place: a stream meets them in an order of its own. */
  get list(): readonly OutputFinding[] {
    return this.#list.toSorted(byPlace);
  }

  get verdicts(): readonly Verdict[] {
    return this.list.map((finding) => verdictOf(finding, finding.action, finding.where));
  }

  /** The hits of one text come in the order in which they stand. */
  add(hit: Hit, action: OutputAction, where: string): void {
    const { rule, category, kind, score, start, end, view, continues = false } = hit;
    const alike = this.#list.filter(
      (known) => known.where === where && known.category === category && known.action === action,
    );
    // one datum is often found in more than one view
    if (alike.some((known) => known.start <= start && known.end >= end)) return;
    const goesOn = (known: OutputFinding) =>
      known.rule === rule ? start < known.end || (continues && start === known.end) : continues && start <= known.end;
    const before = alike.find((known) => known.start <= start && goesOn(known));
    if (before !== undefined) {
      // a leak grows word by word
      this.#list = this.#list.map((known) => (known === before ? { ...known, end: Math.max(end, known.end) } : known));
      return;
    }
    const found: OutputFinding = { rule, category, kind, score, start, end, action, where };
    this.#list.push(view === undefined ? found : { ...found, view });
    if (this.#list.length > this.#max) this.#dropLast();
  }

  /** A cut is always told, whatever was reported before it. */
  #dropLast(): void {
    const last = this.#list.toSorted(byPlace).findLast(({ action }) => action !== "block");
    this.#list = this.#list.filter((known) => known !== last);
  }
}

function byPlace(a: OutputFinding, b: OutputFinding): number {
  return order(a.where, b.where) || a.start - b.start || a.end - b.end || order(a.rule, b.rule);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
