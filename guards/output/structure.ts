// The texts in a structure of a delta (`audio`, `annotations`, `function_call`), each under its path: in a stream, what
// stands at the same path goes on from chunk to chunk.

export interface Leaf {
  readonly path: string;
  readonly text: string;
}

/** Depth first, without recursion. The keys of an object are a text too: a model may have made them. */
export function* leavesOf(value: unknown, path: string): Generator<Leaf> {
  const stack: { readonly node: unknown; readonly path: string }[] = [{ node: value, path }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, path: at } = next;
    if (typeof node === "string") {
      if (node !== "") yield { path: at, text: node };
      continue;
    }
    if (typeof node !== "object" || node === null) continue;
    const entries = Object.entries(node);
    if (!Array.isArray(node)) yield { path: `${at}{}`, text: entries.map(([key]) => `${key}\n`).join("") };
    for (const [key, inner] of entries.reverse())
      stack.push({ node: inner, path: Array.isArray(node) ? `${at}[${key}]` : `${at}.${key}` });
  }
}
