// Addresses that a server should not be made to fetch, and redirects that leave for another host.
import { type Rule, rule } from "../rule.ts";

export const SSRF_RULES: readonly Rule[] = [
  rule("ssrf-metadata", "ssrf", "is the address of a cloud's metadata service or of a host's inside"),
  rule("ssrf-disguised", "ssrf", "spells an address so that filters do not know it"),
  rule("ssrf-scheme", "ssrf", "is an address of a protocol that reaches into networks or files"),
  rule("ssrf-local", "ssrf", "is an address inside the server's own network", { severity: "warning", paranoia: 3 }),
  rule("ssrf-loop", "ssrf", "is the server's own address without a scheme", { paranoia: 2 }),
  rule("ssrf-credentials", "ssrf", "names one host and leads to another", {
    needs: "@%",
    patterns: [/^https?:\/\/[^/?#\s@]{1,80}(?:%2f|%5c|\\)[^/\s]{0,80}@[\w.-]{1,80}/],
    paranoia: 2,
  }),
  rule("ssrf-callback", "ssrf", "is an address of a service that records who calls it", {
    needs: ".",
    everywhere: true,
    patterns: [
      /\b(?:burpcollaborator\.net|oastify\.com|oast\.(?:me|fun|pro|live|site|online)|interact\.sh|interactsh\.com|requestbin\.\w{2,4}|dnslog\.cn|ceye\.io|xss\.ht|ezxss|pipedream\.net|canarytokens\.com|webhook\.site|bxss\.(?:me|in)|requestrepo\.com|beeceptor\.com\/xss)\b/,
    ],
    paranoia: 2,
  }),
  rule("ssrf-backslashes", "ssrf", "puts backslashes between the letters of a host", {
    needs: "\\",
    patterns: [/:\/\/\\{1,2}\w\\{1,2}\w\\{1,2}\w/],
  }),
  rule("ssrf-second-host", "ssrf", "names a second host behind a space or an ampersand", {
    needs: "@",
    patterns: [/:\/\/[\w.-]{1,80}(?::\d{1,5})?[#?]?\s{0,4}[&#\s]{1,4}[#@]{1,2}[\w.-]{1,80}(?::\d{1,5})?[/#?\s]/],
    paranoia: 2,
  }),
  rule("redirect-odd", "ssrf", "spells an address so that browsers leave the site", { paranoia: 2 }),
  rule("include-remote", "ssrf", "is an address that a program is included from", {
    needs: ":",
    patterns: [
      /^(?:https?|ftps?):\/\/(?!127\.|10\.|192\.168\.)\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:\/|$|\?)|^(?:https?|ftps?):\/\/\[[\da-f:.]{2,45}(?:%\w{1,16})?\]|^(?:ftps?|https?):\/\/[^\s]{1,200}\?$|^(?:url:)?(?:https?|ftps?|file|jar):\/{0,3}[^\s]{1,200}\.(?:php\d?|txt|jsp|asp|phtml|inc|sh|gif|jpe?g)\?{1,2}(?:$|&)|^(?:https?|ftps?):\/\/[^\s?]{1,200}\.(?:txt|inc|sh)\?\w{1,8}=|^url:https?:/,
    ],
    kinds: ["query", "form", "cookie"],
    paranoia: 2,
  }),
  rule("include-address", "ssrf", "is an address without a name, of a program", {
    needs: ":",
    patterns: [
      /^(?:https?|ftps?):\/\/(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[\da-f]{0,4}(?::[\da-f]{0,4}){3,7}\]?)(?::\d{1,5})?\/\S{0,200}\.(?:php\d?|txt|jsp|aspx?|phtml|inc|sh|pl|py)(?:$|\?)/,
    ],
    paranoia: 2,
  }),
];
