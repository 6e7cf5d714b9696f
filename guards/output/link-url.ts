// Judges one link as a browser would read it (WHATWG URL): references and escapes undone, white space within it gone,
// `\` for `/`, `//host`, user names before the host, percent-encoded and international hosts.
import { ESCAPE, undone } from "./escapes.ts";
import { dataPlace } from "./link-data.ts";
import type { LinkRules } from "./link-rules.ts";

/** Where a link's text stands, which decides how it is escaped. */
export type LinkSyntax = "markdown" | "definition" | "autolink" | "attribute" | "css" | "bare";

const BASE = "http://relative.invalid/";
const BASE_HOST = "relative.invalid";
const SAFE_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp|avif|bmp)[;,]/i;
const ABSOLUTE = /(?:[a-z][a-z0-9+.-]{0,20}:)?[\\/]{2}[^\s,"'<>]+/gi;
const REFERENCE = /^&/;

/** The rule that the link breaks, or null. @param loaded a client fetches it by itself */
export function judgeLink(text: string, syntax: LinkSyntax, loaded: boolean, rules: LinkRules): string | null {
  for (const candidate of candidates(text, syntax)) {
    const broken = judgeUrl(candidate, loaded, rules);
    if (broken !== null) return broken;
  }
  return null;
}

/** An image within the link itself: it may be long and goes nowhere. */
export function isInlineImage(text: string): boolean {
  return SAFE_IMAGE.test(text.replace(/^[\s<"']+/, ""));
}

/** Whether it points to a listed host, or to none, whatever else it holds. */
export function staysHome(text: string, syntax: LinkSyntax, rules: LinkRules): boolean {
  return candidates(text, syntax).every((candidate) => {
    const url = parsed(candidate);
    return url === null || isHome(url, rules);
  });
}

function* candidatesOf(text: string, syntax: LinkSyntax): Generator<string> {
  const plain = withoutEscapes(text, syntax);
  const trimmed = plain.trim().replace(/^</, "");
  const [first = ""] = trimmed.split(/[\s>]/, 1);
  yield syntax === "bare" && /^www\./i.test(first) ? `http://${first}` : first;
  if (syntax === "bare") return;
  // some readers mend a link with white space in it; a title is none of it
  yield trimmed.replace(/\s["'(][\s\S]*$/, "").replace(/[\s>]+/g, "");
  // `srcset`, `content="0;url=…"`, or what a lenient reader finds
  for (const [absolute] of plain.matchAll(ABSOLUTE)) yield absolute;
}

function candidates(text: string, syntax: LinkSyntax): readonly string[] {
  return [...new Set(candidatesOf(text, syntax))];
}

function withoutEscapes(text: string, syntax: LinkSyntax): string {
  // references and what no one sees; percent-encoding is the URL's own affair
  const shown = text.replace(ESCAPE, (whole, ...rest) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    const shows = REFERENCE.test(whole) || groups.hidden !== undefined || groups.styled !== undefined;
    return shows ? String(undone(groups)) : whole;
  });
  const tight = shown.replace(/[\t\n\r]/g, "");
  if (syntax === "markdown" || syntax === "definition") return tight.replace(/\\([!-/:-@[-`{-~])/g, "$1");
  if (syntax !== "css") return tight;
  return tight
    .replace(/\\([0-9a-f]{1,6})\s?/gi, (_, hex: string) => character(Number.parseInt(hex, 16)))
    .replace(/^\s*["']|["']\s*$/g, "");
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function parsed(text: string): URL | null {
  return URL.canParse(text, BASE) ? new URL(text, BASE) : null;
}

function isHome(url: URL, rules: LinkRules): boolean {
  const { hostname } = url;
  return hostname === "" || hostname === BASE_HOST || rules.listed(hostname);
}

function judgeUrl(text: string, loaded: boolean, rules: LinkRules): string | null {
  const url = parsed(text);
  if (url === null) return null;
  if (url.protocol === "javascript:" || url.protocol === "vbscript:") return "output.link_script";
  if (url.protocol === "data:") return SAFE_IMAGE.test(url.href) ? null : "output.link_data_url";
  if (isHome(url, rules)) return null;
  const allowed = loaded ? rules.images : rules.links;
  if (allowed === "any") return null;
  if (allowed === "none") return loaded ? "output.image_foreign" : "output.link_foreign";
  if (dataPlace(url, loaded) === null) return null;
  return loaded ? "output.image_data" : "output.link_data";
}
