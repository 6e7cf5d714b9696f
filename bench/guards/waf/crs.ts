// The regression suite of the OWASP Core Rule Set as raw requests, sent as the suite's own runner sends them, each with the
// paranoia level of the rule that it is a test of (coreruleset/coreruleset 2cbd1d0, `rules/`).
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Sample } from "./sample.ts";

interface CrsRow {
  readonly rule_id: number;
  readonly label: string;
  readonly input: {
    readonly method?: string;
    readonly uri?: string;
    readonly version?: string;
    readonly headers?: Readonly<Record<string, string | number>>;
    readonly data?: string;
    readonly encoded_request?: string;
    readonly autocomplete_headers?: boolean;
  };
}

export function crs(file: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of gunzipSync(readFileSync(file)).toString().split("\n")) {
    if (line === "") continue;
    const row = JSON.parse(line) as CrsRow;
    if (row.label !== "attack" && row.label !== "must_not_match") continue;
    const group = String(row.rule_id).slice(0, 3);
    const request = requestOf(row.input);
    samples.push({
      family: "crs-regression",
      group,
      attack: row.label === "attack",
      text: `${row.rule_id} ${request}`,
      request,
      // rules from 949 on judge scores and answers, not requests
      substance: !isOfAnswers(group),
      level: LEVELS.get(row.rule_id) ?? 1,
    });
  }
  return samples;
}

export function isOfAnswers(group: string): boolean {
  return group >= "949" && group <= "980";
}

function requestOf(input: CrsRow["input"]): string {
  if (input.encoded_request !== undefined) return Buffer.from(input.encoded_request, "base64").toString("latin1");
  const headers = Object.entries(input.headers ?? {});
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const has = (wanted: string): boolean => headers.some(([name]) => name.toLowerCase() === wanted);
  // the runner completes a request unless its row forbids that: a body has a type and a length, and the connection ends
  if (input.autocomplete_headers !== false) {
    if (input.data !== undefined && !has("content-type"))
      head.push("Content-Type: application/x-www-form-urlencoded\r\n");
    if (input.data !== undefined && !has("content-length") && !has("transfer-encoding"))
      head.push(`Content-Length: ${Buffer.byteLength(input.data)}\r\n`);
    if (!has("connection")) head.push("Connection: close\r\n");
  }
  return `${input.method ?? "GET"} ${input.uri ?? "/"} ${input.version ?? "HTTP/1.1"}\r\n${head.join("")}\r\n${input.data ?? ""}`;
}

/** Rules of the set by their paranoia level; what stands in no list is of level 1. */
const LEVELS: ReadonlyMap<number, 2 | 3 | 4> = new Map([
  ...list(
    2,
    "920121 920200 920201 920230 920240 920271 920320 920451 920650 921151 921422 930121 931130 931131 932131 932161 932200 932205 932206 932207 932210 932220 932231 932236 932239 932240 932271 932281 932300 932310 932320 932371 932390 933151 933152 933153 934101 934120 934140 934180 934220 941101 941150 941181 941320 941330 941340 941380 942101 942120 942130 942131 942150 942152 942180 942200 942210 942260 942300 942310 942321 942330 942340 942361 942362 942370 942380 942390 942400 942410 942430 942440 942450 942470 942480 942510 942520 942521 942522 944151 944200 944210 944240 944250 944260 953101 954101 956110",
  ),
  ...list(
    3,
    "920272 920300 920490 920510 920521 921180 921210 921230 932190 932232 932237 932238 932290 932301 932311 932321 932331 932350 933111 933131 933161 933190 933211 934210 942251 942420 942431 942460 942490 942511 942530 944300",
  ),
  ...list(4, "920202 920273 920274 920275 920460 921220 942421 942432 944152"),
]);

function list<L extends number>(level: L, ids: string): [number, L][] {
  return ids.split(" ").map((id) => [Number(id), level]);
}
