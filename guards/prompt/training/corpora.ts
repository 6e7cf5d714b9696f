// Reads the corpora beside the repository: one row a text, with its family, its role and its label.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** Not in the repository; whoever has no corpora can neither train nor measure, and is told so. */
export const CORPORA = fileURLToPath(new URL("../../../../shared/corpora/prompts/", import.meta.url));

export interface CorpusRow {
  readonly corpus: string;
  readonly category: string;
  readonly source: string;
  readonly text: string;
  /** "injection", "benign", or "harmful": a harmful request that is no injection */
  readonly label: "injection" | "benign" | "harmful";
  readonly role: "user" | "tool";
  readonly pair: string | null;
}

export function haveCorpora(): boolean {
  return existsSync(CORPORA);
}

export function readCorpora(): CorpusRow[] {
  return readdirSync(CORPORA)
    .filter((file) => file.endsWith(".jsonl.gz"))
    .sort()
    .flatMap((file) => readCorpus(file.replace(".jsonl.gz", "")));
}

export function readCorpus(corpus: string): CorpusRow[] {
  const lines = gunzipSync(readFileSync(`${CORPORA}${corpus}.jsonl.gz`))
    .toString("utf8")
    .split("\n");
  const rows: CorpusRow[] = [];
  for (const line of lines) {
    if (line === "") continue;
    const row = parse(corpus, line);
    if (row !== null) rows.push(row);
  }
  return rows;
}

function parse(corpus: string, line: string): CorpusRow | null {
  const raw: unknown = JSON.parse(line);
  if (typeof raw !== "object" || raw === null) return null;
  const field = (name: string): unknown => (raw as Record<string, unknown>)[name];
  const text = field("text");
  if (typeof text !== "string" || text.trim() === "") return null;
  const category = String(field("category") ?? "");
  // the corpora's README asks for this: those rows are chat logs, not requests
  if (corpus === "gpteacher-toolformer" && /^\s*(?:user|human|assistant|ai)\s*:/im.test(text)) return null;
  const label = field("label");
  const harmful = corpus === "advbench" || label === "redteam-question";
  const role = field("role") === "tool" || corpus === "bipia-context-train" ? "tool" : "user";
  const pair = field("pair");
  return {
    corpus: corpus === "jbb-artifacts" && category === "JBC" ? "jbb-artifacts/JBC" : corpus,
    category,
    source: String(field("source") ?? ""),
    text,
    label: harmful ? "harmful" : label === 1 ? "injection" : "benign",
    role,
    pair: pair === undefined || pair === null ? null : String(pair),
  };
}
