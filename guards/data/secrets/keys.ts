// Keys and tokens that standards define: JWT (RFC 7519), PEM (RFC 7468), OpenPGP armour, age, WireGuard, password hashes.
import { fromBase64Url } from "../../../protocol/encoding.ts";
import { isBech32 } from "../checks/addresses.ts";
import { entropy, isRandom } from "../checks/randomness.ts";
import type { Certainty, DataRule } from "../rule.ts";
import { near, token } from "./token.ts";

/** Between lines: line ends as such and as escapes, and what source code puts around its string literals. */
const GAP = "[\\s\\\\nr\"'`+>|#*,.;]";
const HEADER = `([A-Za-z\\-]{3,16}: [^\\n\\\\]{1,80}${GAP}{1,8}){0,3}`;
const BASE64 = "[A-Za-z0-9+/=]";
/** No line that goes on begins as a key does, or each line of many beginnings would be read to the end. */
const FIRST_OF_LINE = "([A-KM-Za-z0-9+/]|L[A-RT-Za-z0-9+/]|LS[A-Za-z1-9+/]|LS0[A-Za-su-z0-9+/])";
/** Wrapped as MIME and `base64` do it. What a last line of fewer characters encodes is the end of the armour, not of the key. */
const BASE64_PEM = `LS0tLS1CRUdJTi[\\b]{30,}(((\\\\r)?\\\\n|\\r?\\n)[ \\t]{0,8}${FIRST_OF_LINE}[\\b]{15,})*={0,2}`;
const PUTTY = "Private-Lines: \\d{1,3}(\\r?\\n[\\b]{16,64}={0,2}){1,64}";

export const KEYS: readonly DataRule[] = [
  token(
    "private_key",
    "a private key in PEM, OpenSSH or OpenPGP armour",
    `-----BEGIN ([A-Z0-9]{1,12} ){0,3}PRIVATE KEY( BLOCK)?-----${GAP}{1,24}${HEADER}${GAP}{0,24}${BASE64}{16,}([\\s\\\\"'\`+>|#*,;=A-Za-z0-9/]|-[A-Za-z0-9 ])*(-----END [A-Z0-9 ]{8,40}-----)?`,
    { notAfter: "\\-", notBefore: "", afterLetters: true, longest: true, judge: holdsKey, sample: samplePem },
  ),
  token("private_key_base64", "a private key in PEM, in base64, in one line or several", BASE64_PEM, {
    notAfter: "\\b",
    notBefore: "",
    longest: true,
    judge: (datum) => (/PRIVATE KEY/.test(decoded(datum.slice(0, 64))) ? "sure" : "no"),
    sample: (random) => btoa(samplePem(random)).replaceAll("=", ""),
  }),
  token("jwt", "a JSON Web Token", ["eyJ[\\u]{8,}\\.[\\u]{2,}\\.[\\u]{10,}", "eyJ[\\u]{8,}(\\.[\\u]{0,}){4}"], {
    notAfter: "\\u.",
    notBefore: "\\u",
    judge: judgeJwt,
    sample: sampleJwt,
  }),
  token("putty_key", "a private key of PuTTY", PUTTY, {
    notBefore: "",
    longest: true,
    judge: (datum) => (entropy(datum.replace(/^.*|\s/g, "")) >= 3.8 ? "sure" : "no"),
  }),
  token("jwk_private_key", "the private part of a JSON Web Key", '"d"\\s{0,2}:\\s{0,2}"[\\u]{43,700}"', {
    notBefore: "",
    datum: quoted,
    bits: 4,
  }),
  token("jwk_symmetric_key", "a symmetric JSON Web Key", '"k"\\s{0,2}:\\s{0,2}"[\\u]{21,700}"', {
    notBefore: "",
    datum: quoted,
    ...near(/"kty"\s{0,2}:\s{0,2}"oct"|"kid"/, 3.5),
  }),
  token("age_secret_key", "an age secret key", "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", {
    judge: (datum) => (isBech32(datum) || isRandom(datum.slice(16), 3) ? "sure" : "no"),
  }),
  token("wireguard_key", "a WireGuard key", "[\\b]{42}[AEIMQUYcgkosw048x1]=", {
    notAfter: "\\b",
    notBefore: "\\b=",
    ...near(/(?:Private|Preshared)_?Key["']?\s?[=:]\s?["']?$/i, 3.5),
  }),
  token(
    "password_hash",
    "a salted password hash, which can be cracked",
    [
      "$[156]\\$(rounds=\\d{1,9}\\$)?[A-Za-z0-9./]{4,16}\\$[A-Za-z0-9./]{22,86}",
      "$apr1\\$[A-Za-z0-9./]{1,8}\\$[A-Za-z0-9./]{22}",
      "$2[abxy]?\\$\\d{2}\\$[A-Za-z0-9./]{53}",
      "$8\\$[A-Za-z0-9./]{14}\\$[A-Za-z0-9./]{43}",
      "$argon2(id|i|d)\\$v=\\d{2}\\$[a-z0-9=,]{8,40}\\$[\\b]{11,64}\\$[\\b]{22,128}",
      "$krb5(asrep|tgs)\\$\\d{2}\\$[A-Za-z0-9@.*$/_\\-]{0,128}:?\\h{32}\\$\\h{64,}",
      "\\{S?SHA(256|512)?\\}[\\b]{27,100}={0,2}",
    ],
    { notAfter: "\\x", notBefore: "\\x./$", bits: 3.5 },
  ),
];

/** What stands in the last quotes. */
function quoted(match: string): readonly [number, number] {
  return [match.lastIndexOf('"', match.length - 2) + 1, match.length - 1];
}

/** At least as much base64 as the smallest key in armour has, and not padding that somebody typed. */
function holdsKey(datum: string): Certainty {
  const header = datum.indexOf("-----", 11) + 5;
  const body = datum
    .slice(header, header + 2048)
    .replace(/\\[nr]|-----END.*/g, "")
    .replace(/[^A-Za-z0-9+/]/g, "");
  return body.length >= 64 && entropy(body.slice(48)) >= 3.8 ? "sure" : "no";
}

/** The header is JSON with an algorithm. The payload that documentation everywhere shows is nobody's. */
function judgeJwt(datum: string): Certainty {
  const [header = "", payload = ""] = datum.split(".", 2);
  if (payload === "") return "no";
  const head = decoded(header);
  if (!/"(?:alg|typ|kid|enc)"|\balg\b/.test(head) || !head.startsWith("{")) return "no";
  return /"sub":\s?"1234567890"/.test(decoded(payload.slice(0, 256))) ? "no" : "sure";
}

/** Latin-1, since only ASCII matters; a stray last character is dropped. */
function decoded(base64: string): string {
  const whole = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const usable = whole.slice(0, whole.length - (whole.length % 4));
  try {
    return String.fromCharCode(...fromBase64Url(usable));
  } catch {
    return "";
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function chance(random: () => number, length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(Math.floor(random() * ALPHABET.length))).join("");
}

function samplePem(random: () => number): string {
  const lines = [64, 64, 64, 40].map((length) => chance(random, length));
  const label = `${"PRIVATE"} KEY`;
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----`;
}

function sampleJwt(random: () => number): string {
  const part = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
  return `${part({ alg: "HS256", typ: "JWT" })}.${part({ iss: chance(random, 12), exp: 1 })}.${chance(random, 43)}`;
}
