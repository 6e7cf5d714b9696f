// Signed notes: C2SP signed-note, "Format" and "Signatures". The text means nothing until `openNote` gave it out.
import { concat, equalBytes, fromBase64, toBase64, utf8 } from "../protocol/encoding.ts";
import type { Bytes } from "./hash.ts";
import { isKeyName, type NoteSigner, type NoteVerifier } from "./vkey.ts";

export interface NoteLimits {
  /** bytes of a whole note: bounds what a hostile log makes a verifier hold */
  readonly maxBytes: number;
  /** signature lines: each that fits costs a verification; the specification demands at least 16 */
  readonly maxSignatures: number;
}

export const NOTE_LIMITS: NoteLimits = { maxBytes: 256 * 1024, maxSignatures: 64 };

/** Why a note is no good. */
export type NoteFault = "malformed" | "too_large" | "unknown_key" | "bad_signature";
export type OpenedNote =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: NoteFault };

interface SignatureLine {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

/**
 * A note over the text, signed by one key.
 * @param text ends in a newline; no other control character
 * @throws RangeError where the text cannot be a note's
 */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  if (!text.isWellFormed() || !text.endsWith("\n") || hasControl(text)) throw new RangeError("not a note's text");
  const signature = concat(signer.keyId, await signer.sign(utf8(text)));
  return `${text}\n— ${signer.name} ${toBase64(signature)}\n`;
}

/**
 * The text, if this verifier's key signed it. Lines of other keys are passed over, as rotation and witnesses need; a
 * line of this key that fails spoils the note, and so does a line that is none.
 */
export async function openNote(
  note: Bytes,
  verifier: NoteVerifier,
  limits: NoteLimits = NOTE_LIMITS,
): Promise<OpenedNote> {
  if (note.length > limits.maxBytes) return { ok: false, fault: "too_large" };
  const parts = parseNote(note, limits);
  if (parts === null) return { ok: false, fault: "malformed" };
  const own = parts.signatures.filter((line) => line.name === verifier.name && equalBytes(line.keyId, verifier.keyId));
  if (own.length === 0) return { ok: false, fault: "unknown_key" };
  const text = utf8(parts.text);
  for (const { signature } of own)
    if (signature.length !== 64 || !(await verifier.verify(text, signature)))
      return { ok: false, fault: "bad_signature" };
  return { ok: true, text: parts.text };
}

function parseNote(note: Bytes, limits: NoteLimits): { text: string; signatures: SignatureLine[] } | null {
  const whole = decodeStrict(note);
  if (whole === null || hasControl(whole) || !whole.endsWith("\n")) return null;
  const split = whole.lastIndexOf("\n\n");
  if (split < 0) return null;
  const lines = whole.slice(split + 2, -1).split("\n");
  if (lines.length > limits.maxSignatures) return null;
  const signatures = lines.map(parseSignature);
  if (!signatures.every((line) => line !== null)) return null;
  return { text: whole.slice(0, split + 1), signatures };
}

function parseSignature(line: string): SignatureLine | null {
  const [dash, name, encoded, ...rest] = line.split(" ");
  if (dash !== "—" || name === undefined || encoded === undefined || rest.length > 0 || !isKeyName(name)) return null;
  try {
    const bytes = fromBase64(encoded);
    // an id and at least something that it signed
    return bytes.length > 4 ? { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) } : null;
  } catch {
    return null;
  }
}

function decodeStrict(bytes: Bytes): string | null {
  try {
    // ignoreBOM: a leading BOM is part of the text that was signed
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}
