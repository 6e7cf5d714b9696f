// What kind of host an address names, however it is spelt: decimal, octal, hexadecimal, short and IPv6-mapped forms
// (WHATWG URL, section 3.5, parses all of them) and names that resolve to such addresses.

/** names that only resolve inside a host or a cluster */
const INTERNAL =
  /^(?:localhost[46](?:\.localdomain[46])?|localhost\.localdomain|ip6-(?:localhost|loopback)|ipv6-(?:localhost|loopback)|[\w-]{1,40}\.(?:docker|containers)\.internal|(?:[\w-]{1,40}\.){1,4}(?:svc\.)?cluster\.local)$/;

export type HostKind = "metadata" | "disguised" | "local" | "address" | "name";

const METADATA =
  /^(?:169\.254\.169\.254|169\.254\.170\.2|100\.100\.100\.200|192\.0\.0\.192|metadata(?:\.google(?:\.internal)?|\.azure\.\w+|\.tencentyun\.com|\.packet\.net|\.platformequinix\.com)?|instance-data(?:\.ec2\.internal)?|kubernetes\.default(?:\.svc[\w.]*)?|rancher-metadata|\[?fd00:ec2::254\]?|\[?::ffff:a9fe:a9fe\]?)$/;
const WILDCARD =
  /(?:^|\.)(?:nip\.io|xip\.io|sslip\.io|localtest\.me|lvh\.me|lacolhost\.com|vcap\.me|fbi\.com|1u\.ms|rbndr\.us|localdomain\.pw|yoogle\.com|ip6-localhost|spoofed\.\S{1,40}|127-0-0-1\.\S{1,40})$/;
/** enclosed, superscript and full-width letters and digits, which IDNA folds to ASCII */
const FOLDED = /[\u00aa\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\u3002\uff0e\uff61]/;

/** @param host in lower case, without port */
export function hostKind(host: string): HostKind {
  if (METADATA.test(host) || INTERNAL.test(host)) return "metadata";
  if (FOLDED.test(host) || WILDCARD.test(host)) return "disguised";
  if (host.startsWith("["))
    return /^\[(?:::1|(?:0{1,4}:){7}0{0,3}1|f[cd][\da-f]{2}:|fe80:)/.test(host)
      ? "local"
      : /^\[(?:::ffff:|::\d|::\]|0:0:0:0:0:(?:0|ffff):)/.test(host)
        ? "disguised"
        : "address";
  if (
    host === "localhost" ||
    /\.(?:internal|local|localhost|intranet|corp|lan)$/.test(host) ||
    host.startsWith("localhost.")
  )
    return "local";
  const parts = host.split(".");
  if (!parts.every((part) => /^(?:\d{1,12}|0x[\da-f]{1,24})$/.test(part))) return "name";
  if (parts.length > 4) return "disguised";
  if (parts.length < 4)
    return parts.length === 1 && host.length < 8 && host !== "0" && !host.startsWith("0x") ? "name" : "disguised";
  if (parts.some((part) => part.startsWith("0x") || (part.length > 1 && part.startsWith("0")) || Number(part) > 255))
    return "disguised";
  if (host === "0.0.0.0") return "disguised";
  if (/^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host)) return "local";
  return "address";
}
