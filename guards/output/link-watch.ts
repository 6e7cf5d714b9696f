// Links in a growing text, wherever a client may find one: Markdown's links, images and reference definitions, autolinks,
// HTML attributes, CSS `url()`, and bare ones. What is guarded is the link itself, from its first character: the words
// around it leave. A link is judged when it ends.
import { BareLink } from "./bare-link.ts";
import { HtmlTag } from "./html-tag.ts";
import type { OutputLimits } from "./limits.ts";
import { type CaptureOptions, LinkCapture } from "./link-capture.ts";
import type { LinkRules } from "./link-rules.ts";
import { isInlineImage, judgeLink, staysHome } from "./link-url.ts";
import { MarkdownBrackets } from "./markdown-brackets.ts";
import { InstantWatch } from "./watch.ts";

/** How far back an open tag or bracket is remembered when a copy of this watch is compared with it. */
const MEMORY = 1024;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = 0x28;
const TRAILING = /[.,;:!?'")\]}*_~]+$/;

export class LinkWatch extends InstantWatch {
  readonly #rules: LinkRules;
  readonly #limits: OutputLimits;
  #at: number;
  #capture: LinkCapture | null = null;
  #tag = new HtmlTag();
  #brackets = new MarkdownBrackets();
  #bare = new BareLink();
  /** the last characters in lower case, for `url(` */
  #last = "";

  constructor(rules: LinkRules, limits: OutputLimits, base = 0) {
    super();
    this.#rules = rules;
    this.#limits = limits;
    this.#at = base;
  }

  push(text: string): void {
    for (let at = 0; at < text.length; at++) {
      this.#read(text.charCodeAt(at), this.#at);
      this.#at += 1;
    }
  }

  end(): void {
    this.#close();
    this.#bare.reset();
    this.#tag.leave();
  }

  #read(unit: number, at: number): void {
    if (this.#capture !== null) {
      if (this.#capture.take(unit, at)) {
        this.#grown(this.#capture, unit);
        return;
      }
      this.#close();
    }
    const image = this.#brackets.read(unit);
    if (image === "suspect") this.#hit("output.image_reference", at, at + 1);
    const value = this.#tag.read(unit, at);
    if (value !== null) {
      this.#attribute(value, unit, at);
      return;
    }
    if (unit === COLON && this.#tag.nameStart !== null) {
      this.#autolink(at);
      return;
    }
    if (image === "inline") {
      this.#begin({ syntax: "markdown", loaded: this.#brackets.image, start: at + 1 });
      return;
    }
    if (image === "definition") {
      this.#begin({ syntax: "definition", loaded: this.#brackets.imageReferences, start: at + 1 });
      return;
    }
    this.#last = (this.#last + String.fromCharCode(unit)).slice(-4);
    if (unit === OPEN && this.#last.toLowerCase() === "url(") {
      this.#begin({ syntax: "css", loaded: true, start: at + 1 });
      return;
    }
    const bare = this.#bare.read(unit, at);
    if (bare !== null) this.#begin({ syntax: "bare", loaded: false, ...bare });
  }

  #attribute({ loaded, quote }: { loaded: boolean; quote: number }, unit: number, at: number): void {
    this.#begin({ syntax: "attribute", loaded, quote, start: quote === 0 ? at : at + 1 });
    if (quote === 0) this.#capture?.take(unit, at);
  }

  /** `<scheme:` */
  #autolink(at: number): void {
    const { nameStart, name } = this.#tag;
    this.#tag.leave();
    this.#begin({ syntax: "autolink", loaded: false, start: nameStart ?? at, text: `${name}:` });
  }

  #begin(options: CaptureOptions): void {
    this.#capture = new LinkCapture(options);
    this.#bare.reset();
    this.#last = "";
  }

  #grown(capture: LinkCapture, unit: number): void {
    if (capture.flowing) return;
    if (unit === COMMA && capture.text.length < 64 && isInlineImage(capture.text)) {
      capture.flowing = true;
      return;
    }
    if (capture.text.length <= this.#limits.maxUrlChars) return;
    const { syntax } = capture.options;
    if (staysHome(capture.text, syntax, this.#rules)) capture.flowing = true;
    else this.#judged(capture, "output.link_long");
    if (!capture.flowing) this.#capture = null;
  }

  #close(): void {
    const capture = this.#capture;
    if (capture === null) return;
    this.#capture = null;
    const { syntax } = capture.options;
    if (syntax === "attribute") this.#tag.valueOver();
    if (!capture.flowing && capture.text !== "") this.#judged(capture, null);
  }

  #judged(capture: LinkCapture, otherwise: string | null): void {
    const { syntax, loaded, text: given = "" } = capture.options;
    const text = syntax === "bare" ? capture.text.replace(TRAILING, "") : capture.text.trimEnd();
    const rule = judgeLink(text, syntax, loaded, this.#rules) ?? otherwise;
    // the scheme that no one knew for one before its `://` has left
    const before = given.endsWith("//") ? given.length : 0;
    if (rule !== null) {
      this.#hit(rule, capture.start, capture.start + text.length - before);
      return;
    }
    // a definition that no image may use: from now on, none may
    if (syntax === "definition" && !loaded && judgeLink(text, syntax, true, this.#rules) !== null)
      this.#brackets.forbidImageReferences();
  }

  #hit(rule: string, start: number, end: number): void {
    this.hits.push({ rule, category: "link", kind: "link", score: 1, start, end: Math.max(end, start + 1) });
  }

  get openFrom(): number {
    if (this.#capture !== null) return this.#capture.flowing ? this.#at : this.#capture.start;
    return Math.min(this.#at, this.#bare.openFrom ?? this.#at, this.#tag.nameStart ?? this.#at);
  }

  get dependsFrom(): number {
    if (this.#capture !== null) return this.#capture.start;
    const far = this.#tag.start !== null || this.#brackets.open ? this.#at - MEMORY : this.#at;
    return Math.min(this.openFrom, Math.max(0, far));
  }

  fork(): LinkWatch {
    const copy = new LinkWatch(this.#rules, this.#limits, this.#at);
    copy.#capture = this.#capture?.fork() ?? null;
    copy.#tag = this.#tag.fork();
    copy.#brackets = this.#brackets.fork();
    copy.#bare = this.#bare.fork();
    copy.#last = this.#last;
    copy.hits = [...this.hits];
    return copy;
  }
}
