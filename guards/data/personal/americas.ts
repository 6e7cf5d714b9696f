// Identity numbers of the Americas.

import { isShortDate } from "../checks/dates.ts";
import { digitAt, luhn, uniform, weighted } from "../checks/digits.ts";
import type { DataRule } from "../rule.ts";
import { identity, separated, upper } from "./identity.ts";

export const AMERICAS: readonly DataRule[] = [
  identity(
    "us_ssn",
    "us_ssn",
    "a US social security number",
    [
      "\\d{3} \\d{2} \\d{4}",
      "\\d{3}-\\d{2}-\\d{4}",
      "\\d{3}\\.\\d{2}\\.\\d{4}",
      "\\d{9}",
      "\\d{3}-\\d{6}",
      "\\d{5}-\\d{4}",
    ],
    {
      check: (plain) =>
        !/^(?:000|666|9)|^\d{3}00|0000$/.test(plain) &&
        !/^(?:123456789|078051120|219099999|987654321)$/.test(plain) &&
        !uniform(plain),
      sure: (datum) => /^\d{3}-\d{2}-\d{4}$|^\d{3}\.\d{2}\.\d{4}$|^\d{3} \d{2} \d{4}$/.test(datum),
      context: /\bssn|social.?sec|\bss ?#|tax.?id/i,
    },
  ),
  identity(
    "us_itin",
    "us_itin",
    "a US taxpayer number",
    ["9\\d{2}-?(5\\d|6[0-5]|7\\d|8[0-8]|9[0-24-9])-?\\d{4}", "9\\d{2} (5\\d|6[0-5]|7\\d|8[0-8]|9[0-24-9]) \\d{4}"],
    {
      sure: (datum) => /^\d{3}([ -])\d{2}\1\d{4}$/.test(datum),
      alone: true,
      context: /itin|taxpayer|tax.?id/i,
    },
  ),
  identity("us_npi", "us_npi", "a US health provider's number", ["[12]\\d{9}", "[12]\\d{3}[ \\-]\\d{3}[ \\-]\\d{3}"], {
    check: (plain) => luhn(`80840${plain}`) && !/(\d)\1{7}/.test(plain),
    context: /\bnpi\b|provider/i,
  }),
  identity("us_mbi", "us_mbi", "a Medicare beneficiary's number", `${mbi("")}|${mbi("-")}`, {
    sure: separated,
    alone: true,
    context: /medicare|\bmbi\b|beneficiary/i,
  }),
  identity("us_dea", "medical_license", "a DEA number of a prescriber", ["[ABCDEFGHJKLMPRSTUX](\\a|9)\\d{7}"], {
    check: (plain) => (digits(plain, [2, 4, 6]) + 2 * digits(plain, [3, 5, 7])) % 10 === digitAt(plain, 8),
    context: /\bdea\b|prescri|certificate|licen[cs]e/i,
  }),
  identity("us_ein", "us_ein", "a US employer's number", "\\d{2}-\\d{7}", { context: /\bein\b|employer|tax.?id/i }),
  identity(
    "us_driver_license",
    "driver_license",
    "a US driver's licence after its name",
    ["\\a\\d{6,14}", "\\d{7,12}", "\\a{2}\\d{6,7}", "\\a\\d{3}-\\d{4}-\\d{4}"],
    {
      context: /driver.{0,3}s?.{0,3}licen[cs]e|driving licen[cs]e|\bdl\s?(?:#|no|num|is)/i,
    },
  ),
  identity(
    "ca_sin",
    "ca_sin",
    "a Canadian social insurance number",
    ["\\d{3} \\d{3} \\d{3}", "\\d{3}-\\d{3}-\\d{3}", "\\d{9}"],
    {
      check: (plain) => /^[1-79]/.test(plain) && luhn(plain) && !uniform(plain),
      context: /\bsin\b|social insurance|\bnas\b|assurance sociale/i,
    },
  ),
  identity("br_cpf", "br_cpf", "a Brazilian taxpayer's number", ["\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}", "\\d{11}"], {
    check: isCpf,
    sure: separated,
    context: /\bcpf\b|contribuinte/i,
  }),
  identity(
    "br_cnpj",
    "br_cnpj",
    "a Brazilian company's number",
    ["\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}", "\\d{14}"],
    { check: isCnpj, sure: separated, context: /\bcnpj\b/i },
  ),
  identity("mx_curp", "mx_curp", "a Mexican population registry code", "\\a{4}\\d{6}[HMX]\\a{5}[A-Z0-9]\\d", {
    check: (plain) => isShortDate(plain.slice(4, 10)),
    sure: upper,
    context: /curp/i,
    priority: 3,
  }),
  identity("mx_rfc", "mx_rfc", "a Mexican taxpayer's code", "\\a{3,4}-?\\d{6}-?\\x{3}", {
    check: (plain) => isShortDate(plain.slice(-9, -3)),
    alone: false,
    context: /\brfc\b|contribuyente/i,
  }),
  identity("cl_rut", "cl_rut", "a Chilean identity number", ["\\d{1,2}\\.\\d{3}\\.\\d{3}-[\\dK]", "\\d{7,8}-[\\dK]"], {
    check: isRut,
    sure: (datum) => datum.includes("."),
    context: /\brut\b|\brun\b/i,
  }),
  identity("ar_cuit", "ar_cuit", "an Argentine tax number", "(20|23|24|27|30|33|34)-\\d{8}-\\d", {
    check: (plain) => (weighted(plain, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) + digitAt(plain, 10)) % 11 === 0,
    sure: true,
  }),
  identity(
    "co_cedula",
    "co_cedula",
    "a Colombian identity number after its name",
    ["\\d{1,2}(\\.\\d{3}){2,3}", "\\d{7,10}"],
    { alone: false, check: (plain) => plain.length >= 7, context: /c[ée]dula/i },
  ),
];

/** One letter or digit by turns, of an alphabet without letters that look like digits. */
function mbi(separator: string): string {
  const letter = "[ACDEFGHJKMNPQRTUVWXY]";
  const either = "[0-9ACDEFGHJKMNPQRTUVWXY]";
  return `[1-9]${letter}${either}\\d${separator}${letter}${either}\\d${separator}${letter}{2}\\d{2}`;
}

function digits(plain: string, places: readonly number[]): number {
  return places.reduce((sum, place) => sum + digitAt(plain, place), 0);
}

function checkDigit(sum: number): number {
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

function isCpf(plain: string): boolean {
  if (uniform(plain)) return false;
  const first = checkDigit(weighted(plain, [10, 9, 8, 7, 6, 5, 4, 3, 2]));
  const second = checkDigit(weighted(plain, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
  return digitAt(plain, 9) === first && digitAt(plain, 10) === second;
}

function isCnpj(plain: string): boolean {
  if (uniform(plain)) return false;
  const first = checkDigit(weighted(plain, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  const second = checkDigit(weighted(plain, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]));
  return digitAt(plain, 12) === first && digitAt(plain, 13) === second;
}

function isRut(plain: string): boolean {
  const body = plain.slice(0, -1);
  let sum = 0;
  for (let at = 0; at < body.length; at++) sum += digitAt(body, body.length - 1 - at) * (2 + (at % 6));
  const check = 11 - (sum % 11);
  return plain.at(-1) === (check === 11 ? "0" : check === 10 ? "K" : String(check));
}
