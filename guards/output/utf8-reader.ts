// UTF-8 read byte by byte, strictly (RFC 3629): what is no text says so at once.

/** Bytes to characters, one at a time. Control characters are no text. */
export class Utf8Reader {
  #code = 0;
  #missing = 0;

  get within(): boolean {
    return this.#missing > 0;
  }

  reset(): void {
    this.#missing = 0;
  }

  become(other: Utf8Reader): void {
    this.#code = other.#code;
    this.#missing = other.#missing;
  }

  /** The character that the byte completes, "" within one, null where it is no text. */
  read(byte: number): string | null {
    if (this.#missing > 0) {
      if (byte >> 6 !== 0b10) return null;
      this.#code = (this.#code << 6) | (byte & 0x3f);
      this.#missing -= 1;
      if (this.#missing > 0) return "";
      return this.#code >= 0xa0 && this.#code <= 0x10ffff && this.#code >> 11 !== 0x1b
        ? String.fromCodePoint(this.#code)
        : null;
    }
    if (byte < 0x80)
      return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13
        ? String.fromCharCode(byte)
        : null;
    if (byte < 0xc2 || byte > 0xf4) return null;
    this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    this.#code = byte & (0x3f >> this.#missing);
    return "";
  }
}
