// From the name that a client wrote to a model's version. Names are the client's: every lookup is of own keys, so that
// `__proto__` and `constructor` are models that do not exist.
import { type ModelPolicy, type ModelVersion, type Policy, splitModelName } from "./schema.ts";

export interface ResolvedModel {
  readonly id: string;
  readonly version: string;
  readonly model: ModelPolicy;
  readonly versionPolicy: ModelVersion;
}

/**
 * `id` (the current version), `id@version`, or an alias for one of these. An alias takes no version of its own and
 * never points at another alias. Null where nothing has the name.
 */
export function resolveModel(policy: Policy, name: string): ResolvedModel | null {
  const target = own(policy.aliases, name) ?? name;
  const [id, named] = splitModelName(target);
  const model = own(policy.models, id);
  if (model === undefined) return null;
  const version = named ?? model.current;
  const versionPolicy = own(model.versions, version);
  return versionPolicy === undefined ? null : { id, version, model, versionPolicy };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
