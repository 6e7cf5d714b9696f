// A key or client as the API describes it, for people.
import { plain, printLine } from "../../output.ts";

export function printKey(key: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(key)) printLine(`${name.padEnd(14)} ${textOf(value)}`);
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map((item) => plain(String(item))).join(" ");
  if (typeof value !== "object" || value === null) return plain(value === null ? null : String(value));
  const set = Object.entries(value).filter(([, limit]) => limit !== null);
  return set.length === 0 ? "–" : set.map(([name, limit]) => `${name}=${plain(String(limit))}`).join(" ");
}
