// One document of an external issuer, fetched as from a stranger: its address was judged before, but what answers there
// may be anything. No redirect is followed (it would be a second address that nobody judged), no credential is sent,
// type, size and time are bounded, and whatever is wrong is one of a few words for the log.
import { isIssuerUrl } from "../../../identity/issuer-rule.ts";
import { boundedBytes } from "../bounded-bytes.ts";

export interface DocumentRules {
  /** Bytes of the body, counted as they come. */
  readonly maxBytes: number;
  /** ends the fetch and the reading alike */
  readonly signal: AbortSignal;
  /** whether plain http to the machine itself is allowed: on a local platform */
  readonly loopback: boolean;
}

export type DocumentFault =
  | "address"
  | "unreachable"
  | "redirect"
  | "missing"
  | "status"
  | "type"
  | "size"
  | "encoding";

export type Document =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: DocumentFault };

/** `application/json`, `application/jwk-set+json` (RFC 7517, section 8.5.2) and the like; never HTML, never text. */
const JSON_TYPE = /^application\/(?:[a-z0-9.-]{1,64}\+)?json *(?:;|$)/i;

/** Never throws. */
export async function fetchDocument(address: string, rules: DocumentRules): Promise<Document> {
  if (!isIssuerUrl(address) || (!address.startsWith("https:") && !rules.loopback)) return failed("address");
  try {
    const response = await fetch(address, {
      headers: { accept: "application/json, application/jwk-set+json" },
      redirect: "manual",
      // a key that was withdrawn must not come back out of a cache between us
      cache: "no-store",
      signal: rules.signal,
    });
    const fault = faultOf(response);
    if (fault !== null) {
      await response.body?.cancel().catch(() => undefined);
      return failed(fault);
    }
    const read = await boundedBytes(response.body as ReadableStream<Uint8Array> | null, rules.maxBytes, rules.signal);
    if (read.ok) return decoded(read.bytes);
    return failed(read.fault === "size" ? "size" : "unreachable");
  } catch {
    return failed("unreachable");
  }
}

function decoded(bytes: Uint8Array): Document {
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes) };
  } catch {
    return failed("encoding");
  }
}

function faultOf(response: Response): DocumentFault | null {
  const { status } = response;
  if (status >= 300 && status < 400) return "redirect";
  if (status === 404 || status === 410) return "missing";
  if (status !== 200) return "status";
  return JSON_TYPE.test((response.headers.get("content-type") ?? "").slice(0, 200)) ? null : "type";
}

function failed(fault: DocumentFault): Document {
  return { ok: false, fault };
}
