// What needs no judging: headers and paths of the shape that their kind promises, and nothing else in them.

/** Headers with a grammar of their own that a value fits: nothing in them is ever read as code. */
const PLAIN: Readonly<Record<string, RegExp>> = {
  accept: /^[\w*+./;=, -]{0,1024}$/,
  "accept-encoding": /^[\w*;=., -]{0,200}$/,
  "accept-language": /^[\w*;=., -]{0,400}$/,
  "accept-charset": /^[\w*;=., -]{0,200}$/,
  connection: /^[\w\-, ]{0,200}$/,
  "content-length": /^\d{1,15}$/,
  "content-type": /^[\w.+-]{1,64}\/[\w.+-]{1,100}(?:;\s?(?:charset|boundary)="?[\w\-+=.]{1,100}"?)?$/,
  host: /^[\w.:-]{1,260}$/,
  "if-none-match": /^(?:W\/)?"[\w+/=.:-]{0,128}"(?:,\s?(?:W\/)?"[\w+/=.:-]{0,128}"){0,8}$/,
  "if-modified-since": /^[\w,: ]{10,40}$/,
  date: /^[\w,: ]{10,40}$/,
  origin: /^https?:\/\/[\w.-]{1,253}(?::\d{1,5})?$/,
  authorization: /^(?:Bearer|Basic|Token|bearer|basic|token) [\w\-.~+/=]{1,8192}$/,
  "x-api-key": /^[\w\-.~+/=]{1,8192}$/,
  "cache-control": /^[\w\-=, ]{0,200}$/,
  pragma: /^[\w-]{0,40}$/,
  digest: /^[\w-]{1,20}=[\w+/=]{1,200}$/,
  "content-digest": /^[\w-]{1,20}=:[\w+/=]{1,200}:$/,
  signature: /^[\w-]{1,40}=:[\w+/=]{1,2000}:$/,
  "signature-input":
    /^[\w-]{1,40}=\((?:"[\w@;=-]{1,60}"(?:;[a-z]{1,8})? ?){0,20}\)(?:;[a-z]{1,12}=(?:\d{1,12}|"[\w.:/+=-]{0,200}")){0,8}$/,
  dnt: /^\d$/,
  "x-forwarded-for": /^[\da-fA-F.:, ]{1,200}$/,
  "x-real-ip": /^[\da-fA-F.:]{1,45}$/,
  te: /^[\w-]{0,20}$/,
  priority: /^[\w=, ]{0,20}$/,
  "upgrade-insecure-requests": /^\d$/,
  "keep-alive": /^[\w=, ]{0,40}$/,
};
const PLAIN_PREFIX = /^(?:sec-(?:ch-|fetch-|gpc)|x-stainless-|cf-|x-b3-)/;
const HINT = /^(?:[\w\-.;,:/=? ]|"[^"'\\<>$`|&]{0,80}"){0,400}$/;
const IDENTIFIER = /^[\w\-.:=/+]{0,64}$/;

/** Whether a header's value is of the shape its name promises, and so needs no judging. */
export function isPlainHeader(name: string, value: string): boolean {
  const pattern = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  if (pattern !== undefined) return pattern.test(value);
  if (PLAIN_PREFIX.test(name)) return HINT.test(value);
  return (
    /^(?:x-request-id|x-correlation-id|traceparent|tracestate|openai-\w{3,20}|idempotency-key|x-trace-id|baggage)$/.test(
      name,
    ) &&
    IDENTIFIER.test(value) &&
    !value.includes("..")
  );
}

/** A path of plain segments: no dots, no escapes, none of the names that system paths begin with. */
export function isPlainPath(path: string): boolean {
  return (
    /^(?:\/[A-Za-z0-9_-]{1,64}){0,12}\/?$/.test(path) &&
    !/\/(?:etc|proc|sys|dev|s?bin|boot|root|var|usr|tmp|lost)\b/.test(path) &&
    !/[A-Za-z0-9]{24}/.test(path)
  );
}
