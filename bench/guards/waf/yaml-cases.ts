// The little of YAML that attack cases are written in: lists of scalars under three keys, and raw requests.

export interface YamlCase {
  readonly payloads: readonly string[];
  readonly encoders: readonly string[];
  readonly placeholders: readonly string[];
  /** of the placeholder RawRequest */
  readonly raw?: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export function readYamlCase(text: string): YamlCase {
  const lists: Record<string, string[]> = { payload: [], encoder: [], placeholder: [] };
  let key = "";
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const head = /^(\w+):/.exec(line);
    if (head !== null) {
      key = head[1] ?? "";
      continue;
    }
    const item = /^\s{2,4}- (.*)$/.exec(line);
    if (item === null || lists[key] === undefined) continue;
    const value = item[1] ?? "";
    if (/^(?:!!str )?\|$/.test(value)) {
      const block: string[] = [];
      while (/^\s{4}/.test(lines[i + 1] ?? "")) block.push((lines[++i] ?? "").slice(4));
      lists[key]?.push(block.join("\n"));
    } else lists[key]?.push(key === "placeholder" ? value.replace(/:$/, "") : scalar(value));
  }
  return {
    payloads: lists.payload ?? [],
    encoders: lists.encoder ?? [],
    placeholders: lists.placeholder ?? [],
    ...rawRequest(text),
  };
}

function scalar(text: string): string {
  if (text.startsWith("'")) return text.slice(1, text.lastIndexOf("'")).replaceAll("''", "'");
  if (!text.startsWith('"')) return text;
  return text.slice(1, text.lastIndexOf('"')).replace(/\\(u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|.)/g, (_, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { n: "\n", r: "\r", t: "\t", "0": "\0" }[code] ?? code;
  });
}

function rawRequest(text: string): Pick<YamlCase, "raw"> {
  const at = text.indexOf("RawRequest:");
  if (at < 0) return {};
  const part = text.slice(at);
  const one = (key: string): string => scalar((new RegExp(`\\n\\s+${key}: (.*)`).exec(part)?.[1] ?? "").trim());
  const headers: Record<string, string> = {};
  for (const match of (/headers:\n((?: {8}.*\n)*)/.exec(part)?.[1] ?? "").matchAll(/ {8}([\w-]+): (.*)/g))
    headers[match[1] ?? ""] = scalar((match[2] ?? "").trim());
  const block = /body: \|\n((?: {8}.*\n|\s*\n)*)/.exec(part)?.[1];
  const body = block === undefined ? one("body") : block.replace(/^ {8}/gm, "");
  return { raw: { method: one("method"), path: one("path"), headers, body } };
}
