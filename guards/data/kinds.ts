// What a policy says of single kinds of data, over what it says of their category.

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
