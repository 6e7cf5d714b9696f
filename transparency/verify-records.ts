// What must hold between the records of a log, seen by someone who has nothing but its entries.
import { canonicalJson } from "../protocol/canonical-json.ts";
import { utf8 } from "../protocol/encoding.ts";
import type { Bytes } from "./hash.ts";
import { MAX_LEAF_BYTES, PERSONAL_NAMES } from "./leaf.ts";

/** What is wrong with a record, or between two. */
export type RecordFault =
  | "entry_too_long"
  | "not_json"
  | "not_canonical"
  | "not_a_record"
  | "personal_data"
  | "bad_commitment"
  | "duplicate_record"
  | "outcome_without_intent"
  | "refused_and_admitted"
  | "sequence_gap";

const KINDS = ["intent", "outcome", "refusal", "admin", "tally"] as const;
type Kind = (typeof KINDS)[number];
const KIND_BITS: Readonly<Record<Kind, number>> = { intent: 1, outcome: 2, refusal: 4, admin: 8, tally: 16 };

/** Fed with every entry in order. Holds a number for each request id: some 100 bytes a request. */
export class RecordChecker {
  readonly #kinds = new Map<string, number>();
  readonly #lastSeq = new Map<string, number>();

  /** Requests that were admitted and whose end is not in the log yet. */
  get open(): number {
    let open = 0;
    for (const kinds of this.#kinds.values())
      if ((kinds & (KIND_BITS.intent | KIND_BITS.outcome)) === KIND_BITS.intent) open++;
    return open;
  }

  /** Sources whose records stand in the log. */
  get sources(): number {
    return this.#lastSeq.size;
  }

  check(entry: Bytes): RecordFault[] {
    if (entry.length > MAX_LEAF_BYTES) return ["entry_too_long"];
    const record = parseRecord(entry);
    if (typeof record === "string") return [record];
    return [...personalFaults(record), ...this.#pairing(record), ...this.#sequence(record)];
  }

  #pairing(record: ParsedRecord): RecordFault[] {
    const before = this.#kinds.get(record.requestId) ?? 0;
    const bit = KIND_BITS[record.kind];
    this.#kinds.set(record.requestId, before | bit);
    if ((before & bit) !== 0) return ["duplicate_record"];
    if (record.kind === "outcome" && (before & KIND_BITS.intent) === 0) return ["outcome_without_intent"];
    if (record.kind === "intent" && (before & KIND_BITS.refusal) !== 0) return ["refused_and_admitted"];
    if (record.kind === "refusal" && (before & KIND_BITS.intent) !== 0) return ["refused_and_admitted"];
    return [];
  }

  #sequence({ source, seq }: ParsedRecord): RecordFault[] {
    const expected = (this.#lastSeq.get(source) ?? 0) + 1;
    this.#lastSeq.set(source, seq);
    return seq === expected ? [] : ["sequence_gap"];
  }
}

interface ParsedRecord {
  readonly kind: Kind;
  readonly requestId: string;
  readonly source: string;
  readonly seq: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

function parseRecord(entry: Bytes): ParsedRecord | RecordFault {
  let text: string;
  let fields: Record<string, unknown>;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(entry);
    fields = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return "not_json";
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return "not_a_record";
  // a duplicate key is caught here as well: it does not survive a parse
  if (canonicalOrNull(fields) !== text || utf8(text).length !== entry.length) return "not_canonical";
  const { kind, request_id: requestId, source, seq } = fields;
  const known = KINDS.find((name) => name === kind);
  if (known === undefined || typeof requestId !== "string" || typeof source !== "string") return "not_a_record";
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) return "not_a_record";
  return { kind: known, requestId, source, seq, fields };
}

function personalFaults({ fields }: ParsedRecord): RecordFault[] {
  const faults: RecordFault[] = [];
  if (PERSONAL_NAMES.some((name) => Object.hasOwn(fields, name))) faults.push("personal_data");
  const { commitments } = fields;
  const given = typeof commitments === "object" && commitments !== null ? Object.entries(commitments) : null;
  const names: readonly string[] = PERSONAL_NAMES;
  const good = given?.every(([name, value]) => names.includes(name) && /^[A-Za-z0-9_-]{43}$/.test(String(value)));
  if (good !== true) faults.push("bad_commitment");
  return faults;
}

function canonicalOrNull(value: unknown): string | null {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
}
