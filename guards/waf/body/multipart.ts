// multipart/form-data (RFC 7578) as strict readers and lenient ones see it: what they would read in different ways is a
// violation, since that difference is how uploads pass filters.
import type { Field, SurfaceLimits, Violation } from "../surface.ts";
import { violation } from "../transport/headers.ts";
import { shortName } from "../transport/parameters.ts";

const PART_HEADERS =
  /^(?:content-(?:disposition|type|transfer-encoding|id|length|md5|encoding|language|location)|x-[\w-]{1,40})$/;
const NAME_ENDERS = /[;"'=\\\0\r\n<>]/;
/** In a file's name `O'Brien; final.pdf` is honest; a program's name with the same signs is how uploads pass filters. */
const FILE_NAME_ENDERS =
  /["=\\\0\r\n<>]|^[;']|[;']\.|(?=.{0,200}[;']).{0,200}\.(?:php|pht|phar|jsp|asp|ash|cfm|cgi|shtm|pl\b|py\b|exe|bat|cmd)/i;

export function boundaryOf(contentType: string): string | null {
  const match = /;\s{0,8}boundary\s{0,2}=\s{0,2}(?:"([^"]{1,200})"|([^\s;,"]{1,200}))/i.exec(contentType);
  return match?.[1] ?? match?.[2] ?? null;
}

export interface Parts {
  readonly fields: readonly Field[];
  readonly violations: readonly Violation[];
}

export function multipartFields(contentType: string, body: string, limits: SurfaceLimits): Parts {
  const boundary = boundaryOf(contentType);
  const fields: Field[] = [];
  const violations: Violation[] = [];
  if (boundary === null || boundary.length > 70) {
    violations.push(violation("protocol-multipart", "body"));
    return { fields: [{ place: "body", name: "", value: body, kind: "text" }], violations };
  }
  const marker = `--${boundary}`;
  let at = body.startsWith(marker) ? 0 : body.indexOf(`\n${marker}`) + 1;
  if (at === 0 && !body.startsWith(marker)) {
    if (body.trim() !== "") violations.push(violation("protocol-body-shape", "body"));
    return { fields: [{ place: "body", name: "", value: body, kind: "text" }], violations };
  }
  const before = body.slice(0, at);
  let after = "";
  let closed = false;
  while (at >= 0 && fields.length < limits.maxFields) {
    at += marker.length;
    if (body.startsWith("--", at)) {
      closed = true;
      after = body.slice(at + 2);
      break;
    }
    const next = body.indexOf(`\n${marker}`, at);
    readPart(body.slice(at, next < 0 ? body.length : next), fields, violations);
    at = next < 0 ? -1 : next + 1;
  }
  // RFC 2046, section 5.1.1, has readers ignore both; one that does not must get nothing there that was not judged
  for (const outside of [before, after])
    if (outside.trim() !== "") fields.push({ place: "body", name: "", value: outside, kind: "text" });
  if (fields.length >= limits.maxFields) violations.push(violation("protocol-too-many-fields", "body"));
  else if (!closed) violations.push(violation("protocol-multipart", "body", body.length, body.length));
  return { fields, violations };
}

function readPart(part: string, fields: Field[], violations: Violation[]): void {
  const blank = /\r?\n\r?\n/.exec(part.slice(0, 16384));
  const head = blank === null ? part : part.slice(0, blank.index);
  const value = blank === null ? "" : part.slice(blank.index + blank[0].length).replace(/\r$/, "");
  let disposition: string | null = null;
  let type = "";
  for (const line of head.replace(/^\r?\n/, "").split(/\r?\n/)) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    const name = colon < 0 ? "" : line.slice(0, colon).trim().toLowerCase();
    if (!PART_HEADERS.test(name) || /^\s/.test(line) || (colon > 0 && line.charAt(colon - 1) === " "))
      violations.push(violation("protocol-multipart", "body", 0, line.length));
    if (name === "content-disposition") {
      if (disposition !== null) violations.push(violation("protocol-multipart", "body"));
      disposition = line.slice(colon + 1);
    } else if (name === "content-type") type = line.slice(colon + 1).trim();
    else if (name === "content-transfer-encoding" && !/:\s{0,4}(?:binary|8bit|7bit|base64)\s{0,4}$/i.test(line))
      violations.push(violation("protocol-multipart", "body"));
    if (name !== "content-disposition" && name !== "content-type")
      fields.push({ place: "body", name: "", value: line.slice(colon + 1), kind: "header" });
  }
  if (blank === null || disposition === null) violations.push(violation("protocol-multipart", "body"));
  const name = parameter(disposition ?? "", "name") ?? extended(disposition ?? "", "name");
  const file = parameter(disposition ?? "", "filename") ?? extended(disposition ?? "", "filename");
  const place = `body.${shortName(name ?? "")}`;
  // two names for one thing: which of them counts is each reader's own choice
  for (const key of ["name", "filename"])
    if (parameter(disposition ?? "", key) !== null && extended(disposition ?? "", key) !== null)
      violations.push(violation("protocol-multipart", place));
  for (const [text, enders] of [
    [name, NAME_ENDERS],
    [file, FILE_NAME_ENDERS],
  ] as const)
    if (
      text !== null &&
      enders.test(text.replaceAll("\\\\", "").replace(/^[a-z]:\\(?:[\w .-]{1,64}\\){0,12}[\w .-]{1,64}$/i, ""))
    )
      violations.push(violation("protocol-multipart-name", place, 0, text.length));
  if (/charset\s{0,2}=\s{0,2}"?(?!utf-?8|iso-8859-1|us-ascii|windows-125)/i.test(type))
    violations.push(violation("protocol-content-type", place));
  if (file !== null) fields.push({ place: `${place}.filename`, name: "filename", value: file, kind: "multipart" });
  if (value !== "" || name !== null)
    // an empty name is what a form sends for no file at all, and many readers make a field of it
    fields.push({
      place,
      name: name ?? "",
      value,
      kind: "multipart",
      ...(file === null || file === "" ? {} : { file: true }),
    });
}

function parameter(disposition: string, key: string): string | null {
  const match = new RegExp(
    `(?:^|[;\\s])${key}\\s{0,2}=\\s{0,2}(?:"((?:[^"\\\\]|\\\\.){0,1024})"?|([^;\\s]{0,1024}))`,
    "i",
  ).exec(disposition);
  return match === null ? null : (match[1] ?? match[2] ?? "");
}

/** A name that is no ASCII, as older clients write it (`filename*=utf-8''…`, RFC 8187), decoded. */
function extended(disposition: string, key: string): string | null {
  const written = parameter(disposition, `${key}\\*`);
  if (written === null) return null;
  const encoded = written.replace(/^[\w-]{0,32}'[\w-]{0,32}'/, "");
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
