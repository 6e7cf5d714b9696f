// Whatever a server would undo before it understands, the WAF undoes first, and knows where it came from.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { originalSpan } from "../../../../guards/waf/decode/view.ts";
import { viewsOf } from "../../../../guards/waf/decode/views.ts";

function readings(value: string, kind: "json" | "query" = "json"): string[] {
  return viewsOf(value, kind).views.map((view) => view.text);
}

describe("readings of a value", () => {
  it.each<[string, string, string]>([
    ["percent-encoding", "%3Cb%3E", "<b>"],
    ["double percent-encoding", "%253Cb%253E", "<b>"],
    ["a plus sign in a query", "a+b", "a b"],
    ["%u escapes", "%u003cb%u003e", "<b>"],
    ["overlong UTF-8 of two bytes", "%c0%ae%c0%af", "./"],
    ["overlong UTF-8 of five bytes", "%f8%80%80%80%af", "/"],
    ["a lead byte before ASCII", "%c0%2e", "."],
    ["HTML references without semicolons", "&#60b&#x3e", "<b>"],
    ["named HTML references", "&lt;b&colon;&rpar;", "<b:)"],
    ["JavaScript escapes", "\\u003cb\\x3e\\074", "<b><"],
    ["full-width forms", "\uff1cb\uff1e", "<b>"],
    ["NUL bytes between letters", "sc\0ript", "script"],
    ["UTF-7", "+ADw-b+AD4-", "<b>"],
    ["base64", btoa("<b>bold</b>"), "<b>bold</b>"],
    ["base64 without its beginning", btoa("xx<b>bold and more</b>").slice(2), "<b>bold and more</b>"],
    ["comments", "al/**/ert", "alert"],
    ["layers of several kinds", "%26%2360%3Bb%26gt%3B", "<b>"],
  ])("include %s undone", (_, value, reading) => {
    const all = readings(value, "query");
    expect(
      all.some((text) => text === reading || text.endsWith(reading.slice(2))),
      JSON.stringify(all),
    ).toBe(true);
  });

  it("leave what is no escape as it is", () => {
    expect(readings("100% & more \\o/ C:\\new")).toContain("100% & more \\o/ C:\\new");
    expect(readings("AT&T; &copy", "query").at(0)).toBe("AT&T; &copy");
  });

  it("of random tokens hold no base64", () => {
    expect(readings("3q2-7wAAAAAAAAAAAAAAAP_u3Q").length).toBe(1);
  });

  it("are bounded in number, however deep the encoding", () => {
    let value = "<";
    for (let i = 0; i < 40; i++) value = encodeURIComponent(value);
    expect(readings(value, "query").length).toBeLessThan(12);
  });

  it("are never longer than the value and map every span into it", () => {
    const piece = fc.constantFrom(
      "%",
      "25",
      "3c",
      "&#x",
      "lt;",
      "\\u00",
      "27",
      "+AD",
      "w-",
      "QUJD",
      "/*",
      "*/",
      "\0",
      "é",
      "😀",
      "a",
      " ",
      "..",
      "0x2f",
      "\\n",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom("json", "query", "path", "header", "form"),
        (pieces, kind) => {
          const value = pieces.join("");
          for (const view of viewsOf(value, kind).views) {
            expect(view.text.length).toBeLessThanOrEqual(value.length);
            for (let at = 0; at < view.text.length; at++) {
              const span = originalSpan(view, at, at + 1);
              expect(span.start).toBeGreaterThanOrEqual(0);
              expect(span.end).toBeGreaterThanOrEqual(span.start);
              expect(span.end).toBeLessThanOrEqual(value.length);
            }
          }
        },
      ),
    );
  });
});
