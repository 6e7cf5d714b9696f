// The fields Signature-Input and Signature (RFC 9421, section 4) as a client sends them: one signature, with the
// components in any order and the parameters in any order, in the one canonical spelling of structured fields
// (RFC 8941), so that the text that was sent is the text that was signed. And the base (section 2.5) that they mean.
import { fromBase64 } from "../protocol/encoding.ts";
import { isFieldValue } from "./message-signature.ts";

export interface SignatureInput {
  /** derived components and field names, each once, lower case */
  readonly components: readonly string[];
  /** text parameters without their quotes, numbers as numbers */
  readonly params: ReadonlyMap<string, string | number>;
  /** the value of `@signature-params`: components and parameters as they were sent */
  readonly text: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

const MAX_LENGTH = 4096;
const INPUT =
  /^([a-z][a-z0-9_-]{0,31})=(\(([^()]*)\)((?:;[a-z]{1,16}=(?:\d{1,12}|"[\x20\x21\x23-\x5b\x5d-\x7e]{0,512}"))*))$/;
const PARAM = /;([a-z]+)=(?:(\d+)|"([^"]*)")/g;
const COMPONENT = /^"(@?[a-z0-9][a-z0-9-]{0,63})"$/;
const MAX_COMPONENTS = 32;

/** Null for more or fewer signatures than one, for another spelling, and for components with parameters. */
export function readSignatureInput(inputField: string, signatureField: string): SignatureInput | null {
  if (inputField.length > MAX_LENGTH || signatureField.length > MAX_LENGTH) return null;
  const [, label, text, list, paramText] = INPUT.exec(inputField) ?? [];
  if (label === undefined || text === undefined || list === undefined || paramText === undefined) return null;
  const components = componentsOf(list);
  const params = paramsOf(paramText);
  const signature = signatureOf(signatureField, label);
  return components === null || params === null || signature === null ? null : { components, params, text, signature };
}

function componentsOf(list: string): readonly string[] | null {
  const components = list.split(" ").map((item) => COMPONENT.exec(item)?.[1]);
  if (components.length > MAX_COMPONENTS || new Set(components).size !== components.length) return null;
  const known = components.filter((component) => component !== undefined);
  return known.length === components.length ? known : null;
}

function paramsOf(text: string): ReadonlyMap<string, string | number> | null {
  const params = new Map<string, string | number>();
  for (const [, name = "", digits, quoted = ""] of text.matchAll(PARAM)) {
    // of two the last would count (RFC 8941, section 4.2.3.2), and a reader of the log would see the first
    if (params.has(name) || (digits?.startsWith("0") && digits !== "0")) return null;
    params.set(name, digits === undefined ? quoted : Number(digits));
  }
  return params;
}

function signatureOf(field: string, label: string): Uint8Array<ArrayBuffer> | null {
  if (!field.startsWith(`${label}=:`) || !field.endsWith(":")) return null;
  try {
    return fromBase64(field.slice(label.length + 2, -1));
  } catch {
    return null;
  }
}

/** A request as its signature sees it. */
export interface SignedMessage {
  readonly method: string;
  /** the absolute URL, as the client addressed it */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
}

/** The base (section 2.5), or null where a covered component is absent or could not be told from another line. */
export function signatureBase(message: SignedMessage, components: readonly string[], text: string): string | null {
  const lines: string[] = [];
  for (const component of components) {
    const value = component.startsWith("@") ? derived(message, component) : message.headers.get(component);
    if (value === null || !isFieldValue(value)) return null;
    lines.push(`"${component}": ${value}`);
  }
  return [...lines, `"@signature-params": ${text}`].join("\n");
}

/** Derived components of a request (section 2.2); a fragment never goes over the wire. */
function derived({ method, url }: SignedMessage, component: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname, search } = new URL(url);
  switch (component) {
    case "@method":
      return method;
    case "@target-uri":
      return `${protocol}//${host}${pathname}${search}`;
    case "@authority":
      return host;
    case "@scheme":
      return protocol.slice(0, -1);
    case "@request-target":
      return pathname + search;
    case "@path":
      return pathname;
    case "@query":
      // section 2.2.7: an absent query is signed as a lone question mark
      return search === "" ? "?" : search;
    default:
      return null;
  }
}
