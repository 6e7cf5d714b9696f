// Identity numbers of the United Kingdom and Ireland.
import { digitAt, uniform, weighted } from "../checks/digits.ts";
import type { DataRule } from "../rule.ts";
import { identity, upper } from "./identity.ts";

const OUTWARD =
  "([A-PR-UWYZ]\\d{1,2}|[A-PR-UWYZ][A-HK-Y]\\d{1,2}|[A-PR-UWYZ]\\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\\d[ABEHMNPRVWXY])";
const INWARD = "\\d[ABD-HJLNP-UW-Z]{2}";

export const BRITAIN: readonly DataRule[] = [
  identity("uk_nhs", "uk_nhs", "a British health service number", ["\\d{3}[ \\-]\\d{3}[ \\-]\\d{4}", "\\d{10}"], {
    check: (plain) =>
      (11 - (weighted(plain, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(plain, 9) && !uniform(plain),
    context: /\bnhs\b|health service|patient/i,
  }),
  identity(
    "uk_nino",
    "uk_nino",
    "a British national insurance number",
    "[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[ABCD]",
    {
      check: (plain) => !/^(?:BG|GB|NK|KN|TN|NT|ZZ)/.test(plain),
      sure: true,
    },
  ),
  identity("uk_utr", "uk_utr", "a British taxpayer's reference after its name", ["\\d{10}", "\\d{5} \\d{5}"], {
    context: /\butr\b|taxpayer reference/i,
  }),
  identity(
    "uk_driving_licence",
    "driver_license",
    "a British driving licence",
    "[A-Z]{2,5}9{0,3}\\d[0156]\\d([0][1-9]|[12]\\d|3[01])\\d[A-Z0-9]{3}[A-Z]{2}",
    {
      check: isLicence,
      sure: upper,
      context: /licen[cs]e|driving|dvla/i,
    },
  ),
  identity(
    "uk_vehicle",
    "vehicle_registration",
    "a British number plate",
    "[A-HJ-PR-Y]{2}(0[2-9]|[1-2]\\d|5[1-9]|[67]\\d)[ \\-]?[A-HJ-PR-Z]{3}",
    {
      check: (plain) => !/^(?:[A-Z]Q)/.test(plain),
      sure: (datum) => upper(datum) && /[ -]/.test(datum),
      alone: true,
      context: /\bcar\b|vehicle|registration|plate|\breg\b/i,
    },
  ),
  identity(
    "uk_vehicle_former",
    "vehicle_registration",
    "a British number plate of the former kinds",
    ["[A-HJ-NPR-TV-Y]\\d{1,3} ?[A-HJ-PR-Y]{3}", "[A-HJ-PR-Y]{3} ?\\d{1,3}[A-HJ-NPR-TV-Y]"],
    {
      alone: true,
      context: /\bcar\b|vehicle|registration|plate|\breg\b/i,
    },
  ),
  identity("uk_postcode", "postcode", "a British postcode", [`${OUTWARD} ?${INWARD}`, "GIR ?0AA"], {
    sure: (datum) => upper(datum) && datum.includes(" "),
    alone: true,
    context: /post.?code|address|\bin\b|live/i,
  }),
  identity("ie_pps", "ie_pps", "an Irish public service number", "\\d{7}[A-W][A-IW]?", {
    check: isPps,
    context: /\bpps|public service|ireland|irish/i,
  }),
];

/** Five letters of the name, padded with 9; then year, month (50 more for women), day. */
function isLicence(plain: string): boolean {
  if (plain.length !== 16 || !/^[A-Z]{2,5}9*$/.test(plain.slice(0, 5))) return false;
  const month = Number(plain.slice(6, 8)) % 50;
  return month >= 1 && month <= 12;
}

function isPps(plain: string): boolean {
  const second = plain.length === 9 ? 9 * (plain.charAt(8) === "W" ? 0 : plain.charCodeAt(8) - 64) : 0;
  const check = (weighted(plain, [8, 7, 6, 5, 4, 3, 2]) + second) % 23;
  return plain.charAt(7) === (check === 0 ? "W" : String.fromCharCode(64 + check));
}
