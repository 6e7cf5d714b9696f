// The bench sends rows of the CRS suite as its own runner would: what a row leaves out is completed, unless it forbids that.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crs } from "../../bench/guards/waf/crs.ts";
import type { Sample } from "../../bench/guards/waf/sample.ts";

function read(...rows: readonly object[]): Sample[] {
  const folder = mkdtempSync(join(tmpdir(), "crs-"));
  try {
    const file = join(folder, "a.jsonl.gz");
    writeFileSync(file, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join("")));
    return crs(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const row = (input: object, more: object = {}): object => ({ rule_id: 942100, label: "attack", input, ...more });

describe("a row of the suite", () => {
  it("gets the type and length of its body, and an end of the connection", () => {
    const [sample] = read(row({ method: "POST", uri: "/a", headers: { Host: "b" }, data: "c=é" }));
    expect(sample?.request).toBe(
      "POST /a HTTP/1.1\r\nHost: b\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\nConnection: close\r\n\r\nc=é",
    );
  });

  it("stays as it is where it forbids that, or is a whole request", () => {
    const input = { method: "POST", headers: { Host: "b" }, data: "c", autocomplete_headers: false };
    const raw = "GET / HTTP/1.1\r\n\r\n";
    expect(read(row(input), row({ encoded_request: btoa(raw) })).map((sample) => sample.request)).toEqual([
      "POST / HTTP/1.1\r\nHost: b\r\n\r\nc",
      raw,
    ]);
  });

  it("has its rule's level, and is no attack in a request where its rule judges answers", () => {
    const samples = read(
      row({}),
      row({}, { rule_id: 942490 }),
      row({}, { rule_id: 951110 }),
      row({}, { label: "must_not_match" }),
      row({}, { label: "other" }),
    );
    expect(samples.map(({ level, substance, attack }) => [level, substance, attack])).toEqual([
      [1, true, true],
      [3, true, true],
      [1, false, true],
      [1, true, false],
    ]);
  });
});
