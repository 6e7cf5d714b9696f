// A system prompt in an answer: what counts as a leak, in which disguises, and what does not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_OUTPUT_LIMITS, guardText, LeakIndex, type OutputRules } from "../../../../guards/output/index.ts";
import { base64, everyCut, hex, LEAKED, modes, pieces, rules, SYSTEM, streamed } from "./support.ts";

function leak(system: readonly string[], others: readonly string[] = [], limits = {}): OutputRules {
  const all = { ...DEFAULT_OUTPUT_LIMITS, ...limits };
  return rules({
    modes: modes("off", { prompt_leak: "block" }),
    leak: new LeakIndex(system, others, all),
    limits: all,
  });
}

const RULES = leak([SYSTEM]);
const WORDS = LEAKED.split(" ");
const JAPANESE =
  "あなたは港の案内係です。北の岸壁の潮汐表を訪問者に決して教えないでください。係留については最初に十四番を案内します。";

describe("a leaked system prompt", () => {
  const disguises: Readonly<Record<string, string>> = {
    "as it stands": LEAKED,
    "in capitals": LEAKED.toUpperCase(),
    "without punctuation": LEAKED.replace(/[.,]/g, ""),
    "one word a line": WORDS.join("\n"),
    "as a list": WORDS.map((word) => `- ${word}`).join("\n"),
    "as a table": `| ${WORDS.join(" | ")} |`,
    "in bold and italics": WORDS.map((word, at) => (at % 2 === 0 ? `**${word}**` : `_${word}_`)).join(" "),
    "with formatting within words": WORDS.map((word) => `${word.slice(0, 1)}*${word.slice(1)}*`).join(" "),
    "with zero-width characters": Array.from(LEAKED).join("\u200b"),
    "in full width": LEAKED.replace(/[a-z]/gi, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)),
    "with Cyrillic look-alikes": LEAKED.replace(/[aeo]/g, (char) => ({ a: "а", e: "е", o: "о" })[char] ?? char),
    "in JSON": JSON.stringify(WORDS),
    "in JSON, escaped": Array.from(LEAKED, (char) => `\\u00${hex(char)}`).join(""),
    "percent-encoded": encodeURIComponent(LEAKED),
    "in base64": base64(LEAKED),
    "in base64 in lines": base64(LEAKED).replace(/.{64}/g, "$&\n"),
    "in hex": hex(LEAKED),
    "in spaced letters": Array.from(LEAKED.replaceAll(" ", "")).join(" "),
    "in dotted letters": Array.from(LEAKED.replaceAll(" ", "")).join("."),
  };
  for (const [name, text] of Object.entries(disguises))
    it(`${name}: is cut before its first telling word, however it is cut into pieces`, () => {
      const whole = guardText(`Fine: ${text} ok`, RULES);
      expect(whole.cut).toBe(true);
      // list marks, quotes and the like around the first word are none of it
      expect(whole.text.replace(/[^\p{L}]/gu, "").toLowerCase()).toBe("fine");
      expect(streamed(Array.from(`Fine: ${text} ok`), RULES, 300)).toEqual(whole);
      for (const length of [2, 3, 7, 50]) expect(streamed(pieces(`Fine: ${text} ok`, [length]), RULES)).toEqual(whole);
    });

  it("is found wherever it begins in the prompt and the answer", () => {
    const words = SYSTEM.split(" ");
    fc.assert(
      fc.property(fc.nat(words.length - 13), fc.nat(30), (from, before) => {
        const text = `${"so ".repeat(before)}${words.slice(from, from + 13).join(" ")} x`;
        const whole = guardText(text, RULES);
        expect(whole.cut).toBe(true);
        expect(streamed(pieces(text, [3, 5]), RULES)).toEqual(whole);
      }),
    );
  });

  it("of eleven words in a row is none, of twelve is one", () => {
    expect(guardText(`${WORDS.slice(0, 11).join(" ")} indeed`, RULES).cut).toBe(false);
    expect(guardText(`${WORDS.slice(0, 12).join(" ")} indeed`, RULES).cut).toBe(true);
  });

  it("in a script without spaces is found by its characters", () => {
    const japanese = leak([JAPANESE]);
    const text = `はい。${JAPANESE.slice(0, 40)}`;
    const whole = guardText(text, japanese);
    expect(whole.text).toBe("はい。");
    for (const cutUp of everyCut(text)) expect(streamed(cutUp, japanese)).toEqual(whole);
    expect(guardText("港の案内係です。北の岸壁は閉まっています。", japanese).cut).toBe(false);
  });

  it("scattered over an answer counts once half of its short sequences are there", () => {
    const parts = pieces2(SYSTEM.split(" "), 8).map((words) => words.join(" "));
    const scattered = parts.join("; furthermore then, ");
    expect(guardText(scattered, RULES).findings.map(({ rule }) => rule)).toEqual(["output.prompt_share"]);
    expect(guardText(scattered, leak([SYSTEM], [], { leakShare: 0 })).cut).toBe(false);
    expect(guardText(parts.slice(0, 2).join("; furthermore then, "), RULES).cut).toBe(false);
  });

  it("is replaced as a whole where policy redacts", () => {
    const redact = rules({ modes: modes("off", { prompt_leak: "redact" }) });
    const text = `Fine: ${LEAKED} and that is all there is.`;
    const whole = guardText(text, redact);
    expect(whole.text).toBe("Fine: [REDACTED:prompt] and that is all there is.");
    expect(whole.findings).toHaveLength(1);
    for (const cutUp of everyCut(text)) expect(streamed(cutUp, redact)).toEqual(whole);
  });
});

describe("no leak", () => {
  it("is what the user or a tool said as well", () => {
    expect(guardText(`You wrote: ${LEAKED}`, leak([SYSTEM], [`Translate this: ${LEAKED}`])).cut).toBe(false);
  });

  it("is a message that is too short to be anyone's own", () => {
    const text = "You are a helpful assistant. You are a helpful assistant. You are a helpful assistant.";
    expect(guardText(text, leak(["You are a helpful assistant."])).cut).toBe(false);
  });

  it("is a prompt of eight to eleven words in part; the whole of it is one", () => {
    const short = "Answer as a pirate who lost his golden parrot";
    expect(guardText("Answer as a pirate who lost his golden ring", leak([short])).cut).toBe(false);
    expect(guardText(`I was told: ${short}.`, leak([short])).text).toBe("I was told: ");
  });

  it("is an answer that speaks of the same things", () => {
    const text =
      "The customs officer arrives at dawn, and berth 14 is free. The tide tables are kept by the harbour master's secretary; " +
      "ask in writing. Answers are short and polite here. The northern quay is closed to visitors.";
    expect(guardText(text, RULES)).toEqual({ text, cut: false, findings: [] });
  });
});

function pieces2<T>(list: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, at) => list.slice(at * length, (at + 1) * length));
}
