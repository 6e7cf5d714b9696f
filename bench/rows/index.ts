// The rows of a run, in the order of the report.
import type { Row } from "../row.ts";
import { bartizanRow } from "./bartizan.ts";
import { floorRow } from "./floor.ts";
import { proxyRow } from "./proxy.ts";

export const ROWS: readonly Row[] = [proxyRow, floorRow, bartizanRow];
export const ROW_NAMES: readonly string[] = ROWS.map((row) => row.name);
