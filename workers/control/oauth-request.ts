// What an OAuth client sends, parsed once: its form and its Basic credentials.
import { fromBase64 } from "../../protocol/encoding.ts";

export type Form = ReadonlyMap<string, string>;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The form's parameters, or null where it is no form or a parameter is there twice (RFC 6749, section 3.2).
 * A parameter without a value counts as left out (the same section).
 */
export function readForm(contentType: string | undefined, bytes: Uint8Array): Form | null {
  if (!/^application\/x-www-form-urlencoded *(?:; *charset="?utf-8"? *)?$/i.test(contentType ?? "")) return null;
  const form = new Map<string, string>();
  const seen = new Set<string>();
  for (const pair of textOf(bytes)?.split("&") ?? [null]) {
    if (pair === "") continue;
    const equals = pair?.indexOf("=") ?? -1;
    const name = formDecoded(pair === null || equals < 0 ? pair : pair.slice(0, equals));
    const value = formDecoded(pair === null || equals < 0 ? "" : pair.slice(equals + 1));
    if (name === null || value === null || seen.has(name)) return null;
    seen.add(name);
    if (value !== "") form.set(name, value);
  }
  return form;
}

export interface BasicCredentials {
  readonly id: string;
  readonly secret: string;
}

/** RFC 7617, each part then form-encoded (RFC 6749, section 2.3.1); null for anything else. */
export function basicCredentials(authorization: string | undefined): BasicCredentials | null {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined || encoded.length > 4096) return null;
  const text = base64Text(encoded);
  const colon = text?.indexOf(":") ?? -1;
  if (text === null || colon < 1) return null;
  const id = formDecoded(text.slice(0, colon));
  const secret = formDecoded(text.slice(colon + 1));
  return id === null || secret === null || secret === "" ? null : { id, secret };
}

function formDecoded(text: string | null): string | null {
  if (text === null) return null;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

function base64Text(encoded: string): string | null {
  try {
    return textOf(fromBase64(encoded));
  } catch {
    return null;
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
