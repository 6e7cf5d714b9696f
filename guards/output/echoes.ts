// Which hits only say again what the request held. A datum too long to be held comes in several hits: what goes on of an
// echo is one too, since its rest alone says nothing of where it is from.
import type { OutputRules } from "./rules.ts";
import type { Hit } from "./watch.ts";

export class Echoes {
  readonly #rules: Pick<OutputRules, "knows">;
  /** rules and views whose last hit was one */
  readonly #last: Set<string>;

  constructor(rules: Pick<OutputRules, "knows">, last: Iterable<string> = []) {
    this.#rules = rules;
    this.#last = new Set(last);
  }

  /**
   * Asked of each hit once, as they stand in the text.
   * @param spelling how the text itself has it: an encoded datum may be said again as it was encoded
   */
  takes(hit: Hit, spelling = ""): boolean {
    const source = `${hit.view ?? ""} ${hit.rule}`;
    if (hit.continues === true) return this.#last.has(source);
    const encoded = hit.view !== undefined && hit.value !== undefined && spelling !== "";
    const known = this.#rules.knows(hit) || (encoded && this.#rules.knows({ ...hit, value: spelling }));
    if (known) this.#last.add(source);
    else this.#last.delete(source);
    return known;
  }

  fork(): Echoes {
    return new Echoes(this.#rules, this.#last);
  }
}
