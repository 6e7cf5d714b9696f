// The digest under which a policy is published and every audit record is judged. It is taken over the policy as it was
// parsed, defaults filled in: what a record names is what was in force, not how the file happened to be laid out.
import { canonicalJson } from "../protocol/canonical-json.ts";
import { toHex, utf8 } from "../protocol/encoding.ts";
import type { Policy } from "./schema.ts";

/** `sha256:` and 64 hex digits, over canonical JSON (RFC 8785). */
export async function policyDigest(policy: Policy): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", utf8(canonicalJson(policy)));
  return `sha256:${toHex(new Uint8Array(hash))}`;
}
