// Credentials in links, headers and command lines.
import { isPlaceholder, isRandom, monotony } from "../checks/randomness.ts";
import type { Certainty, DataRule } from "../rule.ts";
import { isMadeUpPair, pairIn } from "./pair.ts";
import { isReference } from "./reference.ts";
import { token } from "./token.ts";

const SCHEME = "[a-z][a-z0-9+.\\-]{1,30}://";

export const LINKS: readonly DataRule[] = [
  token(
    "url_password",
    "a password in a link",
    `${SCHEME}[^\\s/:@"'<>\`]{0,64}:[^\\s/"'<>\`]{3,128}@[A-Za-z0-9%\\[.][A-Za-z0-9.:\\-]{0,32}`,
    {
      ignoreCase: true,
      notAfter: "\\x+.\\-",
      notBefore: "",
      priority: 2,
      longest: true,
      datum: passwordOfLink,
      judge: judgeLink,
    },
  ),
  token("url_token", "a token as a link's user name", `${SCHEME}[A-Za-z0-9_\\-]{20,128}@[a-z]`, {
    notAfter: "\\x+.\\-",
    notBefore: "",
    datum: (match) => [match.indexOf("://") + 3, match.lastIndexOf("@")],
    priority: 1,
    judge: (datum) => (isRandom(datum, 3.5) && /\d/.test(datum) ? "sure" : "no"),
  }),
  token(
    "url_parameter",
    "a secret in a link's query",
    "(access_|api_|auth_|refresh_|id_|client_)?(token|key|secret|apikey|password|passwd|pwd|sig|signature)=[A-Za-z0-9%._~+/\\-]{12,}",
    {
      ignoreCase: true,
      notAfter: "^?&",
      notBefore: "\\u%",
      priority: 1,
      datum: (match) => [match.indexOf("=") + 1, match.length],
      judge: (datum) => (isRandom(datum, 3.2) && /\d/.test(datum) && /[A-Za-z]/.test(datum) ? "sure" : "no"),
    },
  ),
  token(
    "curl_user",
    "a password on a command line",
    `-(u|-user|-proxy-user)[ =]\\s{0,3}["']?[^\\s:"']{0,64}["']?:["']?[^\\s"']{0,64}`,
    {
      notAfter: "\\x\\-",
      notBefore: "^\\s\"'",
      priority: 1,
      context: /\bcurl|\bwget|\bhttp\b/i,
      datum: passwordOfPair,
      judge: (datum, match) =>
        judgePassword(datum, match) === "no" || /[<>]/.test(match) ? "no" : isRandom(datum, 3.5) ? "sure" : "weak",
    },
  ),
  token(
    "command_password",
    "a password on the command line of a tool that takes one",
    "-p[ ]?[\"']?[^\\s\"'\\-$%<][^\\s\"']{2,64}",
    {
      notAfter: "\\x\\-",
      notBefore: "^\\s\"'",
      priority: 1,
      context: /psexec|docker\s+login|sshpass|\bmysql|mysqldump|podman\s+login|az\s+login|snowsql/i,
      datum: (match) => [match.search(/-p ?["']?[^ "']/) + (/^-p ?["']?/.exec(match)?.[0].length ?? 0), match.length],
      judge: (datum) => (isReference(datum) ? "no" : "weak"),
    },
  ),
  token(
    "secure_string",
    "a password written out for a secure string",
    "ConvertTo-SecureString\\s{1,4}(-String\\s{1,4})?[\"'][^\"'\\n]{4,120}[\"']",
    {
      ignoreCase: true,
      notBefore: "",
      datum: (match) => [match.search(/["']/) + 1, match.length - 1],
      judge: judgePassword,
    },
  ),
  token(
    "constructor_password",
    "a password handed to a class that logs in",
    '(NetworkCredential|DirectoryEntry|PasswordAuthentication|UsernamePasswordCredentials)\\(\\s{0,12}"[^"\\n]{0,120}",\\s{0,24}("[^"\\n]{0,80}",\\s{0,24})?"[^"\\n]{3,120}"',
    {
      notBefore: "",
      priority: 1,
      datum: (match) => [match.lastIndexOf('"', match.length - 2) + 1, match.length - 1],
      judge: (datum) => (isReference(datum) ? "no" : "sure"),
    },
  ),
  token(
    "device_token",
    "a device's access token in a link to its server",
    "thingsboard\\.[a-z]{2,8}/api/v1/[a-z0-9]{20}",
    {
      datum: (match) => [match.lastIndexOf("/") + 1, match.length],
      priority: 2,
    },
  ),
  token("basic_auth", "credentials in base64", "basic\\s{1,3}[\\b]{8,200}={0,2}", {
    ignoreCase: true,
    notBefore: "\\b=",
    priority: 2,
    datum: (match) => [match.search(/\s\S/) + 1, match.length],
    judge: (datum) => (pairIn(datum) !== undefined && !isMadeUpPair(datum) ? "sure" : "no"),
    sample: (random) =>
      `Basic ${btoa(`user${Math.floor(random() * 1e6)}:${Math.floor(random() * 1e12).toString(36)}`)}`,
  }),
];

function passwordOfLink(match: string): readonly [number, number] | null {
  const user = match.indexOf("://") + 3;
  const at = match.lastIndexOf("@");
  const colon = match.indexOf(":", user);
  return colon < 0 || at <= colon + 1 ? null : [colon + 1, at];
}

/** Hosts that exist in documentation alone: RFC 2606, 3849, 5737. What stands before them in words is as made up. */
const MADE_UP =
  /@(?:[\w-]+\.){0,4}(?:example(?:\.(?:com|net|org))?|invalid)(?::|$)|@\[?(?:2001:db8:|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/i;

function judgeLink(datum: string, match: string): Certainty {
  return MADE_UP.test(match) && /^[a-z]+$/i.test(datum) ? "no" : judgePassword(datum, match);
}

/** What comes after the colon, and where that is empty (a key given as the user) what comes before. */
function passwordOfPair(match: string): readonly [number, number] | null {
  const value = match.search(/[ =]\s{0,3}["']?[^\s"'=]/) + 1;
  const start = value + match.slice(value).search(/[^\s"'=]/);
  const colon = match.indexOf(":", start);
  const after = colon + 1 + (/^["']/.test(match.slice(colon + 1)) ? 1 : 0);
  if (after < match.length) return [after, match.length];
  return colon - start >= 8 ? [start, colon] : null;
}

/** A password somebody uses, rather than the word for one, a variable, or a run of crosses. */
export function judgePassword(datum: string, _match: string): Certainty {
  if (
    datum.length < 3 ||
    (isReference(datum) && !/^\{(?=\w*\d)\w{8,}\}?$/.test(datum)) ||
    /^(?:x+|y+|\*+|\.+|#+)$/i.test(datum)
  )
    return "no";
  if (
    /^(?:pass(?:word|wd)?|pwd|passphrase|secret|token|test|user(?:name)?|key|api_?key|your.*|my_?(?:pass(?:word)?|pwd|token))$/i.test(
      datum,
    )
  )
    return /^(?:secret)$/i.test(datum) ? "sure" : "no";
  if (datum.length >= 8 && (isPlaceholder(datum) || monotony(datum) > 0.8)) return "no";
  return "sure";
}
