/** The matrix's `/keys/{id}` as the router spells it. */
export function routePath(path: string): string {
  return path.replaceAll(/\{([a-z]+)\}/g, ":$1");
}
