// The parts of a delta that leave together, put into one.
type Fields = Readonly<Record<string, unknown>>;

/** What a chunk's delta is made of: a field's text, an entry of `tool_calls`, or a field as it is. */
export type DeltaPart =
  | { readonly kind: "text"; readonly name: string; readonly text: string }
  | { readonly kind: "tool"; readonly entry: Fields }
  | { readonly kind: "field"; readonly name: string; readonly value: unknown };

export function deltaOf(parts: readonly DeltaPart[]): Record<string, unknown> {
  const delta: Record<string, unknown> = {};
  const tools = new Map<unknown, Fields>();
  for (const part of parts) {
    if (part.kind === "text") delta[part.name] = joined(delta[part.name], part.text);
    else if (part.kind === "field") delta[part.name] = together(delta[part.name], part.value);
    else tools.set(part.entry.index, merged(tools.get(part.entry.index) ?? {}, part.entry));
  }
  if (tools.size > 0) delta.tool_calls = [...tools.values()];
  return delta;
}

/** Two pieces of one tool call: texts are appended, the rest stands as it is. */
function merged(first: Fields, second: Fields): Fields {
  const out: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = out[key];
    if (isFields(value)) out[key] = isFields(before) ? appended(before, value) : value;
    else out[key] = value;
  }
  return out;
}

function appended(first: Fields, second: Fields): Fields {
  const out: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second)) out[key] = joined(out[key], value);
  return out;
}

/** Two values of one field that leave at once, since one had waited. */
function together(before: unknown, value: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value];
  return isFields(before) && isFields(value) ? appended(before, value) : value;
}

function joined(before: unknown, text: unknown): unknown {
  return typeof before === "string" && typeof text === "string" ? before + text : text;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
