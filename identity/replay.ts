// Names under which one-time things stand in a ledger's replay cache: a DPoP proof, a client's assertion, a signed
// request. A digest, so that the sender neither chooses the length of what is stored nor can make two names collide.
import { canonicalJson } from "../protocol/canonical-json.ts";
import { toBase64Url, utf8 } from "../protocol/encoding.ts";

export type ReplayKind = "dpop" | "assertion" | "signature" | "external";

/** What must not be seen twice, and until when it could be shown again: past that it is refused without being known. */
export interface ReplayGuard {
  /** `KIND:` and 43 characters of base64url */
  readonly replayKey: string;
  readonly replayUntilMs: number;
}

/** @param parts whose it is and what names it there; the sender's text may be anything */
export async function replayKeyOf(kind: ReplayKind, ...parts: readonly string[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", utf8(canonicalJson([kind, ...parts])));
  return `${kind}:${toBase64Url(new Uint8Array(digest))}`;
}
