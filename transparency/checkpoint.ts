// Checkpoints: C2SP tlog-checkpoint, "Note text": origin, size, root, each on a line of its own. No extension lines are
// written, since no monitor can audit them; such lines of another log's are let pass and carry no meaning.
import { fromBase64, toBase64, utf8 } from "../protocol/encoding.ts";
import { type Bytes, HASH_BYTES } from "./hash.ts";
import { type NoteFault, openNote, signNote } from "./note.ts";
import type { NoteSigner, NoteVerifier } from "./vkey.ts";

export interface Checkpoint {
  /** names the log; equal to the key's name in all that is signed here */
  readonly origin: string;
  /** entries */
  readonly size: number;
  readonly root: Bytes;
}

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Reads a note's text; null where it is no checkpoint. It is worth what the note's signature is worth. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const lines = text.split("\n");
  const last = lines.pop();
  const [origin, size, root] = lines;
  if (last !== "" || origin === undefined || size === undefined || root === undefined) return null;
  if (lines.some((line) => line === "") || !/^(?:0|[1-9]\d{0,15})$/.test(size)) return null;
  const count = Number(size);
  const hash = decodeRoot(root);
  return hash === null || !Number.isSafeInteger(count) ? null : { origin, size: count, root: hash };
}

/** The checkpoint as a signed note, under the signer's name as origin. */
export function signCheckpoint(tree: { size: number; root: Bytes }, signer: NoteSigner): Promise<string> {
  return signNote(formatCheckpoint({ origin: signer.name, ...tree }), signer);
}

export type OpenedCheckpoint =
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | { readonly ok: false; readonly fault: NoteFault | "not_a_checkpoint" | "wrong_origin" };

/** The checkpoint, if the verifier's key signed it and its origin is the key's name: another log's is no answer. */
export async function openCheckpoint(note: Bytes | string, verifier: NoteVerifier): Promise<OpenedCheckpoint> {
  const opened = await openNote(typeof note === "string" ? utf8(note) : note, verifier);
  if (!opened.ok) return opened;
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint === null) return { ok: false, fault: "not_a_checkpoint" };
  if (checkpoint.origin !== verifier.name) return { ok: false, fault: "wrong_origin" };
  return { ok: true, checkpoint };
}

function decodeRoot(text: string): Bytes | null {
  try {
    const root = fromBase64(text);
    return root.length === HASH_BYTES ? root : null;
  } catch {
    return null;
  }
}
