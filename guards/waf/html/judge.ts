// Markup that runs scripts: elements that are or fetch code, event handlers, and addresses or styles that execute.
import type { EmitSpan } from "../emit.ts";
import { type Attribute, type Tag, tagAt } from "./tag.ts";

const ACTIVE = new Set(
  "script iframe frame frameset object embed applet base bgsound layer ilayer isindex noscript xss".split(" "),
);
/** the elements whose mere address or content fetches or styles */
const FETCHING = new Set("link style import svg math xml vmlframe template portal fencedframe animate set".split(" "));

/** @param lower the text in lower case */
export function judgeHtml(lower: string, emit: EmitSpan): void {
  let at = lower.indexOf("<");
  while (at >= 0) {
    const tag = tagAt(lower, at);
    if (tag !== null) judgeTag(tag, at, emit);
    at = lower.indexOf("<", at + 1);
  }
}

function judgeTag(tag: Tag, at: number, emit: EmitSpan): void {
  const name = tag.name.includes(":") ? tag.name.slice(tag.name.indexOf(":") + 1) : tag.name;
  if (tag.closing) {
    if (name === "script" || name === "iframe" || name === "noscript") emit("xss-element", at, tag.end);
    else if (tag.attributes.some((a) => isHandler(a))) emit("xss-handler", at, tag.end);
    return;
  }
  if (ACTIVE.has(name) || name.startsWith("script")) emit("xss-element", at, tag.end);
  for (const attribute of tag.attributes) judgeAttribute(name, attribute, at, tag.end, emit);
  if (name === "meta" && tag.attributes.some((a) => a.name === "http-equiv")) emit("xss-element", at, tag.end);
  if (name === "link" && tag.attributes.some((a) => a.name === "href")) emit("xss-fetch", at, tag.end);
  else if (FETCHING.has(name))
    emit(
      name === "style" || name === "import" || name === "animate" || name === "set" ? "xss-fetch" : "xss-odd-element",
      at,
      tag.end,
    );
  else if (name === "form" && tag.attributes.some((a) => a.name === "action")) emit("xss-odd-element", at, tag.end);
}

/** `onclick=`; names that no browser knows (`onxxx`) are how filters are probed. */
function isHandler({ name, value }: Attribute): boolean {
  return value !== "" && /^[^a-z]{0,4}on[a-z]{3,32}$/.test(name);
}

const ADDRESS =
  /^(?:xlink:)?(?:href|src|action|formaction|data|background|lowsrc|dynsrc|code|codebase|poster|from|to|values|content|srcdoc|url|folder|style|cite|manifest|icon|longdesc|usemap|profile|classid|archive|ping|begin|attributename)$/;

function judgeAttribute(tag: string, attribute: Attribute, at: number, end: number, emit: EmitSpan): void {
  if (isHandler(attribute)) {
    emit("xss-handler", at, end);
    return;
  }
  const { name, value } = attribute;
  if (value === "") return;
  if (name === "srcdoc") {
    emit("xss-handler", at, end);
    return;
  }
  const tight = squeezed(value);
  if (ADDRESS.test(name) && isScriptAddress(tight)) {
    emit("xss-address", at, end);
    return;
  }
  if (
    name === "style" &&
    /expression\(|-moz-binding|behaviou?r:|javascript:|@import|url\(['"]?(?:data:|\/\/|https?:)/.test(tight)
  )
    emit("xss-style", at, end);
  if (tag === "object" || tag === "embed") return;
  if (name === "attributename" && /^(?:on|href|xlink)/.test(tight)) emit("xss-handler", at, end);
}

/** Browsers drop white space and control characters inside a scheme. */
export function squeezed(value: string): string {
  return value.replace(/[\0- \u00a0\u200b\u2028\u2029\ufeff\\]|\/\*.{0,40}?\*\/|<!--.{0,40}?-->/g, "");
}

export function isScriptAddress(tight: string): boolean {
  return (
    /^(?:[^a-z]{0,6}|\d{1,4};url=|url\(?['"]?)(?:javascript|vbscript|livescript|mocha|jscript|jar)(?::|$)|^(?:\d{1,4};url=)?data:(?!(?:image\/(?:png|jpe?g|gif|webp|avif|bmp|x-icon)|font\/|audio\/|video\/))(?:[\w/+.-]{0,40}(?:html|xml|script|svg)|[^,]{0,20};base64|,)/.test(
      tight,
    ) || /^(?:javascript|vbscript):/.test(tight)
  );
}
