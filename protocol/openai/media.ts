// Media are data. A URL that a backend fetches is a request made with the backend's address, and a file of OpenAI's
// store is not there; both are refused with the place of the part.
import { paramPath } from "../param-path.ts";
import type { Refusal } from "../refusal.ts";
import type { ContentPart } from "./content.ts";
import { isUnreadable } from "./file-text.ts";
import { invalid } from "./issues.ts";

/** The image formats of OpenAI's API. No SVG: that is text which no guard would read. */
const IMAGE_DATA = /^data:image\/(?:png|jpe?g|webp|gif);base64,/i;
/** Characters of a data URL that are looked at: never the payload. */
const HEAD = 64;

/** @param path the place of the part, such as `["messages", 0, "content", 1]` */
export function mediaFault(part: ContentPart, path: readonly PropertyKey[], hosts: readonly string[]): Refusal | null {
  if (part.type === "image_url") {
    const { url } = part.image_url;
    if (IMAGE_DATA.test(url.slice(0, HEAD)) || isAllowedUrl(url, hosts)) return null;
    return invalid([...path, "image_url", "url"], imageExpectation(hosts));
  }
  if (part.type !== "file") return null;
  if (part.file.file_id !== undefined)
    return { code: "unsupported_parameter", param: paramPath([...path, "file", "file_id"]) ?? "file_id" };
  const data = part.file.file_data;
  if (data === undefined) return invalid([...path, "file", "file_data"], "is missing, expected a data: URL");
  if (!/^data:[a-z]+\//i.test(data.slice(0, HEAD)))
    return invalid([...path, "file", "file_data"], "expected a data: URL");
  return isUnreadable(data) ? invalid([...path, "file", "file_data"], "expected a text in UTF-8 or UTF-16") : null;
}

function isAllowedUrl(url: string, hosts: readonly string[]): boolean {
  if (hosts.length === 0 || url.length > 4096 || !URL.canParse(url)) return false;
  const parsed = new URL(url);
  return (
    parsed.protocol === "https:" &&
    parsed.port === "" &&
    parsed.username === "" &&
    parsed.password === "" &&
    hosts.includes(parsed.hostname)
  );
}

function imageExpectation(hosts: readonly string[]): string {
  const data = "expected a data: URL of a PNG, JPEG, WebP or GIF image in base64";
  return hosts.length === 0 ? data : `${data}, or https with a host that policy allows`;
}
