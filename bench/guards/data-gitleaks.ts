// What gitleaks itself would report of a text, by all rules of its own configuration together: its cases, and Nosey
// Parker's, call a text negative of one rule, however much of a secret it is by another.
import { readSecrets } from "./data-corpora.ts";

interface Allowlist {
  readonly target: "secret" | "match" | "line";
  readonly regexes: readonly RegExp[];
  readonly stopwords: readonly string[];
}

interface Rule {
  readonly id: string;
  readonly regex: RegExp;
  readonly group: number;
  readonly entropy: number;
  readonly keywords: readonly string[];
  readonly allowlists: readonly Allowlist[];
}

/** The ids of its rules that find something in a text, as its `detect` command goes about it (paths apart). */
export function gitleaksRules(): (text: string) => readonly string[] {
  const [head = "", ...tables] = readSecrets("gitleaks.toml").split(/^\[\[rules\]\]$/m);
  const common = allowlistsOf(head.slice(head.indexOf("[allowlist]")));
  const rules = tables.flatMap((table) => ruleOf(table, common) ?? []);
  return (text) => rules.filter((rule) => finds(rule, text)).map(({ id }) => id);
}

function ruleOf(table: string, common: readonly Allowlist[]): Rule | undefined {
  const own = table.split(/^\[\[rules\.allowlists\]\]$/m)[0] ?? "";
  const source = /^regex = '''([\s\S]*?)'''$/m.exec(own)?.[1];
  if (source === undefined) return undefined;
  return {
    id: /^id = "(.*)"$/m.exec(own)?.[1] ?? "",
    regex: translated(source, "g"),
    group: Number(/^secretGroup = (\d+)$/m.exec(own)?.[1] ?? 0),
    entropy: Number(/^entropy = ([\d.]+)$/m.exec(own)?.[1] ?? 0),
    keywords: stringsOf(own, "keywords"),
    allowlists: [
      ...common,
      ...table
        .split(/^\[\[rules\.allowlists\]\]$/m)
        .slice(1)
        .flatMap(allowlistsOf),
    ],
  };
}

/** Those that need a path, too, are of files, which a text is none of. */
function allowlistsOf(table: string): readonly Allowlist[] {
  if (/^condition = "AND"$/m.test(table)) return [];
  const target = /^regexTarget = "(match|line)"$/m.exec(table)?.[1] ?? "secret";
  const regexes = /^regexes = \[\n([\s\S]*?)\n\]$/m.exec(table)?.[1] ?? "";
  return [
    {
      target: target as Allowlist["target"],
      regexes: [...regexes.matchAll(/'''([\s\S]*?)'''/g)].map(([, source = ""]) => translated(source, "")),
      stopwords: stringsOf(table, "stopwords"),
    },
  ];
}

function stringsOf(table: string, name: string): readonly string[] {
  const list = new RegExp(`^${name} = \\[([\\s\\S]*?)\\]$`, "m").exec(table)?.[1] ?? "";
  return [...list.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word.toLowerCase());
}

/** From RE2's dialect: a flag in the middle holds to the end of its group. */
function translated(source: string, flags: string): RegExp {
  let text = source
    .replaceAll("\\z", "$(?![\\s\\S])")
    .replaceAll("[[:alnum:]]", "[A-Za-z0-9]")
    .replaceAll("(?P<", "(?<");
  for (let at = text.lastIndexOf("(?i)"); at >= 0; at = text.lastIndexOf("(?i)")) {
    let depth = 0;
    let end = at + 4;
    for (let inClass = false; end < text.length; end++) {
      const char = text[end];
      if (char === "\\") end++;
      else if (char === "[" && !inClass) inClass = true;
      else if (char === "]" && inClass && text[end - 1] !== "[" && text.slice(end - 2, end) !== "[^") inClass = false;
      else if (inClass) continue;
      else if (char === "(") depth++;
      else if (char === ")" && depth-- === 0) break;
    }
    text = `${text.slice(0, at)}(?i:${text.slice(at + 4, end)})${text.slice(end)}`;
  }
  // within a class RE2 takes brackets as they stand
  return new RegExp(text.replace(/\[\^\]\]/g, "[^\\]]"), flags);
}

function finds(rule: Rule, text: string): boolean {
  const lower = text.toLowerCase();
  if (rule.keywords.length > 0 && !rule.keywords.some((word) => lower.includes(word))) return false;
  for (const match of text.matchAll(rule.regex)) {
    const secret = match[rule.group] ?? "";
    const found = rule.group > 0 ? secret : (match.slice(1).find((group) => group !== undefined) ?? match[0]);
    if (rule.entropy > 0 && entropy(found) <= rule.entropy) continue;
    const line = text.slice(text.lastIndexOf("\n", match.index) + 1).split("\n", 1)[0] ?? "";
    const targets = { secret: found, match: match[0], line };
    const allowed = rule.allowlists.some(
      ({ target, regexes, stopwords }) =>
        regexes.some((regex) => regex.test(targets[target])) ||
        stopwords.some((word) => found.toLowerCase().includes(word)),
    );
    if (!allowed) return true;
  }
  return false;
}

function entropy(text: string): number {
  const counts = Map.groupBy(text, (char) => char);
  return [...counts.values()].reduce(
    (bits, { length }) => bits - (length / text.length) * Math.log2(length / text.length),
    0,
  );
}
