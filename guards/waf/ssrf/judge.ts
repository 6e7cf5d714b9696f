// Addresses in a value: where they lead, and whether they are spelt to lead somewhere else than they seem.
import type { EmitSpan } from "../emit.ts";
import { hostKind } from "./host.ts";

const MAX_ADDRESSES = 32;
const SCHEME =
  /^(?:gopher|dict|ldaps?|ldapi|tftp|sftp|rmi|iiop|ssh|telnet|imaps?|pop3s?|smtps?|rtsp|rtmp|mysql|redis|memcached|netdoc|jar|ws-man|svn\+ssh|git\+ssh)$/;
const AUTHORITY = /^[^/?#\s"']{1,256}/;

/** @param lower the text in lower case */
export function judgeAddresses(lower: string, emit: EmitSpan): void {
  judgeStart(lower, emit);
  let at = lower.indexOf("://");
  for (let n = 0; at >= 0 && n < MAX_ADDRESSES; n++) {
    const scheme = /[a-z][a-z0-9+.-]{0,15}$/.exec(lower.slice(Math.max(0, at - 16), at))?.[0] ?? "";
    if (SCHEME.test(scheme)) emit("ssrf-scheme", at - scheme.length, at + 3);
    else if (scheme !== "") judgeAuthority(lower, at - scheme.length, at + 3, emit);
    at = lower.indexOf("://", at + 3);
  }
}

function judgeAuthority(lower: string, start: number, from: number, emit: EmitSpan): void {
  const authority = AUTHORITY.exec(lower.slice(from, from + 256))?.[0];
  if (authority === undefined) return;
  const end = from + authority.length;
  const sign = authority.lastIndexOf("@");
  if (
    sign > 0 &&
    /^[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}(?::\d{1,5})?$/.test(authority.slice(0, sign)) &&
    /\.[a-z]{2,10}(?::\d{1,5})?$/.test(authority.slice(0, sign))
  )
    emit("ssrf-credentials", start, end);
  const host = authority
    .slice(sign + 1)
    .replace(/:\d{0,5}$/, "")
    .replace(/\.$/, "");
  const kind = hostKind(host);
  if (kind === "metadata") emit("ssrf-metadata", start, end);
  else if (kind === "disguised") emit("ssrf-disguised", start, end);
  else if (kind === "local") emit("ssrf-local", start, end);
}

/** Forms that only count at the very start of a value: those that browsers complete into an address. */
function judgeStart(lower: string, emit: EmitSpan): void {
  const head = lower.slice(0, 300).trimEnd();
  const found =
    /^(?:https?:|ftp:)\/{3,}[\w.]/.exec(head) ??
    /^\/{3,}[\w@.[]/.exec(head) ??
    /^\/?[\t\n\r]{1,3}\//.exec(head) ??
    /^(?:https?:[/\\]{0,4}|[/\\]{1,4})[\t\n\r]{1,3}[/\\]{0,2}[\w.]|^[\t\n\r]{1,3}[/\\]{2}[\w.]/.exec(head) ??
    /^(?:https?:)?(?=[/\\]{0,6}\\)[/\\]{1,7}[\w@.-]{1,64}\.[a-z]{2,}/.exec(head) ??
    /^(?:https?:)?\/\/[\w.-]{1,64}\\/.exec(head) ??
    /^\/{1,4}https?:\/{1,3}/.exec(head) ??
    /^\/{2,4}[\w.@-]{1,80}\/{1,3}\.\.(?:\/|$)/.exec(head) ??
    /^\/{2,4}[\w.-]{1,60}@[\w.-]{1,60}/.exec(head) ??
    /^https?:\/\/[\w.@:-]{1,120}\/{1,4}\.\.\/?$/.exec(head) ??
    /^\/{1,2}[\w-]{1,40}\.(?:com|net|org|io|evil)\/{2,}/.exec(head) ??
    /^\/\.(?:[\w-]{2,40}\.)?(?:com|net|org|[\w-]{2,40}\.com)\b/.exec(head) ??
    /^(?:[<\u3008\u3031]|%68%74)/.exec("");
  if (found !== null) emit("redirect-odd", 0, found[0].length);
  const loop =
    /^(?:localhost|localtest\.me|lvh\.me|(?:ip6|ipv6)-(?:localhost|loopback)|127\.0\.0\.1|0\.0\.0\.0)\/(?:[\w.-]{0,40})\/?$/.exec(
      head,
    );
  if (loop !== null) emit("ssrf-loop", 0, loop[0].length);
  const name = /^([a-z][\w.-]{3,80})\/?$/.exec(head)?.[1];
  if (name !== undefined && /local|\.internal/.test(name) && hostKind(name) === "metadata")
    emit("ssrf-metadata", 0, name.length);
  const bare = /^(?:\/\/|https?:\/{0,1})(?=[^/\\])([^/?#\s"']{1,256})/.exec(head);
  if (bare === null) return;
  const authority = bare[1] ?? "";
  const kind = hostKind(authority.slice(authority.lastIndexOf("@") + 1).replace(/:\d{0,5}$/, ""));
  if (kind === "metadata") emit("ssrf-metadata", 0, bare[0].length);
  else if (kind === "disguised") emit("ssrf-disguised", 0, bare[0].length);
  else if (
    /^https?:[^/]/.test(head) &&
    (authority.includes("@") || kind === "address" || /^[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}$/.test(authority))
  )
    emit("redirect-odd", 0, bare[0].length);
}
