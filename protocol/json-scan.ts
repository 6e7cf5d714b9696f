// One pass over JSON's bytes, before anything is decoded or built. UTF-8 keeps every byte below 0x80 for ASCII, so
// brackets and quotes can be told without decoding. For text that is not JSON the counts mean nothing and JSON.parse
// refuses it afterwards.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Bytes of a string that are looked at one by one before a native search takes over: long ones are mostly base64. */
const STRIDE = 64;

export interface JsonScan {
  /** the depth limit was passed; the scan stopped there */
  readonly tooDeep: boolean;
  /** colons outside strings: one for each member that was written */
  readonly colons: number;
  /** commas and opening brackets outside strings: at least the number of values less one */
  readonly values: number;
}

export function scanJson(bytes: Uint8Array, maxDepth: number): JsonScan {
  let depth = 0;
  let colons = 0;
  let values = 0;
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case QUOTE:
        i = closingQuote(bytes, i + 1);
        break;
      case 0x3a: // :
        colons++;
        break;
      case 0x2c: // ,
        values++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        values++;
        if (++depth > maxDepth) return { tooDeep: true, colons, values };
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
    }
  }
  return { tooDeep: false, colons, values };
}

/** Where the string that starts at `from` ends: the index of its closing quote, or the end of the bytes. */
function closingQuote(bytes: Uint8Array, from: number): number {
  let searchAt = from + STRIDE;
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) {
      i++;
      continue;
    }
    if (i < searchAt) continue;
    const quote = bytes.indexOf(QUOTE, i + 1);
    if (quote < 0) return bytes.length;
    if (backslashesBefore(bytes, quote, i) % 2 === 0) return quote;
    // an escaped quote: another stride byte by byte, so that `\"\"\"…` costs no search each
    i = quote;
    searchAt = quote + STRIDE;
  }
  return bytes.length;
}

/** `floor` is known to be neither a backslash nor the second half of an escape. */
function backslashesBefore(bytes: Uint8Array, at: number, floor: number): number {
  let count = 0;
  while (at - 1 - count > floor && bytes[at - 1 - count] === BACKSLASH) count++;
  return count;
}
