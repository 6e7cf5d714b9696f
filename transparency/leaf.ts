// What stands in the log for an audit record, and what lies beside it.
//
// The leaf is canonical JSON (RFC 8785) of the record's open fields, its place in its source's outbox, and for each
// personal field NAME a commitment:
//     commitments.NAME = base64url(SHA-256(salt || UTF-8(value)))        salt: 16 random bytes, fresh for each field
// The opening {salt, value} is stored beside the log. Whoever is shown an opening can check it against the leaf, and so
// against the signed checkpoint. Once it is erased the commitment says nothing: an address or a subject could be guessed
// from a bare hash, but not from one with 128 unknown bits before it. The name is not hashed, since the leaf binds it.
//
// `source` and `seq` stand in the leaf so that an auditor sees a record that was left out: each source's numbers are
// 1, 2, 3 … without a gap.

import type { AuditEnvelope, PersonalFields } from "../protocol/audit.ts";
import { canonicalJson } from "../protocol/canonical-json.ts";
import { concat, equalBytes, fromBase64Url, toBase64Url, utf8 } from "../protocol/encoding.ts";
import type { Bytes, Sha256 } from "./hash.ts";
import { boundFields } from "./leaf-bounds.ts";

/** Longest leaf, in bytes. A bundle could hold four times as much; this bounds what one request can put into the log. */
export const MAX_LEAF_BYTES = 16 * 1024;
/** Longest personal value that is kept, in characters. */
export const MAX_PERSONAL_CHARS = 512;
export const SALT_BYTES = 16;

/** Names of the personal fields: no other gets an opening, and none of them may stand openly in a leaf. */
export const PERSONAL_NAMES = [
  "subject",
  "client_address",
  "client_addresses",
  "prompt_sha256",
  "result_sha256",
] as const satisfies readonly (keyof PersonalFields)[];
export type PersonalName = (typeof PERSONAL_NAMES)[number];

/** What shows that a commitment is one to this value. To hold it is to know the personal datum. */
export interface Opening {
  /** base64url of 16 bytes */
  readonly salt: string;
  readonly value: string;
}
export type Openings = Readonly<Partial<Record<PersonalName, Opening>>>;

export interface Leaf {
  /** canonical JSON, at most {@link MAX_LEAF_BYTES} */
  readonly bytes: Bytes;
  readonly openings: Openings;
}

/**
 * Never fails for what the record says: one that cannot be logged would stop its ledger's outbox for good. A record
 * that is too long is cut, and its leaf says so with `truncated: true`.
 * @param salt gives 16 fresh random bytes at each call
 */
export async function buildLeaf(
  source: string,
  envelope: AuditEnvelope,
  salt: () => Uint8Array,
  sha256: Sha256,
): Promise<Leaf> {
  const commitments: Partial<Record<PersonalName, string>> = {};
  const openings: Partial<Record<PersonalName, Opening>> = {};
  for (const name of PERSONAL_NAMES) {
    const given = envelope.personal[name];
    if (given === undefined) continue;
    // the commitment is to the value as it is kept, so that its opening always fits
    const value = given.slice(0, MAX_PERSONAL_CHARS).toWellFormed();
    const saltBytes = salt();
    commitments[name] = toBase64Url(await sha256(concat(saltBytes, utf8(value))));
    openings[name] = { salt: toBase64Url(saltBytes), value };
  }
  const place = { source, seq: envelope.seq, commitments };
  return { bytes: leafBytes({ ...envelope.open, ...place }, place), openings };
}

function leafBytes(record: object, place: object): Bytes {
  const plain = canonicalOrNull(record);
  if (plain !== null && plain.length <= MAX_LEAF_BYTES) return plain;
  return utf8(canonicalJson({ ...boundFields(record), ...place, truncated: true }));
}

function canonicalOrNull(record: object): Bytes | null {
  try {
    const text = canonicalJson(record);
    // a lone surrogate has no UTF-8; encoding would replace it, and the leaf would not be what was meant
    return text.isWellFormed() ? utf8(text) : null;
  } catch {
    return null;
  }
}

/** Whether the opening is the one that this commitment was made from. */
export async function opensCommitment(commitment: string, opening: Opening, sha256: Sha256): Promise<boolean> {
  try {
    const salt = fromBase64Url(opening.salt);
    if (salt.length !== SALT_BYTES) return false;
    return equalBytes(fromBase64Url(commitment), await sha256(concat(salt, utf8(opening.value))));
  } catch {
    return false;
  }
}
