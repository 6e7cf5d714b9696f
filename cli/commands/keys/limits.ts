// Limits as options: `--limit requests_per_day=1000`, `--limit concurrency=none`.
import { InvalidArgumentError } from "commander";
import { QUOTA_NAMES, type QuotaLimits, quotaLimitsSchema } from "../../../protocol/limits.ts";

export function collectLimit(text: string, before: QuotaLimits = {}): QuotaLimits {
  const [name = "", value = ""] = text.split("=");
  const limit = { [name]: value === "none" ? null : /^\d+$/.test(value) ? Number(value) : value };
  const parsed = quotaLimitsSchema.safeParse(limit);
  if (!parsed.success)
    throw new InvalidArgumentError(`a limit is NAME=NUMBER or NAME=none, with NAME one of ${QUOTA_NAMES.join(", ")}.`);
  return { ...before, ...parsed.data };
}

export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
