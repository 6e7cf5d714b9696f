// Identity numbers of Asia.

import { isDate, isLongDate, isShortDate } from "../checks/dates.ts";
import { digitAt, luhn, uniform, verhoeff, weighted } from "../checks/digits.ts";
import type { DataRule } from "../rule.ts";
import { identity, separated, upper } from "./identity.ts";

const STATES =
  "(AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|UK|UP|WB)";

export const ASIA: readonly DataRule[] = [
  identity(
    "in_aadhaar",
    "in_aadhaar",
    "an Indian Aadhaar number",
    ["[2-9]\\d{11}", "[2-9]\\d{3}([ \\-:])\\d{4}[ \\-:]\\d{4}"],
    {
      check: (plain) => verhoeff(plain) && plain !== [...plain].reverse().join(""),
      context: /aadha?ar|uidai|आधार/i,
    },
  ),
  identity("in_pan", "in_pan", "an Indian tax number", "[A-Z]{5}\\d{4}[A-Z]", {
    sure: (datum) => upper(datum) && /^[A-Z]{3}[ABCFGHJLPT]/.test(datum),
    alone: true,
    context: /\bpan\b|permanent account/i,
  }),
  identity(
    "in_gstin",
    "in_gstin",
    "an Indian tax registration",
    "(0[1-9]|[12]\\d|3[0-7])[A-Z]{5}\\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]",
    { sure: true },
  ),
  identity("in_voter", "in_voter", "an Indian voter's card", "[A-Z]{3}\\d{7}", {
    alone: true,
    context: /vot|epic|elect|this\b/i,
  }),
  identity(
    "in_vehicle",
    "vehicle_registration",
    "an Indian number plate",
    `${STATES}[ \\-]?\\d{1,2}[ \\-]?[A-Z]{1,3}[ \\-]?\\d{4}`,
    { sure: upper, alone: true, context: /vehicle|registration|plate|bike|car\b/i },
  ),
  identity("sg_nric", "sg_nric", "a Singaporean identity number", "[STFGM]\\d{7}[A-Z]", {
    sure: (datum, plain) => upper(datum) && isNric(plain),
    alone: true,
    context: /nric|\bfin\b/i,
  }),
  identity(
    "sg_uen",
    "sg_uen",
    "a Singaporean company's number",
    ["\\d{8}[A-Z]", "(19|20)\\d{7}[A-Z]", "[RST]\\d{2}[A-Z]{2}\\d{4}[A-Z]"],
    {
      check: isUen,
      sure: (datum) => upper(datum) && /^[RST]\d\d[A-Z]{2}/.test(datum),
      context: /\buen\b|acra/i,
    },
  ),
  identity("kr_rrn", "kr_rrn", "a Korean resident's number", ["\\d{6}-[1-8]\\d{6}", "\\d{6}[1-8]\\d{6}"], {
    check: (plain) => isShortDate(plain),
    sure: (datum, plain) => separated(datum) || rrn(plain),
    context: /\brrn\b|\bfrn\b|resident|주민|외국인|korean/i,
    priority: 3,
  }),
  identity("kr_brn", "kr_brn", "a Korean company's number", ["\\d{3}-\\d{2}-\\d{5}", "\\d{10}"], {
    check: isKoreanCompany,
    sure: separated,
    context: /\bbrn\b|사업자|business/i,
  }),
  identity(
    "kr_driver_license",
    "driver_license",
    "a Korean driving licence",
    ["(1[1-9]|2[0-68])[ \\-]\\d{2}[ \\-]\\d{6}[ \\-]\\d{2}", "(1[1-9]|2[0-68])\\d{10}"],
    { sure: separated, context: /licen[cs]e|면허/i },
  ),
  identity(
    "jp_my_number",
    "jp_my_number",
    "a Japanese individual number",
    ["\\d{12}", "\\d{4}[ \\-]\\d{4}[ \\-]\\d{4}"],
    { check: isMyNumber, context: /my.?number|マイナンバー|個人番号/i },
  ),
  identity("cn_resident_id", "cn_resident_id", "a Chinese resident's number", "[1-9]\\d{16}[\\dX]", {
    check: isChinese,
    sure: true,
    sample: sampleChinese,
    priority: 3,
  }),
  identity("tw_id", "tw_id", "a Taiwanese identity number", "[A-Z][1289]\\d{8}", {
    check: isTaiwanese,
    context: /身分證|national id|taiwan/i,
  }),
  identity("hk_id", "hk_id", "a Hong Kong identity card", "[A-Z]{1,2}\\d{6}\\([\\dA]\\)", {
    sure: true,
    notBefore: "",
  }),
  identity("th_tnin", "th_tnin", "a Thai identity number", ["[1-8]\\d{12}", "[1-8]-\\d{4}-\\d{5}-\\d{2}-\\d"], {
    check: (plain) =>
      (11 - (weighted(plain, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(plain, 12) &&
      plain.charAt(1) !== "0",
    sure: separated,
    context: /thai|tnin|ประชาชน|national id/i,
  }),
  identity("tr_national_id", "tr_national_id", "a Turkish identity number", "[1-9]\\d{10}", {
    check: isTurkish,
    context: /kimlik|tckn|\btc\b|turkish|kişi/i,
  }),
  identity(
    "tr_license_plate",
    "vehicle_registration",
    "a Turkish number plate",
    "(0[1-9]|[1-7]\\d|8[01]) ?[A-Z]{1,3} ?\\d{2,4}",
    {
      check: (plain) => /^\d{2}(?:[A-Z]\d{3,4}|[A-Z]{2}\d{3,4}|[A-Z]{3}\d{2,4}|[A-Z]{1,2}\d{2})$/.test(plain),
      context: /plaka|plate|araç|vehicle/i,
    },
  ),
  identity("il_id", "il_id", "an Israeli identity number after its name", "\\d{9}", {
    check: luhn,
    alone: false,
    context: /teudat|israeli id|תעודת|ת\.ז/i,
  }),
  identity(
    "ph_tin",
    "ph_tin",
    "a Philippine tax number after its name",
    ["\\d{3}-\\d{3}-\\d{3}(-\\d{3,5})?", "\\d{9}(\\d{3,5})?"],
    { context: /\btin\b|\bbir\b|tax/i },
  ),
  identity("id_nik", "id_nik", "an Indonesian identity number after its name", "\\d{16}", {
    check: (plain) => isDate(0, Number(plain.slice(8, 10)), Number(plain.slice(6, 8)) % 40),
    alone: false,
    context: /\bnik\b|\bktp\b|induk/i,
  }),
  identity("my_nric", "my_nric", "a Malaysian identity number", "\\d{6}-\\d{2}-\\d{4}", {
    check: isShortDate,
    sure: true,
  }),
  identity("ae_id", "ae_id", "an Emirati identity number", ["784-\\d{4}-\\d{7}-\\d", "784\\d{12}"], {
    check: luhn,
    sure: separated,
    context: /emirates/i,
  }),
];

const CHINESE_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function isNric(plain: string): boolean {
  const first = plain.charAt(0);
  const sum =
    weighted(plain.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + (first === "T" || first === "G" ? 4 : first === "M" ? 3 : 0);
  const letters = first === "S" || first === "T" ? "JZIHGFEDCBA" : first === "M" ? "KLJNPQRTUWX" : "XWUTRQPNMLK";
  const at = first === "M" ? 10 - (sum % 11) : sum % 11;
  return letters.charAt(at) === plain.charAt(8);
}

/** A business of eight digits, a company whose number begins with its year, or another entity: each with its letters. */
function isUen(plain: string): boolean {
  const last = plain.slice(-1);
  if (/^\d{8}[A-Z]$/.test(plain)) return "XMKECAWLJDB".charAt(weighted(plain, [10, 4, 9, 3, 8, 2, 7, 1]) % 11) === last;
  if (/^\d{9}[A-Z]$/.test(plain))
    return "ZKCMDNERGWH".charAt(weighted(plain, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11) === last;
  const symbols = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
  const sum = [4, 3, 5, 3, 10, 2, 2, 5, 7].reduce((all, w, at) => all + w * symbols.indexOf(plain.charAt(at)), 0);
  return symbols.charAt((((sum - 5) % 11) + 11) % 11) === last;
}

function rrn(plain: string): boolean {
  const sum = weighted(plain, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  const check = digitAt(plain, 12);
  return (11 - (sum % 11)) % 10 === check || (13 - (sum % 11)) % 10 === check;
}

function isKoreanCompany(plain: string): boolean {
  const sum = weighted(plain, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digitAt(plain, 8) * 5) / 10);
  return (10 - (sum % 10)) % 10 === digitAt(plain, 9) && !uniform(plain);
}

function isMyNumber(plain: string): boolean {
  const rest = weighted(plain, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === digitAt(plain, 11) && !uniform(plain);
}

function isChinese(plain: string): boolean {
  const sum = weighted(plain, CHINESE_WEIGHTS);
  return isLongDate(plain.slice(6, 14)) && "10X98765432".charAt(sum % 11) === plain.charAt(17);
}

function isTaiwanese(plain: string): boolean {
  const code = "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(plain.charAt(0)) + 10;
  return (Math.floor(code / 10) + (code % 10) * 9 + weighted(plain.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 === 0;
}

function isTurkish(plain: string): boolean {
  const odd = weighted(plain, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(plain, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return digitAt(plain, 9) === tenth && (odd + even + tenth) % 10 === digitAt(plain, 10);
}

function sampleChinese(random: () => number): string {
  const digit = () => String(Math.floor(random() * 10));
  const body = `11010519${7 + Math.floor(random() * 2)}${digit()}0${1 + Math.floor(random() * 9)}2${digit().replace("9", "8")}${digit()}${digit()}${digit()}`;
  const sum = weighted(body, CHINESE_WEIGHTS);
  return body + "10X98765432".charAt(sum % 11);
}
