// Compiles rules into a detector: forms by one automaton, assigned secrets by the names that they are given to.
import type { DataCategory, DataDetector } from "./detector.ts";
import { PERSONAL_RULES } from "./personal/index.ts";
import { CONTEXT, type DataRule } from "./rule.ts";
import { type Hit, resolved } from "./scan/hit.ts";
import { LONGEST, Scanner } from "./scan/scanner.ts";
import { ASSIGNMENT_CONTEXT, findAssignments, openAssignment } from "./secrets/assignment.ts";
import { SECRET_RULES } from "./secrets/index.ts";
import { isPublished } from "./secrets/published.ts";

export interface DetectorOptions {
  /** both where absent */
  readonly categories?: readonly DataCategory[];
  /** kinds that are looked for though they are no datum by themselves (`date`, `url`, `aws_arn`, …) */
  readonly extraKinds?: readonly string[];
  /** kinds that are not looked for */
  readonly withoutKinds?: readonly string[];
  /**
   * A number that only a word before it would tell counts also when it is the whole text. For what a person types: asked
   * for a number they answer with the number alone. Not for what a model answers, which may be arithmetic.
   */
  readonly alone?: boolean;
}

/** What an assignment's detector needs of the text before: the name, what stands before it, and a word or two more. */
const MAX_CONTEXT = Math.max(CONTEXT, 2 * ASSIGNMENT_CONTEXT);

/** A detector to keep: compiling takes milliseconds, and its automaton is filled as texts need it. */
export function compileDetector(options: DetectorOptions = {}): DataDetector {
  const { categories = ["secret", "personal_data"], extraKinds = [], withoutKinds = [], alone = false } = options;
  const wanted = ({ category, kind, optional = false }: DataRule) =>
    categories.includes(category) && !withoutKinds.includes(kind) && (!optional || extraKinds.includes(kind));
  const scanner = new Scanner([...SECRET_RULES, ...PERSONAL_RULES].filter(wanted), alone);
  const assigned = categories.includes("secret") && !withoutKinds.includes("secret");
  return {
    find(text, from = 0) {
      const formed = scanner.find(text, from);
      const hits: readonly Hit[] = assigned ? [...formed, ...findAssignments(text, from)] : formed;
      return resolved(hits.filter((hit) => !isEverybodys(text, hit)));
    },
    openFrom(text, from = 0) {
      const open = scanner.openFrom(text, from);
      return assigned ? Math.min(open, openAssignment(text, from)) : open;
    },
    maxHeld: LONGEST,
    maxContext: MAX_CONTEXT,
  };
}

function isEverybodys(text: string, { category, start, end }: Hit): boolean {
  return category === "secret" && end - start < 64 && isPublished(text.slice(start, end));
}
