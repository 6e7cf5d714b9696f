// Links that stand in the text as they are: those of the schemes that readers make links of, held from their first
// letter, and those of any other scheme, known once `://` is there.

const SCHEMES = ["http:", "https:", "ftp:", "ftps:", "ws:", "wss:", "www."];
const BEGINNINGS = new Set(SCHEMES.flatMap((scheme) => Array.from(scheme, (_, at) => scheme.slice(0, at + 1))));
const WHOLE = new Set(SCHEMES);
const MAX_SCHEME = 20;
const COLON = 0x3a;
const SLASH = 0x2f;

export interface BareStart {
  readonly text: string;
  /** offset of its first character that may still be held */
  readonly start: number;
}

export class BareLink {
  /** the letters of a scheme so far; what came before them is no letter or digit */
  #letters = "";
  #start = 0;
  #slashes = 0;

  /** From here on the text may be a known scheme. */
  get openFrom(): number | null {
    return this.#slashes === 0 && BEGINNINGS.has(this.#letters) ? this.#start : null;
  }

  reset(): void {
    this.#letters = "";
    this.#slashes = 0;
  }

  /** The link that begins with or right after this character. */
  read(unit: number, at: number): BareStart | null {
    if (isSchemeUnit(unit) && !this.#letters.endsWith(":")) {
      if (this.#letters === "") this.#start = at;
      if (this.#letters.length < MAX_SCHEME)
        this.#letters += String.fromCharCode(unit >= 65 && unit <= 90 ? unit | 32 : unit);
      return this.#letters === "www." ? this.#found(this.#start) : null;
    }
    if (unit === COLON && this.#letters !== "" && !this.#letters.endsWith(":")) {
      this.#letters += ":";
      return WHOLE.has(this.#letters) ? this.#found(this.#start) : null;
    }
    if (unit === SLASH && this.#letters.endsWith(":")) {
      this.#slashes += 1;
      return this.#slashes === 2 ? this.#found(at + 1) : null;
    }
    this.reset();
    if (!isSchemeUnit(unit)) return null;
    return this.read(unit, at);
  }

  #found(start: number): BareStart {
    const text = this.#letters + "/".repeat(this.#slashes);
    this.reset();
    return { text, start };
  }

  fork(): BareLink {
    const copy = new BareLink();
    copy.#letters = this.#letters;
    copy.#start = this.#start;
    copy.#slashes = this.#slashes;
    return copy;
  }
}

/** Letters and digits, and `.` for `www.`; the rest of what RFC 3986 allows in a scheme begins a new one. */
function isSchemeUnit(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 122) || unit === 0x2e;
}
