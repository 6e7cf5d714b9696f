// What leads to a person's device: IP and MAC addresses. And, where policy asks for them, links and dates.

import { isDate } from "../checks/dates.ts";
import type { Certainty, DataRule } from "../rule.ts";

const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const V4 = `(${OCTET}\\.){3}${OCTET}`;
const MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}";
const rule = { category: "personal_data", number: true, notAfter: "_.\\-/", notBefore: "\\x_" } as const;

export const NETWORK: readonly DataRule[] = [
  {
    ...rule,
    id: "pii.ipv4",
    kind: "ip_address",
    reason: "an IPv4 address",
    patterns: [`${V4}(/\\d{1,2})?`],
    notAfter: "_.\\-",
    context: /\bip\b|address|server|host|from|client|src|dst|gateway/i,
    judge: (datum) => (/^0\.0\.0\.|^255\.255\.255\./.test(datum) ? "no" : "sure"),
  },
  {
    ...rule,
    id: "pii.ipv6",
    kind: "ip_address",
    reason: "an IPv6 address",
    patterns: [
      `(\\H{1,4}:){7}\\H{1,4}(%\\x{1,12})?(/\\d{1,3})?`,
      `(\\H{1,4}:){6}${V4}`,
      `(\\H{1,4}(:\\H{1,4}){0,6})?::(\\H{1,4}:){0,6}(\\H{1,4}|${V4})?(%\\x{1,12})?(/\\d{1,3})?`,
    ],
    notAfter: "\\x_.\\-:/",
    notBefore: "\\x_:",
    judge: judgeIpv6,
  },
  {
    ...rule,
    id: "pii.mac",
    kind: "mac_address",
    reason: "a network card's address",
    patterns: ["\\H{2}(:\\H{2}){5}", "\\H{2}(-\\H{2}){5}", "\\H{4}\\.\\H{4}\\.\\H{4}"],
    notAfter: "_.\\-/:",
    notBefore: "\\x_:",
    priority: 3,
    judge: (datum) =>
      /^[0:.-]+$|^[fF:.-]+$/.test(datum) ? "no" : /[a-f]/i.test(datum) || datum.includes(":") ? "sure" : "weak",
    context: /\bmac\b|hardware|ethernet|physical/i,
  },
  {
    ...rule,
    id: "pii.birth_date",
    kind: "birth_date",
    reason: "a date after a word for birth",
    patterns: dates(),
    ignoreCase: true,
    context:
      /birth|\bborn|\bd\.?o\.?b\b|geb(?:oren|urts|\.)|naissance|n[ée]e? le|nacimiento|nacid[oa]|nascimento|nascit[ao]|nat[oa] il|urodz|födel|syntym|doğum|рожд|出生|生年月日|생년월일|जन्म/i,
    judge: (datum) => (isWritten(datum) ? "weak" : "no"),
  },
  {
    ...rule,
    id: "pii.date",
    kind: "date",
    reason: "a calendar date",
    patterns: [...dates(), `${MONTH}-(\\d{2}|\\d{4})`, `\\d{1,2}-${MONTH}`, "\\d{1,2}/(\\d{2}|\\d{4})"],
    ignoreCase: true,
    optional: true,
    priority: 1,
    judge: (datum) => (/[a-z]/i.test(datum) || isWritten(datum) || /^\d{1,2}\/\d{2,4}$/.test(datum) ? "sure" : "no"),
  },
  {
    ...rule,
    id: "pii.url",
    kind: "url",
    reason: "a link to a page",
    patterns: [
      "https?://([a-z0-9\\-]{1,63}\\.){1,6}[a-z]{2,18}(:\\d{1,5})?([/?#][^\\s\"'<>`]{0,512})?",
      "([a-z0-9\\-]{1,63}\\.){1,4}(com|org|net|io|dev|co\\.[a-z]{2}|[a-z]{2}|site|app|info|ai)",
    ],
    ignoreCase: true,
    optional: true,
    number: false,
    notAfter: "\\x@._\\-/",
    notBefore: "\\x_\\-@",
    priority: 1,
    judge: (datum) =>
      datum.includes("://") || !/\.(?:py|js|ts|md|sh|rs|go|rb|pl|cc|so|me|is|in|it|no|be)$/i.test(datum)
        ? "sure"
        : "no",
  },
];

function dates(): string[] {
  const time = "(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+\\-]\\d{2}:?\\d{2})?)?";
  return [
    `\\d{4}[\\-/.]\\d{1,2}[\\-/.]\\d{1,2}${time}`,
    "\\d{1,2}[\\-/.]\\d{1,2}[\\-/.](\\d{4}|\\d{2})",
    `\\d{1,2}[ .\\-]{1,2}${MONTH}[ .,\\-]{1,2}\\d{2,4}`,
    `${MONTH}[ .]{1,2}\\d{1,2}(st|nd|rd|th)?,? \\d{4}`,
    "\\d{4}\u5e74\\d{1,2}",
  ].slice(0, 4);
}

/** Year first, or day and month in either order. */
function isWritten(datum: string): boolean {
  if (/[a-su-z]/i.test(datum.replace(/T.*/, ""))) return true;
  const [a = 0, b = 0, c = 0] = datum
    .replace(/T.*/, "")
    .split(/[^\d]+/)
    .map(Number);
  if (a > 31) return a >= 1800 && a <= 2200 && isDate(a, b, c);
  const year = c < 100 ? 0 : c;
  return (year === 0 || (year >= 1800 && year <= 2200)) && (isDate(year, b, a) || isDate(year, a, b));
}

function judgeIpv6(datum: string): Certainty {
  const address = datum.replace(/[%/].*$/, "");
  const groups = address.split(":");
  if (address === "::") return "no";
  if (address.includes("::")) {
    if (address.indexOf("::") !== address.lastIndexOf("::") || groups.filter((group) => group !== "").length > 7)
      return "no";
    // `a::b` is also a name in C++, Rust and Perl: of hexadecimal letters alone it must not be
    return /\d/.test(address) || groups.filter((group) => group.length === 4).length >= 3 ? "sure" : "no";
  }
  return groups.length === 8 || address.includes(".") ? "sure" : "no";
}
