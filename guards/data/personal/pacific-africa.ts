// Identity numbers of Australia, New Zealand and Africa.

import { isShortDate } from "../checks/dates.ts";
import { digitAt, luhn, uniform, verhoeff, weighted } from "../checks/digits.ts";
import type { DataRule } from "../rule.ts";
import { identity, separated, upper } from "./identity.ts";

export const PACIFIC_AFRICA: readonly DataRule[] = [
  identity("au_abn", "au_abn", "an Australian business number", ["\\d{2} \\d{3} \\d{3} \\d{3}", "\\d{11}"], {
    check: (plain) =>
      (weighted(plain, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0 && plain.charAt(0) !== "0",
    sure: separated,
    context: /\babn\b|business number/i,
  }),
  identity("au_acn", "au_acn", "an Australian company's number", ["\\d{3} \\d{3} \\d{3}", "\\d{9}"], {
    check: (plain) =>
      (10 - (weighted(plain, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digitAt(plain, 8) && !uniform(plain),
    context: /\bacn\b|company number/i,
  }),
  identity("au_tfn", "au_tfn", "an Australian tax file number", ["\\d{3} \\d{3} \\d{3}", "\\d{9}"], {
    check: (plain) => weighted(plain, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !uniform(plain),
    context: /\btfn\b|tax file/i,
  }),
  identity(
    "au_medicare",
    "au_medicare",
    "an Australian health insurance number",
    ["[2-6]\\d{3} \\d{5} \\d", "[2-6]\\d{9}"],
    {
      check: (plain) => weighted(plain, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(plain, 8),
      sure: separated,
      context: /medicare/i,
    },
  ),
  identity("nz_ird", "nz_ird", "a New Zealand tax number after its name", ["\\d{2,3}-\\d{3}-\\d{3}", "\\d{8,9}"], {
    context: /\bird\b|inland revenue/i,
  }),
  identity(
    "za_id",
    "za_id",
    "a South African identity number",
    ["\\d{6}\\d{4}[0-2]\\d{2}", "\\d{6} \\d{4} [0-2]\\d{2}"],
    {
      check: (plain) => isShortDate(plain) && luhn(plain) && /^\d{10}[0-2][089]/.test(plain),
      sure: true,
    },
  ),
  identity("ng_nin", "ng_nin", "a Nigerian identity number", "\\d{11}", {
    check: verhoeff,
    context: /\bnin\b|nigeria/i,
  }),
  identity("ng_vehicle", "vehicle_registration", "a Nigerian number plate", "[A-Z]{3}[ \\-]?\\d{3}[A-Z]{2}", {
    sure: (datum) => upper(datum) && datum.includes("-"),
    alone: true,
    context: /plate|vehicle|registration/i,
  }),
  identity("ke_id", "ke_id", "a Kenyan identity or tax number after its name", ["\\d{7,8}", "[AP]\\d{9}[A-Z]"], {
    context: /kenya|kra pin|huduma/i,
  }),
];
