// Money: payment cards (ISO/IEC 7812), IBAN (ISO 13616), bank routing, wallet addresses.
import { isBase58Check, isBech32, toBase58Check, toBech32 } from "../checks/addresses.ts";
import { compact, luhn, mod97, uniform, weighted } from "../checks/digits.ts";
import type { DataRule } from "../rule.ts";
import { even, identity } from "./identity.ts";

/** Characters of an IBAN by country, from the registry of ISO 13616 and its partial members. */
const LENGTHS =
  "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

export const FINANCIAL: readonly DataRule[] = [
  identity(
    "credit_card",
    "credit_card",
    "a payment card: an issuer's range and a right check digit",
    ["\\d{12,19}", "\\d{4}([ \\-]\\d{4}){2}[ \\-]\\d{1,7}", "\\d{4}[ \\-]\\d{6}[ \\-]\\d{4,5}"],
    {
      check: isCard,
      sure: (datum, plain) => even(datum) && plain.length !== 12,
      priority: 3,
      context: /card|visa|master|amex|credit|debit|karte|tarjeta|carte|cartão|カード|卡/i,
    },
  ),
  identity(
    "iban",
    "iban",
    "a bank account: the country's length and a right check",
    "\\a{2}\\d{2}([ \\-]|\\r?\\n)?(\\x{4}([ \\-]|\\r?\\n)?){2,7}\\x{0,4}",
    {
      notAfter: "_\\-/",
      number: false,
      datum: ibanIn,
      check: isIban,
      sure: true,
      priority: 3,
      sample: sampleIban,
    },
  ),
  identity("aba_routing", "bank_routing", "a routing number of a US bank", ["\\d{9}", "\\d{4}-\\d{4}-\\d"], {
    check: (plain) =>
      /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(plain) &&
      weighted(plain, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 &&
      !uniform(plain),
    context: /routing|\baba\b|\brtn\b|bank|wire|ach\b/i,
  }),
  identity("bank_account", "bank_account", "an account number after its name", "\\d{8,17}", {
    context:
      /(?:bank|checking|savings|debit).{0,16}acc|account\s?(?:#|no|num)|acct|\bkonto(?:nummer|nr)|cuenta|numéro de compte/i,
  }),
  identity(
    "bitcoin_address",
    "crypto_address",
    "a Bitcoin address with a right checksum",
    "[13mn2][1-9A-HJ-NP-Za-km-z]{25,34}",
    {
      ignoreCase: false,
      number: false,
      sure: isBase58Check,
      sample: (random) =>
        toBase58Check(Uint8Array.from({ length: 21 }, (_, at) => (at === 0 ? 0 : Math.floor(random() * 256)))),
    },
  ),
  identity(
    "bech32_address",
    "crypto_address",
    "a SegWit address with a right checksum",
    ["(bc|tb|ltc)1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{38,59}"],
    {
      number: false,
      sure: isBech32,
      sample: (random) => toBech32("bc", [0, ...Array.from({ length: 32 }, () => Math.floor(random() * 32))]),
    },
  ),
  identity("ethereum_address", "crypto_address", "an Ethereum address after its name", "0x\\H{40}", {
    number: false,
    context: /wallet|ethereum|\beth\b|erc.?20|address|send|pay/i,
  }),
];

/** Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro, UATP, Mir, RuPay. */
const ISSUERS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d|9\d)\d{11,16}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12,15}|62\d{14,17}|(?:5018|5020|5038|5019|5893|6304|6759|676[1-3])\d{8,15}|220[0-4]\d{12}|1(?:2|8)\d{13}|(?:60|81|82)\d{14})$/;

export function isCard(plain: string): boolean {
  return ISSUERS.test(plain) && luhn(plain) && !uniform(plain);
}

export function isIban(plain: string): boolean {
  return plain.length === lengthOf(plain.slice(0, 2)) && mod97(plain.slice(4) + plain.slice(0, 4)) === 1;
}

function lengthOf(country: string): number | undefined {
  for (let at = 0; at < LENGTHS.length; at += 4)
    if (LENGTHS.startsWith(country, at)) return Number(LENGTHS.slice(at + 2, at + 4));
  return undefined;
}

/** The country says how long it is: what follows is the next word, however well it would fit the form. */
function ibanIn(match: string): readonly [number, number] | null {
  const length = lengthOf(match.slice(0, 2).toUpperCase());
  if (length === undefined) return null;
  let end = 0;
  for (let count = 0; end < match.length && count < length; end++) if (/[A-Za-z0-9]/.test(match.charAt(end))) count++;
  if (compact(match.slice(0, end)).length !== length || /^[A-Za-z0-9]/.test(match.slice(end))) return null;
  const letters = match.slice(0, end).replace(/[^A-Za-z]/g, "");
  return letters === letters.toUpperCase() || letters === letters.toLowerCase() ? [0, end] : null;
}

function sampleIban(random: () => number): string {
  const body = Array.from({ length: 18 }, () => Math.floor(random() * 10)).join("");
  const check = 98 - mod97(`${body}DE00`);
  return `DE${String(check).padStart(2, "0")}${body}`;
}
