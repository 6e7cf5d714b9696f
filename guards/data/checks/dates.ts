// Dates inside identity numbers.

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day that a calendar has; the year 0 means that it is unknown, and 29 February then passes. */
export function isDate(year: number, month: number, day: number): boolean {
  const days = DAYS[month - 1];
  if (days === undefined || day < 1 || day > days) return false;
  return month !== 2 || day < 29 || year === 0 || isLeap(year);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** `YYMMDD` in a century that is not known. */
export function isShortDate(digits: string): boolean {
  return isDate(0, Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
}

/** `YYYYMMDD` of somebody who may be alive. */
export function isLongDate(digits: string): boolean {
  const year = Number(digits.slice(0, 4));
  return year >= 1850 && year <= 2099 && isDate(year, Number(digits.slice(4, 6)), Number(digits.slice(6, 8)));
}
