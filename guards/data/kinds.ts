// What a policy says of single kinds of data, over what it says of their category.
import { IDENTIFIERS } from "./secrets/identifiers.ts";

/** kind (`email`, `aws_arn`) → what becomes of it; `off`: it is not looked for */
export type KindModes = Readonly<Record<string, "block" | "redact" | "report" | "off">>;

/** What a detector is told of them. A kind that is no datum by itself counts where it is named, and not `off`. */
export function kindSelection(kinds: KindModes): {
  readonly withoutKinds: readonly string[];
  readonly extraKinds: readonly string[];
} {
  const named = Object.keys(kinds);
  return {
    withoutKinds: named.filter((kind) => kinds[kind] === "off"),
    extraKinds: named.filter((kind) => kinds[kind] !== "off"),
  };
}

/**
 * Names of somebody's own systems, which are no secret by themselves: what becomes of them in a prompt where policy looks
 * for secrets and says nothing of their kind. Never more than a record, or every question about a bucket would be refused.
 */
export const TOLD_KINDS: KindModes = Object.fromEntries(IDENTIFIERS.map(({ kind }) => [kind, "report"]));
