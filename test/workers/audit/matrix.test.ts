// The permission matrix, cell by cell, asked of audit over HTTP. The cells are the matrix's own data.
import { beforeAll, describe, expect, it } from "vitest";
import { ACTIONS, type ActionOf } from "../../../policy/actions.ts";
import { MATRIX_COLUMNS, printMatrix } from "../../../policy/matrix.ts";
import { append, get, newName, record, token } from "./support.ts";

const LOG = newName();
const at = (path: string): string => `/audit/v1/logs/${LOG}/${path}`;

/** Each of a log of acme's own: an action without an example does not compile. */
const EXAMPLES: Readonly<Record<ActionOf<"audit">, string>> = {
  "log.checkpoint": at("checkpoint"),
  "log.tile": at("tile/0/000.p/1"),
  "log.entries": at("tile/entries/000.p/1"),
  "log.records": at("records"),
  "sinks.list": "/audit/v1/sinks",
};

beforeAll(async () => void (await append({ log: LOG, source: "s", records: [record(1, "admin", "req_1")] })));

describe.each(ACTIONS.filter((row) => row.api === "audit"))("$action ($method $path)", ({ action, method }) => {
  it.each(MATRIX_COLUMNS)("by %s is what the matrix says", async (column) => {
    const allowed = printMatrix().find((row) => row.action === action)?.cells[column];
    const scope = column.replace("TENANT", "acme").replace(/MODEL|ORIGIN\/PATH/, "*");
    const response = await get(EXAMPLES[action], { authorization: `Bearer ${await token(scope)}` }, method);
    await response.arrayBuffer();
    expect(response.status).toBe(allowed ? 200 : 403);
  });
});
