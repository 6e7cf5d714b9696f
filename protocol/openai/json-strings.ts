// Strings of free-form JSON, keys included: descriptions and property names of a tool's schema reach the model alike.

/** Depth first, without recursion. Values that hold no string yield nothing. */
export function* stringsOf(value: unknown): Generator<string> {
  const stack: unknown[] = [value];
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node === "string") yield node;
    if (typeof node !== "object" || node === null) continue;
    if (Array.isArray(node)) {
      for (let at = node.length - 1; at >= 0; at--) stack.push(node[at]);
      continue;
    }
    for (const [key, inner] of Object.entries(node).reverse()) stack.push(inner, key);
  }
}
