// What is held back, how much and for how long; and how the work grows.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DataDetector } from "../../../../guards/data/detector.ts";
import { ChannelGuard } from "../../../../guards/output/channel.ts";
import { CanaryIndex, echoOf, Findings, guardText, requestTexts } from "../../../../guards/output/index.ts";
import { CANARY, cuts, modes, pieces, rules, streamed, tinyDetector } from "./support.ts";

/** The last 1,600 characters are always open: a long partial match, behind which text may wait to be judged. */
const LONG = 1600;
const LONG_OPEN: DataDetector = {
  find: () => [],
  openFrom: (text, from = 0) => Math.max(from, text.length - LONG),
  maxHeld: 2 * LONG,
  maxContext: 10,
};

function channel(compiled = rules()): ChannelGuard {
  return new ChannelGuard(compiled, new Findings(32), "text");
}

describe("text in no live partial match", () => {
  it("leaves at once", () => {
    const guard = channel();
    expect(guard.push("The quay is closed. ", 0)).toEqual({ release: "The quay is closed. ", cut: false });
    expect(guard.heldChars).toBe(0);
    expect(guard.dueMs).toBe(Number.POSITIVE_INFINITY);
  });

  const compiled = rules({
    modes: modes("off", { secret: "block" }),
    data: [{ detector: LONG_OPEN, categories: ["secret"] }],
  });

  it("is held for company at most 64 characters", () => {
    const guard = channel(compiled);
    let most = 0;
    for (let at = 0; at < 10_000; at++) {
      guard.push(". ", 0);
      most = Math.max(most, guard.heldChars);
    }
    expect(most).toBeGreaterThan(LONG);
    expect(most).toBeLessThanOrEqual(LONG + 64);
  });

  it("and at most 250 ms", () => {
    const guard = channel(compiled);
    guard.push(". ".repeat(LONG), 0);
    guard.push(".", 1000);
    expect(guard.heldChars).toBe(LONG + 1);
    expect(guard.dueMs).toBe(1250);
    guard.push(".", 1100);
    expect(guard.dueMs).toBe(1250);
    expect(guard.tick(1249).release).toBe("");
    expect(guard.tick(1250).release).toBe(". ");
    expect(guard.heldChars).toBe(LONG);
    expect(guard.dueMs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a live partial match", () => {
  it("is held past 250 ms, for as long as it lives", () => {
    const guard = channel();
    guard.push("It is SECRET-01234", 0);
    expect(guard.tick(60_000).release).toBe("");
    expect(guard.push("! ", 60_001).release).toBe("SECRET-01234! ");
  });

  it("that reaches its rule's maximum counts as a match, and what goes on of it does not leave", () => {
    const run = "0a".repeat(300);
    const text = `Authorization: Bearer ${run} end`;
    for (const length of [1, 7, 5000]) {
      expect(streamed(pieces(text, [length]), rules())).toMatchObject({ text: "Authorization: ", cut: true });
      expect(streamed(pieces(text, [length]), rules({ modes: modes("redact") })).text).toBe(
        "Authorization: [REDACTED:bearer] end",
      );
    }
  });

  it("of a detector that never lets go is a match in the end, and not a hold for good", () => {
    const stuck: DataDetector = { find: () => [], openFrom: (_, from = 0) => from, maxHeld: 400, maxContext: 10 };
    const compiled = rules({
      modes: modes("off", { secret: "block" }),
      data: [{ detector: stuck, categories: ["secret"] }],
    });
    const got = streamed(pieces("a".repeat(1000), [5]), compiled);
    expect(got).toMatchObject({ text: "", cut: true });
    expect(got.findings[0]?.rule).toBe("data.overlong");
  });
});

describe("modes", () => {
  it("what is off is not looked for", () => {
    expect(guardText(`SECRET-0123456789 ${CANARY}`, rules({ modes: modes("off") }))).toMatchObject({
      cut: false,
      findings: [],
    });
  });

  it("what is only reported is found, with its offsets, and never held", () => {
    const compiled = rules({ modes: modes("report") });
    const guard = channel(compiled);
    for (const char of "It is SECRET-0123456789.") expect(guard.push(char, 0).release).toBe(char);
    guard.end();
    expect(guardText("It is SECRET-0123456789.", compiled).findings).toMatchObject([
      { rule: "tiny.marker", category: "secret", start: 6, end: 23, action: "report" },
    ]);
  });

  it("one detector may block one category and report the other", () => {
    const compiled = rules({ modes: modes("off", { secret: "block", personal_data: "report" }) });
    const { text, findings } = guardText("joan@mail.example SECRET-0123456789", compiled);
    expect(text).toBe("joan@mail.example ");
    expect(findings.map(({ kind, action }) => [kind, action])).toEqual([
      ["email", "report"],
      ["marker", "block"],
    ]);
  });

  it("a datum that the request held may be said again, others not", () => {
    const { others } = requestTexts([
      { where: "messages[0].content", role: "user", text: "My address is joan@mail.example, and SECRET-0123456789." },
    ]);
    const compiled = rules({ known: echoOf(others) });
    expect(guardText("So it is joan@mail.example and SECRET-0123456789.", compiled)).toMatchObject({
      cut: false,
      findings: [],
    });
    expect(guardText("Or is it jane@mail.example?", compiled).cut).toBe(true);
  });

  it("a canary that stands in the request is cut all the same", () => {
    expect(guardText(CANARY, rules({ known: echoOf([CANARY]) })).cut).toBe(true);
  });
});

describe("canaries", () => {
  const index = (...canaries: string[]) =>
    rules({ modes: modes("off", { canary: "block" }), canaries: [new CanaryIndex(canaries)] });

  it("short ones are sought as they stand, not in pieces of ordinary words", () => {
    expect(guardText("a b c", index("abc")).cut).toBe(false);
    expect(guardText("xabcx", index("abc")).text).toBe("x");
  });

  it("one that begins another is found, and so are two that overlap", () => {
    expect(guardText("xx canaryone-long xx", index("canaryone", "canaryone-longer")).text).toBe("xx ");
    expect(guardText("xx canaryone-longer xx", index("canaryone", "canaryone-longer")).text).toBe("xx ");
    expect(guardText("xx alphabetagamma", index("alphabeta-no", "betagamma")).text).toBe("xx alpha");
  });

  it("digits for letters and look-alikes do not hide one, rot13 neither", () => {
    for (const disguised of ["b4rtiz4n-c4nary-7f3a91", "BАRTIZАN-cаnary-7f3a91", "ONEGVMNA-pnanel-7s3n91"])
      expect(guardText(`it is ${disguised} ok`, rules()).text).toBe("it is ");
  });

  it("without letters and digits one is found as it stands", () => {
    expect(guardText("go \ud83d\udc24\ud83d\udc24 go", index("\ud83d\udc24\ud83d\udc24")).text).toBe("go ");
  });
});

describe("whether an end would cut", () => {
  it("is known before it comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("SECRET-0123456789", "joan@mail.ex", `${CANARY} x`, "U0VDUkVULTAxMjM0NTY3ODk", "plain"),
        cuts,
        (text, lengths) => {
          const guard = channel();
          for (const piece of pieces(text, lengths)) guard.push(piece, 0);
          if (guard.cut) return;
          const expected = guard.endsCut;
          expect(guard.end().cut).toBe(expected);
        },
      ),
    );
  });
});

describe("work", () => {
  it("grows with the text: a detector is shown a bounded window for each character", () => {
    const shown = (length: number): number => {
      let characters = 0;
      const counting: DataDetector = {
        ...tinyDetector,
        find(text, from) {
          characters += text.length;
          return tinyDetector.find(text, from);
        },
        openFrom(text, from) {
          characters += text.length;
          return tinyDetector.openFrom(text, from);
        },
      };
      const compiled = rules({
        modes: modes("redact"),
        data: [{ detector: counting, categories: ["secret", "personal_data"] }],
      });
      streamed(
        pieces("Bearer 0123456789abcdef ... sk-ab, joan@mail %41%42 QUJDREVGR0g ".repeat(length), [5]),
        compiled,
      );
      return characters;
    };
    const [one, two, four] = [shown(20), shown(40), shown(80)];
    expect(two / one).toBeLessThan(2.3);
    expect(four / two).toBeLessThan(2.3);
  });
});
