// What commands print: one JSON document with --json, else a table or plain lines.
import Table from "cli-table3";

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Columns are named after the head; a long cell is not cut, since ids are there to be copied. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): void {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    chars: BARE,
  });
  for (const row of rows) table.push(row.map((cell) => plain(cell)));
  printLine(table.toString().replace(/ +$/gm, ""));
}

/** Names come from whoever made the key: nothing in them may steer a terminal. */
export function plain(value: string | number | null): string {
  return value === null ? "–" : String(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}

const BARE = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};
