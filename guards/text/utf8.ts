// UTF-8 (RFC 3629) from bytes to text, ill-formed sequences as U+FFFD. The platform's decoder costs a microsecond a call,
// which a megabyte of escaped single characters would pay a quarter of a million times.

const BAD = 0xfffd;
const FIRST_LONG = [0, 0, 0x80, 0x800, 0x10000] as const;

/** @param end at most 8192 bytes behind `start`: units go on the stack */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  const units: number[] = [];
  for (let at = start; at < end; ) {
    const lead = bytes[at] as number;
    const size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (size === 1) units.push(lead);
    const point = size < 2 ? -1 : multi(bytes, at, size, end);
    if (point < 0) {
      if (size !== 1) units.push(BAD);
      at++;
      continue;
    }
    if (point < 0x10000) units.push(point);
    else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    at += size;
  }
  return String.fromCharCode(...units);
}

function multi(bytes: Uint8Array, at: number, size: number, end: number): number {
  if (at + size > end) return -1;
  let point = (bytes[at] as number) & (0x7f >> size);
  for (let next = at + 1; next < at + size; next++) {
    const byte = bytes[next] as number;
    if ((byte & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return surrogate || point > 0x10ffff || point < (FIRST_LONG[size] as number) ? -1 : point;
}

/** The first offset from `at` on that starts a character; at most 3 further. */
export function characterStart(bytes: Uint8Array, at: number, end: number): number {
  let start = at;
  while (start < end && start - at < 3 && ((bytes[start] as number) & 0xc0) === 0x80) start++;
  return start;
}
