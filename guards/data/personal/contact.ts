// How a person is reached: mail addresses and telephone numbers.

import type { CountryCode } from "libphonenumber-js/min";
import { isValidPhoneNumber } from "libphonenumber-js/min";
import type { Certainty, DataRule } from "../rule.ts";

/** RFC 5322's dot-atom, without what documentation wraps addresses in, and RFC 1123's host names. */
const LOCAL = "\\xA-Za-z0-9!#$%&'*+/=?^_{}~.\\-";
const EMAIL = `[A-Za-z0-9_][A-Za-z0-9!#$%&'*+/=?^_{}~.\\-]{0,63}@([A-Za-z0-9]([A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?\\.){1,6}([A-Za-z]{2,18}|xn--[A-Za-z0-9\\-]{2,40})`;

const PHONE_WORDS =
  /phone|\btel|mobile|\bcell|\bfax|\bcall|whats.?app|\bsms|\bcontact|number is|telef|handy|portable|m[óo]vil|celular|teléfono|telefon|cep no|numara|电话|手机|電話|携帯|전화|휴대|телефон|моб|फ़ोन|هاتف|טלפון|\+\d{8}/i;
/** Where a number without country code may be at home. */
const HOMES: readonly CountryCode[] = [
  "US",
  "GB",
  "DE",
  "FR",
  "IT",
  "ES",
  "IN",
  "BR",
  "JP",
  "CN",
  "KR",
  "TR",
  "PH",
  "IL",
  "AU",
  "NL",
  "PL",
  "SE",
  "MX",
  "ZA",
  "CH",
  "AT",
  "BE",
  "NG",
  "SG",
];

export const CONTACT: readonly DataRule[] = [
  {
    id: "pii.email",
    category: "personal_data",
    kind: "email",
    reason: "a mail address",
    patterns: [EMAIL],
    notAfter: LOCAL,
    notBefore: "\\x@_\\-",
    priority: 3,
    judge: judgeEmail,
  },
  {
    id: "pii.phone_international",
    category: "personal_data",
    kind: "phone",
    reason: "a telephone number with its country code",
    patterns: [
      "\\+ ?[1-9]\\d{0,2}([ .\\-/]{0,2}\\(?\\d{1,12}\\)?){1,7}",
      "00[1-9]\\d{0,2}([ .\\-/]?\\(?\\d{2,10}\\)?){1,6}",
    ],
    notAfter: "+\\x._=*",
    notBefore: "\\x_",
    number: true,
    costly: true,
    context: PHONE_WORDS,
    judge: judgeInternational,
  },
  {
    id: "pii.phone_american",
    category: "personal_data",
    kind: "phone",
    reason: "a telephone number as it is written in North America",
    patterns: ["\\(?[2-9]\\d{2}\\)?[ \\-]?[2-9]\\d{2}-\\d{4}"],
    notAfter: "\\x+_.\\-/=*,",
    notBefore: "\\x_",
    number: true,
    judge: (datum) => (/^(?:\([2-9]\d{2}\) ?|[2-9]\d{2}-)[2-9]\d{2}-\d{4}$/.test(datum) ? "sure" : "no"),
    context: PHONE_WORDS,
  },
  {
    id: "pii.phone_national",
    category: "personal_data",
    kind: "phone",
    reason: "a telephone number as it is written in its country, after a word for one",
    patterns: [
      "\\(\\d{2,5}\\)[ .\\-]?\\d{3,4}[ .\\-]?\\d{3,4}",
      "0[ .\\-]?\\(?\\d{1,4}\\)?([ .\\-/]?\\d{2,8}){1,4}",
      "[1-9]\\d{1,4}([ .\\-]\\d{2,4}){2,4}",
      "[1-9]\\d{8,10}",
    ],
    notAfter: "\\x+_.\\-/=*,",
    notBefore: "\\x_",
    number: true,
    costly: true,
    contextOnly: true,
    context: PHONE_WORDS,
    judge: judgeNational,
  },
  {
    id: "pii.phone_alone",
    category: "personal_data",
    kind: "phone",
    reason: "a telephone number in full, and nothing else",
    patterns: [
      "0[ .\\-]?\\(?\\d{2,4}\\)?([ .\\-/]?\\d{2,7}){1,4}",
      "[2-9]\\d{2}([ .\\-]\\d{3})([ .\\-]\\d{2}){2}",
      "[2-9]\\d{9}",
    ],
    notAfter: "\\x",
    number: true,
    costly: true,
    contextOnly: true,
    alone: true,
    priority: 1,
    judge: judgeNational,
  },
];

const NOT_A_PERSON = /@(?:[\w-]+\.)*(?:\d+x|png|jpe?g|gif|svg|webp)$|@\d+\.\d+\.\d+$|^git@|\.\.|^\.|\.@/i;

function judgeEmail(datum: string): Certainty {
  return NOT_A_PERSON.test(datum) ? "no" : "sure";
}

/** Valid by many countries' rules, and nobody's number. */
const MONOTONOUS = /(\d)\1{6}/;

function judgeInternational(datum: string): Certainty {
  const digits = datum.replace(/\D/g, "").length;
  if (digits < 8 || digits > 15 || MONOTONOUS.test(datum.replace(/\D/g, ""))) return "no";
  const number = datum.startsWith("00") ? `+${datum.slice(2)}` : datum;
  if (isValidPhoneNumber(number)) return datum.startsWith("+") ? "sure" : "weak";
  return "no";
}

/** Where no home has such a number, it is some other number. */
function judgeNational(datum: string): Certainty {
  const digits = datum.replace(/\D/g, "");
  if (digits.length < 8 || digits.length > 12 || MONOTONOUS.test(digits) || /^(?:19|20)\d\d[-./]/.test(datum))
    return "no";
  return HOMES.some((home) => isValidPhoneNumber(datum, home)) ? "weak" : "no";
}
