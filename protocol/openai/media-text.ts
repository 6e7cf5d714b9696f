// A part that says it is an image or a sound and whose bytes are none. A lenient backend goes by the bytes, so they are
// read as a file's are. Only the first bytes are looked at: those of real media are not decoded.
import type { ContentPart } from "./content.ts";
import { base64Bytes } from "./file-text.ts";

export interface DisguisedMedia {
  /** where in the part it stands */
  readonly field: "image_url.url" | "input_audio.data";
  /** as a data: URL */
  readonly url: string;
}

/** First bytes of PNG, JPEG, GIF, RIFF (WebP, WAV), MP3 with a tag; a bare MP3 frame is told by its bits. */
const SIGNATURES = ["\u0089PNG\r\n", "\u00ff\u00d8\u00ff", "GIF8", "RIFF", "ID3"];
/** Characters of base64 that hold them. */
const HEAD = 16;

/** Null for any other part, for real media, and for an image that the backend fetches. */
export function disguisedMedia(part: ContentPart): DisguisedMedia | null {
  if (part.type === "image_url") {
    const { url } = part.image_url;
    const data = /^data:/i.test(url) ? url.indexOf(",") + 1 : 0;
    return data === 0 || isMedia(url.slice(data, data + HEAD)) ? null : { field: "image_url.url", url };
  }
  if (part.type !== "input_audio" || isMedia(part.input_audio.data.slice(0, HEAD))) return null;
  const { data } = part.input_audio;
  // some SDKs send a whole URL here
  return { field: "input_audio.data", url: /^data:/i.test(data) ? data : `data:;base64,${data}` };
}

function isMedia(base64: string): boolean {
  const head = String.fromCharCode(...base64Bytes(base64));
  return SIGNATURES.some((signature) => head.startsWith(signature)) || /^\u00ff[\u00e0-\u00ff]/.test(head);
}
