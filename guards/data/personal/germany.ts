// Identity numbers of Germany, Austria and Switzerland.

import { isDate } from "../checks/dates.ts";
import { digitAt, mod11_10, uniform, weighted } from "../checks/digits.ts";
import type { DataRule } from "../rule.ts";
import { identity, separated, upper } from "./identity.ts";

const PASS_LETTERS = "[CFGHJKLMNPRTVWXYZ0-9]";

export const GERMANY: readonly DataRule[] = [
  identity(
    "de_tax_id",
    "de_tax_id",
    "a German tax identification number",
    ["[1-9]\\d{10}", "[1-9]\\d [0-9]{3} \\d{3} \\d{3}"],
    {
      check: (plain) => mod11_10(plain) && !uniform(plain),
      context: /steuer|\bid-?nr|tax.?id|\btin\b/i,
    },
  ),
  identity("de_tax_number", "de_tax_number", "a German tax number", ["\\d{2,3}/\\d{3,4}/\\d{4,5}", "\\d{13}"], {
    notAfter: "_.\\-/:",
    check: (plain) => plain.length < 13 || (/^(?:0[1-9]|1[0-6])/.test(plain) && plain.charAt(4) !== ""),
    sure: (datum) => /^\d{2,3}\/\d{3,4}\/\d{4,5}$/.test(datum) && datum.length >= 11,
    alone: false,
    context: /steuer|st\.?-?nr|finanzamt/i,
  }),
  identity("de_vat_id", "de_vat_id", "a German VAT number", "DE([ \\-.]?\\d{3}){3}", {
    sure: (datum, plain) => upper(datum) && mod11_10(plain.slice(2)),
    alone: true,
    context: /ust|umsatzsteuer|\bvat\b|mwst/i,
  }),
  identity("de_social_security", "de_social_security", "a German pension insurance number", "\\d{8}\\a\\d{3}", {
    check: isPension,
    sure: true,
  }),
  identity("de_health_insurance", "de_health_insurance", "a German health insurance number", "\\a\\d{9}", {
    check: isHealthInsurance,
    context: /krank|kvnr|versicher|egk|health/i,
  }),
  identity(
    "de_id_card",
    "de_id_card",
    "a German identity card",
    [`[CFGHJKLMNPRTVWXYZ]${PASS_LETTERS}{7}\\d`, "T\\d{8}"],
    {
      check: (plain) => /\d/.test(plain.slice(0, 8)) && (passCheck(plain) || /^T\d{8}$/.test(plain)),
      context: /ausweis|\bperso\b|identity card|id card/i,
    },
  ),
  identity(
    "de_passport",
    "passport",
    "a German passport",
    `[CFGHJK]${PASS_LETTERS}{7}\\d|[LMNPRTVWXYZ]${PASS_LETTERS}{7}\\d`,
    {
      check: passCheck,
      context: /reisepass|\bpass\b|pass-?(?:nr|nummer)|passport/i,
    },
  ),
  identity("de_driver_license", "driver_license", "a German driving licence", "[A-Z]{2}\\d{8}[0-9A-Z]", {
    check: (plain) => !VAT_ID.test(plain),
    context: /f[üu]hrerschein|fahrerlaubnis|licen[cs]e/i,
  }),
  identity("de_lanr", "de_lanr", "a German physician's number", "\\d{9}", {
    check: (plain) => lanr(plain, [4, 9, 4, 9, 4, 9]) && !/^0+$/.test(plain),
    context: /lanr|arzt/i,
  }),
  identity("de_bsnr", "de_bsnr", "a German practice's number", "\\d{9}", {
    check: (plain) => REGIONS.test(plain) && !uniform(plain.slice(2)),
    context: /bsnr|betriebsst[äa]tte|praxis/i,
  }),
  identity(
    "de_commercial_register",
    "de_commercial_register",
    "an entry in a German register of companies",
    "HR[AB] ?\\d{1,6}",
    {
      sure: upper,
      alone: true,
      context: /amtsgericht|handelsregister|register/i,
    },
  ),
  identity(
    "de_license_plate",
    "vehicle_registration",
    "a German number plate",
    ["[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[ \\-]\\d{1,4}[EH]?", "[A-Z]{1,3} [A-Z]{1,2} \\d{1,4}[EH]?"],
    {
      check: (plain) => plain.length >= 4,
      context: /kennzeichen|fahrzeug|\bkfz\b|\bauto\b|plate/i,
    },
  ),
  identity("de_postcode", "postcode", "a German postcode after its name", "\\d{5}", {
    check: (plain) => plain >= "01001" && plain <= "99998",
    context: /\bplz\b|postleitzahl/i,
  }),
  identity("at_svnr", "at_svnr", "an Austrian social insurance number", ["\\d{4} ?\\d{6}"], {
    check: (plain) =>
      weighted(plain, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitAt(plain, 3) &&
      isDate(0, Number(plain.slice(6, 8)), Number(plain.slice(4, 6))),
    context: /\bsvnr|sozialversicherung|versicherungsnummer/i,
  }),
  identity("ch_ahv", "ch_ahv", "a Swiss social insurance number", ["756\\.\\d{4}\\.\\d{4}\\.\\d{2}", "756\\d{10}"], {
    check: (plain) => weighted(plain, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
    sure: separated,
    context: /\bahv|\bavs\b|sozialversicherung/i,
    priority: 3,
  }),
];

/** Nine digits after the code of a country whose VAT numbers have as many. */
const VAT_ID = /^(?:AT|BG|CY|CZ|DE|EE|EL|ES|GB|IE|LT|LV|PT|SI|SK)\d{9}$/;
/** Regions of the associations of physicians; 35 and 77 are hospitals'. */
const REGIONS = /^(?:0[1-3]|17|20|35|38|46|51|52|7[1-478]|83|88|93|98|99)/;

/** Weights 7, 3, 1 over digits and letters (A = 10), as ICAO Doc 9303 has it. */
function passCheck(plain: string): boolean {
  let sum = 0;
  for (let at = 0; at < plain.length - 1; at++) sum += Number.parseInt(plain.charAt(at), 36) * ([7, 3, 1][at % 3] ?? 0);
  return sum % 10 === Number(plain.at(-1)) && /\d/.test(plain);
}

function isPension(plain: string): boolean {
  const day = Number(plain.slice(2, 4)) % 50;
  const letter = String(plain.charCodeAt(8) - 64).padStart(2, "0");
  if (!isDate(0, Number(plain.slice(4, 6)), day) || day === 0) return false;
  if (!/^(?:0[2-9]|1[0-9]|2[0-9]|3[89]|39|4[0-9]|5\d|6\d|7\d|8[0-29])/.test(plain)) return false;
  const digits = plain.slice(0, 8) + letter + plain.slice(9, 11);
  let sum = 0;
  for (const [at, weight] of [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].entries()) {
    const product = digitAt(digits, at) * weight;
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 10 === digitAt(plain, 11);
}

/** The letter as two digits, then a Luhn sum that doubles every second digit from the left. */
function isHealthInsurance(plain: string): boolean {
  const digits = String(plain.charCodeAt(0) - 64).padStart(2, "0") + plain.slice(1, 9);
  return leftLuhn(digits) % 10 === digitAt(plain, 9);
}

function leftLuhn(digits: string): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const product = digitAt(digits, at) * (1 + (at % 2));
    sum += product > 9 ? product - 9 : product;
  }
  return sum;
}

function lanr(plain: string, weights: readonly number[]): boolean {
  return (10 - (weighted(plain, weights) % 10)) % 10 === digitAt(plain, 6);
}
