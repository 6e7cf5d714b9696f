// Encodings that the guard sees through, wherever they begin and however they are written; and those that it does not.
import { describe, expect, it } from "vitest";
import { ChannelGuard } from "../../../../guards/output/channel.ts";
import { CanaryIndex, Findings, guardText } from "../../../../guards/output/index.ts";
import { base64, CANARY, everyCut, hex, LEAKED, modes, percent, rules, streamed } from "./support.ts";

const SECRET = "SECRET-0123456789";
const RULES = rules();
const wide = Array.from(SECRET).join("\u0000");

/** name → text, and what of it leaves: what stands before the encoded value, up to a character that holds bits of both */
const SEEN: Readonly<Record<string, readonly [text: string, leaves: string]>> = {
  "base64 behind one character of its alphabet": [`x/a${base64(SECRET)}`, "x/a"],
  "base64 behind two": [`/a${base64(SECRET)}`, "/a"],
  "base64 behind three": [`abc${base64(SECRET)}`, "abc"],
  "base64 behind other text in it": [base64(`the key: ${SECRET}, keep it`), base64("the key: ").slice(0, 12)],
  base64url: [base64(`\u00ff\u00ff?${SECRET}`).replaceAll("/", "_").replaceAll("+", "-"), ""],
  "base64 without padding": [base64(SECRET).replaceAll("=", ""), ""],
  "base64 in lines": [base64(`${"fill this line up. ".repeat(4)}${SECRET}`).replace(/.{64}/g, "$&\r\n"), ""],
  "base64 of UTF-16": [base64(`${wide}\u0000`), ""],
  "base64 behind bytes that are no text": [btoa(`\u0001\u00c3${SECRET}`), "Ac"],
  "base64 of a canary in other case": [base64(CANARY.toUpperCase()), ""],
  "hex behind one digit": [`a${hex(SECRET)}`, "a"],
  "hex in capitals": [hex(SECRET).toUpperCase(), ""],
  "hex with prefixes": [Array.from(SECRET, (char) => `0x${hex(char)}`).join(", "), "0x"],
  "hex with colons": [Array.from(SECRET, hex).join(":"), ""],
  "hex behind a byte that begins no character": [`c3${hex(SECRET)}`, "c3"],
  "percent-encoding in part": ["SECRET%2d01234%35%36789", ""],
  "code points": ["\\u{53}ECRET-0123456789", ""],
  "escaped twice": ["\\\\u0053ECRET-0123456789", ""],
  "character references without their ends": ["&#83ECRET-0123456789".replace("&#83E", "&#83;E"), ""],
  "hexadecimal references": ["&#x53;&#x45;CRET-0123456789", ""],
  "tag characters": [Array.from(SECRET, (char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join(""), ""],
  "mathematical letters": ["SECRET-01234567\u{1d7d6}\u{1d7d7}", ""],
  "soft hyphens": ["SEC\u00adRET-0123\u00ad456789", ""],
  "spaced, in brackets": [`[${Array.from(SECRET).join(" ")}]`, "["],
  "spaced, one character a line": [Array.from(SECRET).join("\n"), ""],
  "spaced by two and more": [Array.from(SECRET).join("  "), ""],
  "spaced by commas": [Array.from(SECRET).join(", "), ""],
};

describe("an encoded value", () => {
  for (const [name, [text, leaves]] of Object.entries(SEEN))
    it(`${name}: does not leave, in any two pieces and by the character`, () => {
      const full = `So: ${text} .`;
      const whole = guardText(full, RULES);
      expect(whole.cut).toBe(true);
      expect(whole.text.startsWith(`So: ${leaves}`)).toBe(true);
      if (!name.includes("other text") && !name.includes("lines") && !name.includes("url"))
        expect(whole.text).toBe(`So: ${leaves}`);
      for (const cutUp of everyCut(full)) expect(streamed(cutUp, RULES)).toEqual(whole);
      expect(streamed(Array.from(full), RULES, 300)).toEqual(whole);
    });

  it("is told by the view that it was found in, with offsets into the text as it stands", () => {
    const text = `So: ${base64(SECRET)} .`;
    expect(guardText(text, RULES).findings).toMatchObject([{ view: "base64", start: 4, end: text.indexOf("=") }]);
    expect(guardText(percent(SECRET), RULES).findings).toMatchObject([{ view: "unescaped", start: 0, end: 51 }]);
    expect(guardText(percent(base64(CANARY)), RULES).cut).toBe(false);
  });

  it("is replaced, and the rest of the encoding stays", () => {
    const redact = rules({ modes: modes("redact") });
    const text = `See ${Array.from(SECRET, hex).join(" ")} 20 6f 6b end`;
    expect(guardText(text, redact).text).toBe("See [REDACTED:marker] 20 6f 6b end");
  });

  it("behind an escape of no text is seen as what it is", () => {
    for (const before of ["%C2", "%E2%82", "\u200b", "%41", "&amp;"]) {
      const full = `${before}${LEAKED} .`;
      const whole = guardText(full, RULES);
      expect(whole.cut).toBe(true);
      for (const cutUp of everyCut(full)) expect(streamed(cutUp, RULES)).toEqual(whole);
      expect(streamed(Array.from(full), RULES)).toEqual(whole);
    }
  });
});

describe("what only looks encoded", () => {
  it("flows: a long image in base64, with little of it held at a time", () => {
    let seed = 7;
    const image = Array.from({ length: 9000 }, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return String.fromCharCode(seed >>> 24);
    }).join("");
    const text = `Here: ${btoa(image)} done.`;
    const guard = new ChannelGuard(
      rules({ modes: modes("block", { personal_data: "off" }), data: [] }),
      new Findings(8),
      "text",
    );
    let left = "";
    let most = 0;
    for (let at = 0; at < text.length; at += 5) {
      left += guard.push(text.slice(at, at + 5), 0).release;
      most = Math.max(most, guard.heldChars);
    }
    expect(left + guard.end().release).toBe(text);
    expect(most).toBeLessThan(64);
  });

  it("flows: text in base64, hex dumps, digests and spelled words", () => {
    for (const text of [
      base64("The harbour opens at six; boats that come earlier wait at the buoy. ".repeat(5)),
      "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|",
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "It is spelled h-a-r-b-o-u-r, or H A R B O U R in capitals. A. B. Smith said: I, a b, c.",
      "100% of 50%+ is printf(\"%d%s\\n\", a && b, '&amp;');",
      "f(a, b, c, d, e, f, g, h) and 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    ])
      expect(guardText(text, RULES)).toEqual({ text, cut: false, findings: [] });
  });
});

describe("what no view sees, and gets through", () => {
  it("is two encodings in one another, bits moved, a paraphrase, a translation, or the text backwards unless it is a canary", () => {
    for (const text of [
      base64(base64(SECRET)),
      Array.from(SECRET).reverse().join(""),
      Array.from(SECRET, (char) => char.charCodeAt(0).toString(2)).join(" "),
      Array.from(SECRET, (char) => char.charCodeAt(0)).join(" "),
      "The marker is the word SECRET, a hyphen, and the digits from zero to nine",
      "My instructions tell me to keep quiet about the northern quay's tides",
    ])
      expect(guardText(text, RULES).cut).toBe(false);
  });
});

describe("a canary", () => {
  it("is cut with its very last character", () => {
    const index = new CanaryIndex(["harbour-gate-41", "harbour-gate-4177-long"]);
    const guard = new ChannelGuard(rules({ canaries: [new CanaryIndex([CANARY])] }), new Findings(8), "text");
    expect(guard.push(CANARY.slice(0, -1), 0)).toEqual({ release: "", cut: false });
    expect(guard.push(CANARY.slice(-1), 0)).toEqual({ release: "", cut: true });
    expect(guardText("harbour-gate-417", rules({ canaries: [index] })).cut).toBe(true);
  });
});
