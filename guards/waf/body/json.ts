// The fields of a JSON body: every string, number and key, found without recursion.
import type { Field, SurfaceLimits } from "../surface.ts";
import { shortName } from "../transport/parameters.ts";

export interface Leaves {
  readonly fields: readonly Field[];
  readonly overflow: boolean;
  readonly tooDeep: boolean;
}

interface Pending {
  readonly place: string;
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
}

export function jsonLeaves(root: unknown, limits: SurfaceLimits): Leaves {
  const fields: Field[] = [];
  const stack: Pending[] = [{ place: "body", name: "", value: root, depth: 0 }];
  let tooDeep = false;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (fields.length >= limits.maxFields) return { fields, overflow: true, tooDeep };
    const { place, name, value, depth } = next;
    if (typeof value !== "object" || value === null) {
      fields.push({ place, name, value: value === null ? "" : String(value), kind: "json" });
      continue;
    }
    if (depth >= limits.maxDepth) {
      tooDeep = true;
      continue;
    }
    const entries: [string, unknown][] = Array.isArray(value)
      ? value.map((item, i) => [String(i), item])
      : Object.entries(value);
    if ((!/^[\w-]*$/.test(name) || name === "__proto__") && entries.length > 0)
      fields.push({ place, name, value: "{}", kind: "json" });
    for (const [key, item] of entries.reverse())
      stack.push({
        place: Array.isArray(value) ? `${place}[${key}]` : `${place}.${shortName(key)}`,
        name: Array.isArray(value) ? "" : key,
        value: item,
        depth: depth + 1,
      });
  }
  return { fields, overflow: false, tooDeep };
}
