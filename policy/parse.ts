// A policy file, from text to a policy in force. Read by the same JSON reader as requests: of two equal keys the last
// would win silently, and an `allow` after a `deny` has opened gates before.
import { utf8 } from "../protocol/encoding.ts";
import { type JsonLimits, readJsonObject } from "../protocol/json.ts";
import { paramPath } from "../protocol/param-path.ts";
import { answerOf } from "../protocol/refusal.ts";
import { policyDigest } from "./digest.ts";
import { type Policy, policySchema } from "./schema.ts";

export type PolicyReading =
  | { readonly ok: true; readonly policy: Policy; readonly digest: string }
  | { readonly ok: false; readonly issues: readonly string[] };

/** Protects the Worker that starts with the file; far above any real policy. */
const LIMITS: JsonLimits = { maxDepth: 32, maxKeys: 200_000, maxValues: 1_000_000 };

/** The issues are for the person who wrote the file: a place and what is wrong there, one a line. */
export async function parsePolicy(text: string): Promise<PolicyReading> {
  const read = readJsonObject(utf8(text), LIMITS);
  if (!read.ok) {
    const { message, param } = answerOf(read.refusal).error;
    return { ok: false, issues: [param === null ? message : `${param}: ${message}`] };
  }
  const parsed = policySchema.safeParse(read.value);
  if (!parsed.success)
    return { ok: false, issues: parsed.error.issues.map(({ path, message }) => `${place(path)}: ${message}`) };
  return { ok: true, policy: parsed.data, digest: await policyDigest(parsed.data) };
}

function place(path: readonly PropertyKey[]): string {
  return paramPath(path) ?? "policy";
}
