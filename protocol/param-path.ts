// The place in a request that an error names as `param`: `messages[3].content[1].text`.
// A path may hold names that the client chose, so it is bounded and free of what could disturb a log or a terminal.

/** Characters after which a path is cut: a key can be as long as the body. */
const MAX_PATH = 160;
const PLAIN_NAME = /^[A-Za-z_$][\w$-]{0,63}$/;

/** An empty path is the document itself, which has no name: null. */
export function paramPath(segments: readonly PropertyKey[]): string | null {
  let path = "";
  for (const segment of segments) {
    path += step(segment, path === "");
    if (path.length > MAX_PATH) return `${path.slice(0, MAX_PATH)}…`;
  }
  return path === "" ? null : path;
}

function step(segment: PropertyKey, first: boolean): string {
  if (typeof segment === "number") return `[${segment}]`;
  const name = String(segment);
  if (PLAIN_NAME.test(name)) return first ? name : `.${name}`;
  return `["${name.slice(0, MAX_PATH).replace(/[^\x20-\x7e]|["\\]/g, "?")}"]`;
}
