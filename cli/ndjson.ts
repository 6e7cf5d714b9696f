// NDJSON, a line in and a line out: what the commands that judge recorded material read and write.
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { UsageError } from "./exit.ts";

/**
 * Objects of a file, or of standard input for `-`, with the number of the line they stand in.
 * @throws UsageError naming the line that holds no object
 */
export async function* readNdjson(
  path: string,
): AsyncGenerator<{ readonly line: number; readonly value: Record<string, unknown> }, void, undefined> {
  const input = path === "-" ? process.stdin : createReadStream(path);
  const failed = once(input, "error").then(([error]) => {
    throw new UsageError(`Cannot read ${path}: ${(error as Error).message}`);
  });
  failed.catch(() => {});
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() !== "") yield { line, value: parseObject(text, line) };
  }
  if (input.errored) await failed;
}

function parseObject(text: string, line: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new UsageError(`Line ${line} is not a JSON object.`);
}

/** Waits while the reader is slower, so that memory stays flat over any number of lines. */
export async function writeNdjson(value: object): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await once(process.stdout, "drain");
}
