// The watches of what is only reported. They see the original of what has passed and nothing else, so that a stream that
// is cut tells no more than a whole answer.
import { Echoes } from "./echoes.ts";
import type { Findings } from "./findings.ts";
import type { OutputRules } from "./rules.ts";
import { byPlace, type Hit } from "./watch.ts";

export class Onlooker {
  readonly #rules: OutputRules;
  readonly #findings: Findings;
  readonly #where: string;
  readonly #watches: ReturnType<OutputRules["watches"]>;
  readonly #echoes: Echoes;
  #hits: Hit[] = [];
  #over = false;

  constructor(rules: OutputRules, findings: Findings, where: string) {
    this.#rules = rules;
    this.#findings = findings;
    this.#where = where;
    this.#watches = rules.watches(false);
    this.#echoes = new Echoes(rules);
  }

  see(text: string): void {
    if (this.#watches === null || text === "") return;
    this.#watches.push(text);
    this.#tell(this.#watches.openFrom);
  }

  end(): void {
    if (this.#watches === null || this.#over) return;
    this.#over = true;
    this.#watches.end();
    this.#tell(Number.POSITIVE_INFINITY);
  }

  /** @param horizon no hit still to come starts before it */
  #tell(horizon: number): void {
    this.#hits.push(...(this.#watches?.take() ?? []));
    if (this.#hits.length === 0) return;
    const due = this.#hits.filter(({ start }) => start < horizon).sort(byPlace);
    this.#hits = this.#hits.filter(({ start }) => start >= horizon);
    for (const hit of due)
      if (this.#rules.modes[hit.category] === "report" && !this.#echoes.takes(hit))
        this.#findings.add(hit, "report", this.#where);
  }
}
