// The runtime's binary, apart from Miniflare, which takes long to load.
import { createRequire } from "node:module";

/** `require`, since the package is CommonJS whose default export loaders unwrap differently. */
const workerd = createRequire(import.meta.url)("workerd") as { readonly default: string };

export function workerdPath(): string {
  return workerd.default;
}
