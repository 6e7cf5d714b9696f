// The texts and attribute values of an XML document, and the document as a whole for what it declares. No entities are
// ever expanded: that is the attack.
import type { Field, SurfaceLimits } from "../surface.ts";

export function xmlFields(body: string, limits: SurfaceLimits): { fields: readonly Field[]; overflow: boolean } {
  const fields: Field[] = [{ place: "body.xml", name: "", value: declarations(body), kind: "xml" }];
  let at = 0;
  let from = 0;
  while (at < body.length) {
    if (fields.length >= limits.maxFields) return { fields, overflow: true };
    const open = body.indexOf("<", at);
    addText(body.slice(from, open < 0 ? body.length : open), fields);
    if (open < 0) break;
    const end = pieceEnd(body, open);
    if (body.startsWith("<![CDATA[", open)) addText(body.slice(open + 9, Math.max(open + 9, end - 3)), fields);
    else addAttributes(body.slice(open, Math.min(end, open + 16384)), fields);
    at = end;
    from = end;
  }
  return { fields, overflow: false };
}

/** The part before the first element's end: prologue and document type. */
function declarations(body: string): string {
  return body.slice(0, 65536).replace(/>[^<>]{1,65536}</g, "><");
}

function pieceEnd(body: string, open: number): number {
  if (body.startsWith("<![CDATA[", open)) {
    const end = body.indexOf("]]>", open);
    return end < 0 ? body.length : end + 3;
  }
  let quote = "";
  for (let i = open + 1; i < body.length; i++) {
    const char = body.charAt(i);
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === ">") return i + 1;
    else if (char === "<") return i;
  }
  return body.length;
}

function addText(text: string, fields: Field[]): void {
  if (text.trim() !== "") fields.push({ place: "body.xml.text", name: "", value: text.trim(), kind: "xml" });
}

const ATTRIBUTE = /([\w:.-]{1,128})\s{0,8}=\s{0,8}(?:"([^"]{0,8192})"|'([^']{0,8192})')/g;

function addAttributes(tag: string, fields: Field[]): void {
  for (const match of tag.matchAll(ATTRIBUTE)) {
    const name = match[1] ?? "";
    if (name.startsWith("xmlns") || name.includes("schemaLocation")) continue;
    fields.push({ place: `body.xml@${name.slice(0, 64)}`, name, value: match[2] ?? match[3] ?? "", kind: "xml" });
  }
}
