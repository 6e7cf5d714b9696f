// The tag that a text may be in, as far as links need it: its name, and whether the value of an attribute that begins
// now is a link (WHATWG HTML, section 13.2.5, lenient where browsers are).
import { isQuote, isSpace } from "./link-capture.ts";

const LINKS = new Set(
  "src href srcset imagesrcset poster background action formaction data xlink:href content cite longdesc ping manifest lowsrc dynsrc code codebase archive profile icon usemap srcdoc".split(
    " ",
  ),
);
/** followed by a person, not loaded by the page */
const FOLLOWED = new Set(["a", "area"]);
/** A tag that is longer is none; protects the state from a lone `<`. */
const MAX_TAG = 4096;
const MAX_NAME = 32;
const LESS = 0x3c;
const GREATER = 0x3e;
const EQUALS = 0x3d;
const SLASH = 0x2f;

type Phase = "text" | "open" | "name" | "attributes" | "value" | "quoted" | "unquoted";

export interface LinkValue {
  readonly loaded: boolean;
  /** 0 for an unquoted value, which begins with this very character */
  readonly quote: number;
}

export class HtmlTag {
  #phase: Phase = "text";
  #start = 0;
  #name = "";
  #attribute = "";
  #named = false;
  #quote = 0;

  /** Within a tag, from here. */
  get start(): number | null {
    return this.#phase === "text" ? null : this.#start;
  }

  /** The name of a tag, or the scheme of `<scheme:`, is being read from here; null elsewhere. */
  get nameStart(): number | null {
    return this.#phase === "name" ? this.#start + 1 : null;
  }

  get name(): string {
    return this.#name;
  }

  leave(): void {
    this.#phase = "text";
  }

  /** The link of the value that was read is over. */
  valueOver(): void {
    this.#phase = "attributes";
    this.#attribute = "";
  }

  read(unit: number, at: number): LinkValue | null {
    if (unit === LESS && this.#phase !== "quoted") {
      this.#phase = "open";
      this.#start = at;
      return null;
    }
    if (this.#phase === "text") return null;
    if (at - this.#start > MAX_TAG) this.#phase = "text";
    switch (this.#phase) {
      case "open":
        this.#phase = isLetter(unit) ? "name" : unit === SLASH ? "open" : "text";
        this.#name = this.#phase === "name" ? lower(unit) : "";
        return null;
      case "name":
        return this.#readName(unit);
      case "attributes":
        return this.#readAttribute(unit);
      case "value":
        return this.#readValue(unit);
      case "quoted":
        if (unit === this.#quote) this.valueOver();
        return null;
      case "unquoted":
        if (isSpace(unit)) this.valueOver();
        if (unit === GREATER) this.#phase = "text";
        return null;
      default:
        return null;
    }
  }

  #readName(unit: number): null {
    if (isSpace(unit) || unit === SLASH) {
      this.valueOver();
      return null;
    }
    if (unit === GREATER || this.#name.length >= MAX_NAME) this.#phase = "text";
    else this.#name += lower(unit);
    return null;
  }

  #readAttribute(unit: number): null {
    if (unit === GREATER) this.#phase = "text";
    else if (unit === EQUALS) this.#phase = "value";
    else if (isSpace(unit)) this.#named = this.#attribute !== "";
    else {
      const more = !this.#named && unit !== SLASH && !isQuote(unit);
      this.#named = false;
      const char = unit === SLASH || isQuote(unit) ? "" : lower(unit);
      this.#attribute = (more ? this.#attribute + char : char).slice(0, MAX_NAME);
    }
    return null;
  }

  #readValue(unit: number): LinkValue | null {
    if (isSpace(unit)) return null;
    if (unit === GREATER) {
      this.#phase = "text";
      return null;
    }
    const quote = isQuote(unit) ? unit : 0;
    this.#quote = quote;
    this.#phase = quote === 0 ? "unquoted" : "quoted";
    if (!LINKS.has(this.#attribute)) return null;
    return { loaded: !(FOLLOWED.has(this.#name) && this.#attribute === "href"), quote };
  }

  fork(): HtmlTag {
    const copy = new HtmlTag();
    copy.#phase = this.#phase;
    copy.#start = this.#start;
    copy.#name = this.#name;
    copy.#attribute = this.#attribute;
    copy.#named = this.#named;
    copy.#quote = this.#quote;
    return copy;
  }
}

function isLetter(unit: number): boolean {
  return (unit | 32) >= 97 && (unit | 32) <= 122;
}

function lower(unit: number): string {
  return String.fromCharCode(unit >= 65 && unit <= 90 ? unit + 32 : unit);
}
