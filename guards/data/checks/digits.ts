// Check digits, on texts of digits without separators. All are linear in a text that its rule bounds.

export function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** Letters and digits in upper case, separators dropped. */
export function compact(text: string): string {
  // many rules judge the same text, one after another
  if (text !== last.text) last = { text, plain: text.replace(/[^A-Za-z0-9]/g, "").toUpperCase() };
  return last.plain;
}

let last = { text: "", plain: "" };

export function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - 48;
}

/** ISO/IEC 7812-1, annex B. */
export function luhn(digits: string): boolean {
  return luhnSum(digits) % 10 === 0;
}

export function luhnSum(digits: string): number {
  let sum = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at--, doubled = !doubled) {
    const digit = digitAt(digits, at) * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum;
}

/** The weighted sum of the first digits, one a weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * digitAt(digits, at), 0);
}

/** ISO 7064, MOD 97-10: letters count from A = 10. */
export function mod97(text: string): number {
  let rest = 0;
  for (const char of text) rest = (rest * (char > "9" ? 100 : 10) + Number.parseInt(char, 36)) % 97;
  return rest;
}

/** ISO 7064, MOD 11,10, as German and Croatian tax numbers use it. */
export function mod11_10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (digitAt(digits, at) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

const VERHOEFF_TIMES = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const VERHOEFF_TURN = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
];

/** Verhoeff's scheme over the dihedral group D5. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digitAt(digits, digits.length - 1 - at);
    const turned = digitAt(VERHOEFF_TURN[at % 8] ?? "", digit);
    check = digitAt(VERHOEFF_TIMES[check] ?? "", turned);
  }
  return check === 0;
}

/** All digits the same: passes many checks and is nobody's number. */
export function uniform(digits: string): boolean {
  for (let at = 1; at < digits.length; at++) if (digits.charCodeAt(at) !== digits.charCodeAt(0)) return false;
  return true;
}
