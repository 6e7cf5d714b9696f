// The positive model of a request's head: methods, header shapes and content types that an API's clients send
// (RFC 9110, RFC 9112). What fits is let through here without any further look.
import type { HttpSurface, Violation } from "../surface.ts";

export const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;
const ONCE = new Set(
  "host content-length content-type authorization user-agent referer origin date from if-match if-modified-since if-unmodified-since if-range max-forwards proxy-authorization range content-encoding transfer-encoding".split(
    " ",
  ),
);
/** They make proxies and frameworks take the request for another one. */
const FORBIDDEN =
  /^(?:proxy|x-(?:http-method|method|http-method-override|method-override|original-url|rewrite-url|original-host|override-url|middleware-subrequest|up-devcap-post-charset)|lock-token|if|content-range|request-range|http2-settings)$/;
const MEDIA_TYPE =
  /^[\w!#$&^.+-]{1,64}\/[\w!#$&^.+*-]{1,127}(?:\s{0,4};\s{0,4}[\w!#$&^.+*-]{1,64}\s{0,2}=\s{0,2}(?:"[^"\\\r\n]{0,256}"|[^\s;,"]{1,256})){0,8}\s{0,4};?\s{0,4}$/;
const CHARSET =
  /^(?:utf-?8|utf-16(?:le|be)?|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|shift[_-]jis|euc-(?:jp|kr)|gb(?:2312|k|18030)|big5|koi8-[ru]|latin1)$/i;

export function violation(rule: string, place: string, start = 0, end = 0): Violation {
  return { rule, place, start, end };
}

export function headerViolations(surface: HttpSurface): Violation[] {
  const found: Violation[] = [];
  if (!METHODS.has(surface.method)) found.push(violation("protocol-method", "method", 0, surface.method.length));
  const seen = new Map<string, string>();
  for (const [rawName, value] of surface.headers) {
    const name = rawName.toLowerCase();
    const place = `header.${name}`;
    if (!TOKEN.test(rawName)) found.push(violation("protocol-header-name", place, 0, rawName.length));
    const control = /[^\P{Cc}\t\u0080-\u009f]/u.exec(value);
    if (control !== null) found.push(violation("protocol-header-control", place, control.index, control.index + 1));
    if (FORBIDDEN.test(name)) found.push(violation("protocol-header-forbidden", place, 0, value.length));
    const before = seen.get(name);
    if (before !== undefined && ONCE.has(name))
      found.push(
        violation(
          name === "content-length" || name === "transfer-encoding" ? "protocol-smuggling" : "protocol-header-twice",
          place,
          0,
          value.length,
        ),
      );
    seen.set(name, value);
    const wrong = shape(name, value);
    if (wrong !== null) found.push(violation(wrong, place, 0, value.length));
  }
  if (seen.has("transfer-encoding") && seen.has("content-length"))
    found.push(violation("protocol-smuggling", "header.transfer-encoding"));
  return found;
}

/** The rule that a header's value breaks. */
function shape(name: string, value: string): string | null {
  switch (name) {
    case "content-length":
      return /^\d{1,15}$/.test(value) ? null : "protocol-length";
    case "transfer-encoding":
      return /^(?:(?:gzip|deflate|br|compress),\s?)?chunked$/.test(value) || value === "identity"
        ? null
        : "protocol-smuggling";
    case "host":
      if (/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(value)) return "protocol-host-address";
      return /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(value) ? null : "protocol-host";
    case "content-type":
      return contentType(value);
    case "range":
      return ranges(value);
    case "cookie":
      // a cookie header that claims RFC 2109 makes some servers read quoted values across semicolons
      return /^\s{0,4}\$version\b/i.test(value) ? "protocol-header-odd" : null;
    case "connection": {
      const parts = value.toLowerCase().split(/\s{0,4},\s{0,4}/);
      return /^[\w\-, ]{0,200}$/.test(value) &&
        new Set(parts).size === parts.length &&
        !(parts.includes("close") && parts.includes("keep-alive"))
        ? null
        : "protocol-header-odd";
    }
    case "cache-control":
      return /^(?:[\w-]{1,40}(?:=(?:\d{1,12}|"[^"]{0,80}"))?\s{0,2}(?:,\s{0,4}|$)){0,12}$/.test(value)
        ? null
        : "protocol-header-odd";
    case "sec-ch-ua-mobile":
    case "sec-fetch-user":
      return /^\?[01]$/.test(value) ? null : "protocol-header-odd";
    case "accept-encoding":
      return /^[\w*;=., -]{0,200}$/.test(value) ? null : "protocol-header-odd";
    case "accept":
      return /^[^()<>{}[\]\\'`$]{0,1024}$/.test(value) && charsetsOf(value).every((charset) => CHARSET.test(charset))
        ? null
        : "protocol-header-odd";
    default:
      return null;
  }
}

function contentType(value: string): string | null {
  if (!MEDIA_TYPE.test(value)) return "protocol-content-type";
  if (/;\s{0,4}boundary\s{0,2}=/i.test(value) && !/^multipart\//i.test(value)) return "protocol-content-type";
  if (/boundary(?:\s|=\s)/i.test(value)) return "protocol-content-type";
  const charsets = charsetsOf(value);
  if (charsets.length > 1 || charsets.some((charset) => !CHARSET.test(charset))) return "protocol-content-type";
  return /^multipart\//i.test(value) && !/^multipart\/(?:form-data|related|mixed|alternative|byteranges)\b/i.test(value)
    ? "protocol-content-type"
    : null;
}

function charsetsOf(value: string): string[] {
  return [...value.matchAll(/charset\s{0,2}=\s{0,2}"?([^\s;,"]{1,64})/gi)].map((match) => match[1] ?? "");
}

/** Many or overlapping ranges make a server send a file many times over (CVE-2011-3192). */
function ranges(value: string): string | null {
  if (!/^[a-z]{1,16}=(?:\s{0,2}\d{0,18}-\d{0,18}\s{0,2}(?:,|$)){1,400}$/.test(value)) return "protocol-header-odd";
  const parts = value.slice(value.indexOf("=") + 1).split(",");
  if (parts.length > 5) return "protocol-range";
  for (const part of parts) {
    const [from = "", to = ""] = part.trim().split("-");
    if (from !== "" && to !== "" && Number(to) < Number(from)) return "protocol-header-odd";
  }
  return null;
}
