// Identity numbers of the other countries of Europe.

import { isDate, isLongDate, isShortDate } from "../checks/dates.ts";
import { digitAt, luhn, luhnSum, uniform, weighted } from "../checks/digits.ts";
import type { DataRule } from "../rule.ts";
import { identity, separated, upper } from "./identity.ts";

const NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
const HETU_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY";

export const EUROPE: readonly DataRule[] = [
  identity(
    "fr_nir",
    "fr_nir",
    "a French social security number",
    ["[12] ?\\d{2} ?\\d{2} ?\\d[\\dAB] ?\\d{3} ?\\d{3} ?\\d{2}"],
    { check: isNir, sure: true, priority: 3 },
  ),
  identity("es_nif", "es_nif", "a Spanish tax number", "\\d{7,8}-?[A-Z]", {
    check: (plain) => NIF_LETTERS.charAt(Number(plain.slice(0, -1)) % 23) === plain.at(-1),
    sure: (datum, plain) => upper(datum) && plain.length === 9,
    context: /\bnif\b|\bdni\b|documento|identidad/i,
  }),
  identity("es_nie", "es_nie", "a Spanish number of a foreigner", "[XYZ]-?\\d{7}-?[A-Z]", {
    check: (plain) =>
      NIF_LETTERS.charAt(Number("XYZ".indexOf(plain.charAt(0)) + plain.slice(1, -1)) % 23) === plain.at(-1),
    sure: true,
  }),
  identity(
    "it_fiscal_code",
    "it_fiscal_code",
    "an Italian tax code",
    "[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
    {
      alone: true,
      sure: (datum) => upper(datum) && (datum.match(/\d/g)?.length ?? 0) >= 5,
      context: /codice|fiscale|\bcf\b/i,
      priority: 3,
    },
  ),
  identity("it_vat", "it_vat", "an Italian VAT number", ["\\d{11}", "\\d{8}[_ ]\\d{3}"], {
    check: (plain) => luhn(plain) && !uniform(plain),
    context: /partita|p\.? ?iva|\bvat\b/i,
  }),
  identity(
    "it_driver_license",
    "driver_license",
    "an Italian driving licence",
    ["[A-Z]{2}\\d{7}[A-Z]", "U1[BCDEFGHLJKMNPRSTUWYXZ0-9]{7}[A-Z]"],
    { alone: true, context: /patente|licen[cs]e|guida/i },
  ),
  identity(
    "it_identity_card",
    "it_identity_card",
    "an Italian identity card",
    ["[A-Z]{2} ?\\d{7}", "\\d{7}[A-Z]{2}", "[A-Z]{2}\\d{5}[A-Z]{2}"],
    { alone: true, context: /carta|identit|\bcie\b/i },
  ),
  identity("pl_pesel", "pl_pesel", "a Polish identity number", "\\d{11}", {
    check: (plain) =>
      isDate(0, Number(plain.slice(2, 4)) % 20, Number(plain.slice(4, 6))) &&
      (10 - (weighted(plain, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digitAt(plain, 10),
    context: /pesel/i,
  }),
  identity(
    "pl_nip",
    "pl_nip",
    "a Polish tax number",
    ["\\d{3}-\\d{3}-\\d{2}-\\d{2}", "\\d{3}-\\d{2}-\\d{2}-\\d{3}", "\\d{10}"],
    {
      check: (plain) => weighted(plain, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(plain, 9) && !uniform(plain),
      sure: separated,
      context: /\bnip\b/i,
    },
  ),
  identity("fi_hetu", "fi_hetu", "a Finnish identity code", "\\d{6}[+\\-ABCDEFYXWVU]\\d{3}[0-9A-FHJ-NPR-Y]", {
    check: isHetu,
    sure: true,
    notAfter: "_./",
  }),
  identity(
    "se_personnummer",
    "se_personnummer",
    "a Swedish identity number",
    ["(18|19|20)\\d{6}[\\-+]?\\d{4}", "\\d{6}[\\-+]\\d{4}", "\\d{10}"],
    {
      check: isPersonnummer,
      sure: (datum, plain) => separated(datum) || datum.includes("+") || plain.length === 12,
      context: /person|\bpnr\b|identit|id code/i,
    },
  ),
  identity(
    "se_organisationsnummer",
    "se_organisationsnummer",
    "a Swedish company's number",
    ["[1-35-9]\\d[2-9]\\d{3}-?\\d{4}"],
    {
      check: luhn,
      sure: separated,
      context: /org|f[öo]retag|company|bolag/i,
    },
  ),
  identity("nl_bsn", "nl_bsn", "a Dutch citizen's number", ["\\d{9}", "\\d{4}\\.\\d{2}\\.\\d{3}"], {
    check: (plain) => weighted(plain, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && !uniform(plain),
    context: /\bbsn\b|burgerservice|sofi/i,
  }),
  identity("dk_cpr", "dk_cpr", "a Danish identity number", "\\d{6}-?\\d{4}", {
    check: (plain) => isDayFirst(plain),
    alone: false,
    context: /\bcpr\b|personnummer/i,
  }),
  identity("no_fnr", "no_fnr", "a Norwegian identity number", ["\\d{6} ?\\d{5}"], {
    check: isFodselsnummer,
    context: /f[øo]dselsnummer|personnummer|\bfnr\b/i,
  }),
  identity("be_nrn", "be_nrn", "a Belgian national number", ["\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}", "\\d{11}"], {
    check: (plain) =>
      [plain.slice(0, 9), `2${plain.slice(0, 9)}`].some((body) => 97 - (Number(body) % 97) === Number(plain.slice(9))),
    sure: separated,
    context: /rijksregister|registre national|\bnrn\b|\bnn\b/i,
    priority: 3,
  }),
  identity("pt_nif", "pt_nif", "a Portuguese tax number", ["[12356789]\\d{8}", "[12356789]\\d{2} \\d{3} \\d{3}"], {
    check: isPortuguese,
    context: /\bnif\b|contribuinte/i,
  }),
  identity("gr_amka", "gr_amka", "a Greek social security number", "\\d{11}", {
    check: (plain) => isDayFirst(plain) && luhn(plain),
    context: /amka|αμκα/i,
  }),
  identity("cz_rodne_cislo", "cz_rodne_cislo", "a Czech or Slovak birth number", "\\d{6}/\\d{4}", {
    notAfter: "_.\\-/",
    check: (plain) =>
      Number(plain) % 11 === 0 && isDate(0, (Number(plain.slice(2, 4)) % 50) % 20, Number(plain.slice(4, 6))),
    sure: true,
  }),
  identity("ro_cnp", "ro_cnp", "a Romanian identity number", "[1-9]\\d{12}", {
    check: (plain) =>
      isShortDate(plain.slice(1, 7)) &&
      (weighted(plain, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11) % 10 === digitAt(plain, 12),
    context: /\bcnp\b|cod numeric/i,
  }),
  identity("hr_oib", "hr_oib", "a Croatian identity number after its name", "\\d{11}", { context: /\boib\b/i }),
];

/** The rest after 97 of the number, Corsica's departments 2A and 2B read as 19 and 18. */
function isNir(plain: string): boolean {
  const body = plain.slice(0, 13).replace("2A", "19").replace("2B", "18");
  const month = Number(plain.slice(3, 5));
  if (!/^\d+$/.test(body) || !((month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50))
    return false;
  return 97 - Number(BigInt(body) % 97n) === Number(plain.slice(13));
}

function isHetu(plain: string): boolean {
  const digits = plain.replace(/^(\d{6})[A-Z]?(\d{3}).*$/, "$1$2");
  const born = isDate(0, Number(digits.slice(2, 4)), Number(digits.slice(0, 2)));
  return born && HETU_LETTERS.charAt(Number(digits) % 31) === plain.at(-1) && Number(digits.slice(6, 9)) >= 2;
}

function isPersonnummer(plain: string): boolean {
  const short = plain.slice(-10);
  const day = Number(short.slice(4, 6));
  const dated = isDate(0, Number(short.slice(2, 4)), day > 60 ? day - 60 : day);
  return (
    dated &&
    luhnSum(short) % 10 === 0 &&
    (plain.length === 10 || isLongDate(plain.slice(0, 6) + String(day > 60 ? day - 60 : day).padStart(2, "0")))
  );
}

function isDayFirst(plain: string): boolean {
  return isDate(0, Number(plain.slice(2, 4)), Number(plain.slice(0, 2)));
}

function isFodselsnummer(plain: string): boolean {
  const day = Number(plain.slice(0, 2)) % 40;
  const first = (11 - (weighted(plain, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
  const second = (11 - (weighted(plain, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return isDate(0, Number(plain.slice(2, 4)), day) && first === digitAt(plain, 9) && second === digitAt(plain, 10);
}

function isPortuguese(plain: string): boolean {
  const rest = weighted(plain, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === digitAt(plain, 8) && !uniform(plain);
}
