// Text from UTF-16 units. Spreading a typed array walks its iterator, which costs fifty times what the engine needs.

/** @param units at most 8192: they go on the stack */
export function unitsText(units: Uint16Array): string {
  return Reflect.apply(String.fromCharCode, null, units);
}
