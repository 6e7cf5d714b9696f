// The runtime's binary, apart from Miniflare, which takes long to load.
import workerd from "workerd";

export function workerdPath(): string {
  return workerd.default;
}
