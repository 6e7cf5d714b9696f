// Walks a request's top level along the field table. Nothing is lost on the way: a key is read into the request,
// listed as ignored, handed on as an engine's field, reported as unknown, or refused.
import type { Capability } from "../capability.ts";
import { paramPath } from "../param-path.ts";
import type { Refusal } from "../refusal.ts";
import type { Field, FieldTable } from "./fields.ts";
import { readIssues } from "./issues.ts";

export interface Need {
  readonly capability: Capability;
  readonly param: string;
}

export interface FieldsRead {
  readonly ok: true;
  /** enforced and passed fields that ask for something */
  readonly values: ReadonlyMap<string, unknown>;
  /** top-level fields outside the table, as they came */
  readonly engine: Record<string, unknown>;
  readonly unknownNested: string[];
  readonly ignored: string[];
  readonly needs: Need[];
}

export type Refused = { readonly ok: false; readonly refusal: Refusal };

/** Past so many unknown keys the first is refused at once: they are refused in any case, and each costs a copy. */
const MAX_UNKNOWN = 32;

export function readFields(json: Readonly<Record<string, unknown>>, table: FieldTable): FieldsRead | Refused {
  const values = new Map<string, unknown>();
  const engine: [string, unknown][] = [];
  const unknownNested: string[] = [];
  const ignored: string[] = [];
  const needs: Need[] = [];
  for (const name of Object.keys(json)) {
    const rule = Object.hasOwn(table, name) ? table[name] : undefined;
    if (rule === undefined) {
      engine.push([name, json[name]]);
      continue;
    }
    if (json[name] === null) continue;
    const read = readField(rule, name, json[name]);
    if (!read.ok) return read;
    unknownNested.push(...read.unknown);
    const { value } = read;
    if (rule.class === "refused" || rule.refuses?.(value)) return unsupported(name);
    if (rule.neutral?.(value)) continue;
    if (rule.class === "ignored") {
      ignored.push(name);
      continue;
    }
    values.set(name, value);
    for (const capability of rule.needs?.(value) ?? []) needs.push({ capability, param: name });
  }
  // fromEntries defines its keys: one that is called `__proto__` stays a key and becomes no prototype
  return { ok: true, values, engine: Object.fromEntries(engine), unknownNested, ignored, needs };
}

export function unsupported(param: string): Refused {
  return { ok: false, refusal: { code: "unsupported_parameter", param } };
}

type FieldRead = { readonly ok: true; readonly value: unknown; readonly unknown: readonly string[] } | Refused;

function readField(rule: Field, name: string, value: unknown): FieldRead {
  const first = rule.schema.safeParse(value);
  if (first.success) return { ok: true, value: first.data, unknown: [] };
  const { refusal, unknown } = readIssues(first.error.issues, [name], value);
  if (refusal !== null) return { ok: false, refusal };
  const params = unknown.map((path) => paramPath(path) ?? name);
  if (params.length > MAX_UNKNOWN) return unsupported(params[0] ?? name);
  // what is unknown is taken out, so that the typed request never holds a key that nobody judged
  const known = unknown.reduce((rest, path) => without(rest, path.slice(1)), value);
  const second = rule.schema.safeParse(known);
  if (second.success) return { ok: true, value: second.data, unknown: params };
  const again = readIssues(second.error.issues, [name], known);
  return again.refusal === null ? unsupported(params[0] ?? name) : { ok: false, refusal: again.refusal };
}

/** A copy without the key at the path; what lies beside the path is shared. */
function without(node: unknown, [step, ...rest]: readonly PropertyKey[]): unknown {
  if (step === undefined || typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((item, at) => (at === step ? without(item, rest) : item));
  const entries = Object.entries(node);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== step));
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === step ? without(inner, rest) : inner]));
}
