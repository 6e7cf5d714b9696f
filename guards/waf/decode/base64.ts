// Base64 that hides text. A run is tried at each of its four alignments, because a payload may be cut out of a longer
// encoding; it counts only if nothing but printable ASCII comes out, which random tokens practically never do.
import type { View } from "./view.ts";

const VALUE = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++)
  VALUE["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".charCodeAt(i)] = i;
VALUE[45] = 62;
VALUE[95] = 63;

const LEAST = 8;
const MAX_RUNS = 16;
/** characters of one run that are decoded: what an attack needs, and no image */
const MAX_RUN = 64 * 1024;

function valueAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (VALUE[code] as number) : -1;
}

/** The runs that decode to text, each as a view of its own. */
export function base64Views(source: View): View[] {
  const { text } = source;
  const views: View[] = [];
  let tried = 0;
  let at = 0;
  while (at < text.length && tried < MAX_RUNS) {
    if (valueAt(text, at) < 0) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < text.length && valueAt(text, end) >= 0) end++;
    const view = end - at >= LEAST ? decodeRun(source, at, Math.min(end, at + MAX_RUN)) : null;
    if (end - at >= LEAST) tried++;
    if (view !== null) views.push(view);
    at = end;
  }
  return views;
}

function decodeRun(source: View, start: number, end: number): View | null {
  for (let shift = 0; shift < 4; shift++) {
    const view = decodeAligned(source, start, end, shift);
    if (view !== null) return view;
    // a short run is a word: only its own alignment is plausible
    if (end - start < 16) return null;
  }
  return null;
}

function isText(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;
}

function decodeAligned(source: View, start: number, end: number, shift: number): View | null {
  const { text, map } = source;
  const bytes: number[] = [];
  const from: number[] = [];
  let bits = 0;
  // what a shifted run lost at its front counts as zero bits; the byte they spoil is dropped
  let held = (shift * 6) % 8;
  let spoiled = shift > 0;
  for (let at = start; at < end; at++) {
    bits = ((bits << 6) | valueAt(text, at)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    const byte = (bits >> held) & 0xff;
    if (!isText(byte) && !spoiled) return null;
    if (isText(byte)) {
      bytes.push(byte);
      from.push(Math.max(start, at - 1));
    }
    spoiled = false;
  }
  if (bytes.length < 5) return null;
  const origin = new Int32Array(bytes.length + 1);
  for (let i = 0; i <= bytes.length; i++) {
    const at = from[i] ?? end;
    origin[i] = map === undefined ? at : (map[at] ?? 0);
  }
  let decoded = "";
  for (let at = 0; at < bytes.length; at += 0x4000) decoded += String.fromCharCode(...bytes.slice(at, at + 0x4000));
  return { name: source.name === "" ? "base64" : `${source.name}+base64`, text: decoded, map: origin };
}
