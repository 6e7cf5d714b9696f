// A request's body, from bytes to a JSON object (RFC 8259) that every later step reads as one and the same value.
// What two readers could understand differently is refused: a duplicate key (RFC 8259, section 4, leaves open which
// one counts), bytes that are no UTF-8, a lone surrogate, a number that no double can hold.
//
//   bytes → scan: depth, colons, values → strict UTF-8 → JSON.parse → walk: own keys, well-formed text
//         → only where colons and own keys differ: a slow pass for the duplicate's name
import { duplicateKey } from "./json-duplicates.ts";
import { scanJson } from "./json-scan.ts";
import { paramPath } from "./param-path.ts";
import type { JsonFault, Refusal } from "./refusal.ts";

export interface JsonLimits {
  /** Nesting of arrays and objects. Protects whatever recurses over the value later (JSON.stringify does). */
  readonly maxDepth: number;
  /** Members of all objects together. Protects memory: a key costs far more than the four bytes that spell it. */
  readonly maxKeys: number;
  /** Elements, members and containers of the whole document. Protects memory: 16 MiB of `[],` would be 5 million arrays. */
  readonly maxValues: number;
}

export const DEFAULT_JSON_LIMITS: JsonLimits = { maxDepth: 64, maxKeys: 100_000, maxValues: 1_000_000 };

export type JsonReading =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly refusal: Refusal };

// `fatal`: never U+FFFD in place of what the client sent; a byte order mark is dropped, as `ignoreBOM` is false
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Reads one JSON object. Linear in the bytes, whatever they are; never throws. */
export function readJsonObject(bytes: Uint8Array, limits: JsonLimits = DEFAULT_JSON_LIMITS): JsonReading {
  const scan = scanJson(bytes, limits.maxDepth);
  if (scan.tooDeep) return refused("depth");
  if (scan.colons > limits.maxKeys || scan.values > limits.maxValues) return refused("too_many_keys");
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return refused("encoding");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("syntax");
  }
  if (!isJsonObject(value)) return refused("not_an_object");
  const walked = walk(value);
  if (walked.fault !== null) return refused(walked.fault, walked.path);
  // every colon outside a string is one member; JSON.parse keeps the last of two equal keys, so fewer are left
  if (walked.keys !== scan.colons) return refused("duplicate_key", duplicateKey(text));
  return { ok: true, value };
}

/** The value, or undefined where the text is no JSON. For what is not a client's: no limit is kept and no fault told. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON object, as opposed to an array, null or a scalar. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(fault: JsonFault, path: readonly PropertyKey[] = []): JsonReading {
  return { ok: false, refusal: { code: "invalid_json", fault, param: paramPath(path) } };
}

interface Frame {
  readonly node: object;
  /** null for an array */
  readonly keys: readonly string[] | null;
  next: number;
}

/** Counts own keys and looks at every string, without recursion: the depth is the client's choice. */
function walk(root: object): { keys: number; fault: JsonFault | null; path: readonly PropertyKey[] } {
  const stack: Frame[] = [frame(root)];
  let keys = stack[0]?.keys?.length ?? 0;
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const step: PropertyKey | undefined = top.keys === null ? top.next : top.keys[top.next];
    if (step === undefined || (top.keys === null && top.next >= (top.node as unknown[]).length)) {
      stack.pop();
      continue;
    }
    top.next++;
    const value = (top.node as Record<PropertyKey, unknown>)[step];
    const fault = faultOf(step, value);
    if (fault !== null)
      return { keys, fault, path: stack.map((level) => level.keys?.[level.next - 1] ?? level.next - 1) };
    if (typeof value !== "object" || value === null) continue;
    const inner = frame(value);
    keys += inner.keys?.length ?? 0;
    stack.push(inner);
  }
  return { keys, fault: null, path: [] };
}

function frame(node: object): Frame {
  return { node, keys: Array.isArray(node) ? null : Object.keys(node), next: 0 };
}

function faultOf(key: PropertyKey, value: unknown): JsonFault | null {
  if (typeof key === "string" && !key.isWellFormed()) return "lone_surrogate";
  if (typeof value === "string" && !value.isWellFormed()) return "lone_surrogate";
  // 1e999 parses as Infinity and would be written back as null: another value than the one that was sent
  if (typeof value === "number" && !Number.isFinite(value)) return "syntax";
  return null;
}
