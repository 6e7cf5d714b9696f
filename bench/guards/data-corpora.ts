// What the data rules find in the corpora beside the repository: secrets of two scanners' own cases, personal data of
// Presidio's, and what is flagged in ordinary prompts. Figures only; no text of the corpora is kept.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../../../shared/corpora/", import.meta.url));

export function hasCorpora(): boolean {
  return existsSync(join(ROOT, "secrets.tar.gz")) && existsSync(join(ROOT, "pii"));
}

export interface SecretCase {
  readonly rule: string;
  readonly text: string;
  readonly secret: boolean;
}

export function secretCases(): readonly SecretCase[] {
  return ["gitleaks-cases.jsonl", "noseyparker-cases.jsonl"]
    .flatMap((name) => lines(readSecrets(name)))
    .map((row) => ({ rule: String(row.rule), text: String(row.text), secret: row.label === "secret" }));
}

/** A file of the archive of secrets' cases. @throws RangeError where it has no such file */
export function readSecrets(name: string): string {
  const files = untar(gunzipSync(readFileSync(join(ROOT, "secrets.tar.gz"))));
  const content = files.get(`secrets/${name}`) ?? files.get(`./secrets/${name}`);
  if (content === undefined) throw new RangeError(`no ${name} among the corpora`);
  return content;
}

export interface PersonalCase {
  readonly recognizer: string;
  readonly text: string;
  /** how many data the text holds */
  readonly count: number;
  /** their bounds where the case states them */
  readonly spans: readonly (readonly [number, number])[] | undefined;
}

/** Recognisers of names, places and the like, which take a model; and tests that are no cases of a kind of datum. */
const NOT_FORMS = /^(?:gliner|huggingface|spacy|stanza|transformers|pattern_|recognizer_result)/;

export function personalCases(): readonly PersonalCase[] {
  const rows = lines(gunzipSync(readFileSync(join(ROOT, "pii/presidio-recognizer-cases.jsonl.gz"))).toString());
  return rows.flatMap((row) => {
    const values: unknown = row.values;
    const recognizer = String(row.recognizer);
    if (!Array.isArray(values) || typeof values[0] !== "string" || NOT_FORMS.test(recognizer)) return [];
    const count = countOf(values);
    return count === undefined ? [] : [{ recognizer, text: values[0], count, spans: spansOf(values, count) }];
  });
}

function countOf(values: readonly unknown[]): number | undefined {
  const stated = values[1];
  if (typeof stated === "number") return stated;
  if (typeof stated === "boolean") return stated ? 1 : 0;
  return values.length === 1 ? 0 : undefined;
}

function spansOf(values: readonly unknown[], count: number): PersonalCase["spans"] {
  const spans = values.find((value) => Array.isArray(value) && value.length === count && value.every(isSpan));
  return Array.isArray(spans) && count > 0 ? (spans as (readonly [number, number])[]) : undefined;
}

function isSpan(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isInteger) && value[1] > value[0];
}

export function* ordinaryPrompts(): Generator<{ readonly family: string; readonly text: string }> {
  const folder = join(ROOT, "prompts");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl.gz")))
    for (const row of lines(gunzipSync(readFileSync(join(folder, file))).toString()))
      if (row.label === 0) yield { family: file.replace(".jsonl.gz", ""), text: String(row.text) };
}

function lines(content: string): readonly Record<string, unknown>[] {
  return content
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Regular files of a tar archive (POSIX.1-1988 header: name, size in octal at 124, blocks of 512). */
function untar(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at + 512 <= archive.length; ) {
    const name = archive.toString("latin1", at, at + 100).replace(/\0.*/s, "");
    const size = Number.parseInt(archive.toString("latin1", at + 124, at + 136), 8) || 0;
    if (name !== "" && size > 0) files.set(name, archive.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
