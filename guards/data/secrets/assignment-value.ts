// Whether what a secret's name is given is one: drawn by chance or, for a password, chosen by a person; not a variable, a
// type, a word of documentation, or the same name again.
import { entropy, isPlaceholder, isWordy, kindsOf, longestCount, monotony } from "../checks/randomness.ts";
import { isAlphanumeric } from "../scan/boundary.ts";
import type { NameClass } from "./name.ts";
import { isMadeUpPair } from "./pair.ts";
import { isReference } from "./reference.ts";

export interface Value {
  readonly name: string;
  readonly nameClass: NameClass;
  /** after `Bearer` or another scheme of an authorization header */
  readonly header: boolean;
  readonly quoted: boolean;
  /** how the name is tied to it: `=`, `==`, an argument's comma, an XML tag, a command's flag, or a sentence */
  readonly style: "sign" | "comparison" | "argument" | "tag" | "flag" | "spoken";
  /** nothing but the sign between name and value, as environments and forms have it */
  readonly tight: boolean;
  /** what stands before the name */
  readonly before: string;
}

/** Words that stand where a password would: types, form fields, messages, its own name. */
const NOT_A_PASSWORD =
  /^(?:string|str|text|varchar|char|bool(?:ean)?|int(?:eger)?|number|object|bytes|null|nil|none|undefined|true|false|yes|no|on|off|required|optional|hidden|input|field|label|submit|button|form|email|username|user|name|default|invalid|incorrect|missing|unknown|empty|blank|forgot|reset|change|confirm|enter|new-password|current-password|off|basic|digest|oauth2?|jwt|bearer|api_?key|http|https|token|key|credentials?|pass(?:word|wd|phrase|code)?s?|pwd|example|placeholder|changeme|not-?set|n\/a|tbd|todo|admin_password|root_password|db_password|user_?password|my_?password|plain|hash(?:ed)?|encrypted|sha\d+|md5|bcrypt|value|self|this|var|let|const|function|return|async|await|if|else|for)$/i;
/** Characters that count on in a value that somebody typed for a key. */
const TYPED_COUNT = 7;
/** Whose password is no secret: RFC 1635. */
const ANONYMOUS = /\buser(?:_?name|_?id)?\b\W{1,8}anonymous\b/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `after` is the character behind the value. */
export function judgeValue(datum: string, value: Value, after: string): boolean {
  const text = datum.replace(/[.!?:]+$/, "");
  if (text.length < 4 || isReference(text) || sameAsName(text, value.name)) return false;
  if (/\.\.\.$/.test(datum) || /^[.,;:)?]|^["'][$<%]|^#[a-z-]+$|\d\.\d+\.\d+(?:$|-)/i.test(text)) return false;
  if (value.header && datum.length >= 256) return true;
  if (value.header && isMadeUpPair(text)) return false;
  // what a secret is compared with is the secret itself
  if (value.style === "comparison" && value.quoted && /^[^\s]{6,}$/.test(text) && !NOT_A_PASSWORD.test(text))
    return !isPlaceholder(text);
  if (!value.quoted && /\$\w/.test(text)) return false;
  if (value.nameClass === "password") return isPassword(text, value, after);
  return isKey(text, value, after);
}

function isPassword(text: string, value: Value, after: string): boolean {
  // a field of a connection string: whatever stands there is what logs in
  if (
    after === ";" &&
    /[;"'][ \r\n]{0,2}$/.test(value.before) &&
    (value.tight || value.before.includes(";")) &&
    !/^(?:pass(?:word)?|your.*|\*+|x+|\[.*)$/i.test(text)
  )
    return true;
  const paired = /\buser(?:_?name|_?id)?["']?\s{0,3}(?:=>|[=:])/i.test(value.before) && value.style === "sign";
  if (NOT_A_PASSWORD.test(text) || text.length > 128 || ANONYMOUS.test(value.before)) return false;
  if (/\s/.test(text)) return paired && value.quoted && /^\w{3,16} \w{3,16}$/.test(text);
  if (!value.quoted && /^secret$/i.test(text)) return false;
  if (/(.)\1{7}/.test(text)) return false;
  if (/^(?:x+|\*+|\.+|-+|_+|#+|\?+)$/i.test(text) || /^<.*>$|^\[.*\]$|^&lt;/.test(text)) return false;
  if (/your|change_?me|placeholder|redacted|example\.com|\bhere\b/i.test(text) || /^(?:\/|\.\/|https?:)/.test(text))
    return false;
  const chosen = /\d/.test(text) && /[A-Za-z]/.test(text) ? text.length >= 6 : /[^\p{L}\p{N}_\s.\-[\]()/]/u.test(text);
  if (value.quoted && value.style !== "spoken")
    return chosen || (value.style !== "argument" && text.length >= 6 && !/[-_. ]/.test(text));
  // bare words are names of variables, types and messages far more often than passwords
  if (/[[\]()/]|\.\w+$/.test(text) || "([.".includes(after || " ")) return false;
  if (value.style === "spoken" || value.style === "flag") return chosen || value.quoted;
  if (paired && text.length >= 6) return true;
  const constant = value.tight && value.name === value.name.toUpperCase() && /(?:^|\s|export )$/.test(value.before);
  return (chosen && !/^[a-z_]+\d?$/i.test(text)) || (constant && !/^[A-Z_]+$/.test(text));
}

function isKey(text: string, value: Value, after: string): boolean {
  if (/\s/.test(text) || (!value.quoted && "([".includes(after || " "))) return false;
  const { digits, letters } = counted(text);
  if (letters === 0 || /^v?\d+(?:\.\d+)+/.test(text)) return false;
  if (value.style === "spoken" && !value.quoted && text.length < 12) return false;
  if (
    isPlaceholder(text) ||
    longestCount(text) >= TYPED_COUNT ||
    /^(?:https?|wss?|file|arn|urn|s3|gs|data|projects|secret(?:s|smanager)?):|\/\/|^\/|^[\w.-]+\.(?:com|net|org|io|json|ya?ml|pem|key|crt|txt|py|ts|js|go)$/i.test(
      text,
    )
  )
    return false;
  if (UUID.test(text)) return value.nameClass !== "key" && monotony(text) < 0.4;
  if (value.nameClass === "secret" && value.quoted && text.length >= 8 && /[^\w\s.\-/:,]/.test(text)) return true;
  const needed = value.nameClass === "key" ? 16 : value.header || value.nameClass === "secret" ? 8 : 10;
  if (text.length < needed) return false;
  const symbols = kindsOf(text) >= 3;
  if (value.nameClass === "secret" && value.quoted && symbols && digits > 0) return entropy(text) >= 2.8;
  if (isWordy(text) && !(digits >= 3 && symbols)) return false;
  const bits = value.nameClass === "key" ? 3.4 : text.length >= 20 ? 3 : 2.8;
  return (
    entropy(text) >= bits && (digits >= 2 || (digits >= 1 && symbols) || (text.length >= 24 && kindsOf(text) >= 2))
  );
}

function counted(text: string): { digits: number; letters: number } {
  let digits = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
    else if (isAlphanumeric(code)) letters++;
  }
  return { digits, letters };
}

/** `password=password`, `token: token_value`: the name again, in whatever spelling. */
function sameAsName(text: string, name: string): boolean {
  if (text.length > name.length + 8) return false;
  const plain = (word: string) => word.toLowerCase().replace(/[^a-z]/g, "");
  const [a, b] = [plain(text), plain(name)];
  return a === b && !/\d/.test(text);
}
