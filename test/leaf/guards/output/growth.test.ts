// Data that go on after they counted as a match: however long they are and however the stream was cut, nothing of them
// leaves, and what stands behind them does.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileDetector, type DataDetector } from "../../../../guards/data/index.ts";
import { compileOutput, echoOf, guardText } from "../../../../guards/output/index.ts";
import { chance } from "../data/support.ts";
import { base64, cuts, modes, pieces, streamed } from "./support.ts";

const detector = compileDetector({ categories: ["secret"] });
const compiled = (mode: "block" | "redact" | "report", known?: ReturnType<typeof echoOf>) =>
  compileOutput({
    modes: modes("off", { secret: mode }),
    data: [{ detector, categories: ["secret"] }],
    ...(known === undefined ? {} : { known }),
  });
const [block, redact, report] = [compiled("block"), compiled("redact"), compiled("report")];

const SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const random = chance(11);
const drawn = (length: number) =>
  Array.from({ length }, () => SYMBOLS.charAt(Math.floor(random() * SYMBOLS.length))).join("");
const wrapped = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, "gs"))?.join("\n") ?? "";

const label = `${"PRIVATE"} KEY`;
const unended = `-----BEGIN ${label}-----\n${wrapped(drawn(6000), 64)}`;
const pem = `${unended}\n-----END ${label}-----`;
const head = btoa('{"alg":"HS256","typ":"JWT"}').replaceAll("=", "");

const LONG: readonly (readonly [string, string, string])[] = [
  ["a key", pem, "secret.private_key"],
  ["a key that never ends", unended, "secret.private_key"],
  ["a key in base64", base64(pem), "secret.private_key_base64"],
  ["a key in base64, in lines", wrapped(base64(pem), 76), "secret.private_key_base64"],
  ["a web token", `${head}.${btoa(`{"iss":"${drawn(4000)}"}`).replaceAll("=", "")}.${drawn(43)}`, "secret.jwt"],
  ["a header", `Authorization: Bearer v4.${drawn(300)}.${drawn(300)}.${drawn(40)}`, "secret.assigned"],
  ["a quoted value", `api_key = \\"${drawn(300)}.${drawn(300)}\\"`, "secret.assigned"],
  ["a value with padding", `api_key=${drawn(400)}==`, "secret.assigned"],
];

/** The longest run of a text's drawn characters that another holds. */
function leaked(text: string, of: string): number {
  let longest = 0;
  for (let at = 0; at + 12 <= of.length; at += 12) if (text.includes(of.slice(at, at + 12))) longest = 12;
  return longest;
}

describe.each(LONG)("%s", (_, value, rule) => {
  const text = `See: ${value}, and no more.`;
  const body = value.replace(/^.*(?:-----\n|Bearer v4.|= .{2}|key=)/s, "");

  it("is found by its rule, and nothing of it leaves, in whatever pieces", () => {
    for (const lengths of [[3], [64], [300, 1], [5000]]) {
      const parts = pieces(text, lengths);
      const cut = streamed(parts, block);
      expect([cut.cut, leaked(cut.text, body)]).toEqual([true, 0]);
      expect(cut.findings[0]?.rule).toMatch(/^secret\.(?:private_key|jwt|assigned)/);
      const { text: left, findings } = streamed(parts, redact);
      expect(leaked(left, body)).toBe(0);
      expect(left).toMatch(/^See: .*\[REDACTED:\w+\]/);
      expect(left.match(/REDACTED/g)).toHaveLength(1);
      if (!value.includes("PRIVATE KEY")) expect(left).toMatch(/, and no more\.$/);
      expect(findings.length).toBeLessThanOrEqual(2);
    }
    const reported = guardText(text, report).findings.map((finding) => finding.rule);
    expect(reported.some((found) => rule.startsWith(found))).toBe(true);
  });

  it("may be said again where the request held it, in whatever pieces", () => {
    for (const lengths of [[5], [5000]]) {
      const echo = streamed(pieces(text, lengths), compiled("block", echoOf([`mine is ${value}`])));
      expect([echo.text, echo.cut, echo.findings]).toEqual([text, false, []]);
      const other = compiled("block", echoOf([`mine is ${value.slice(0, 200)}`]));
      expect(leaked(streamed(pieces(text, lengths), other).text, body)).toBe(0);
    }
  });
});

describe("what goes on", () => {
  it("ends where it would in one piece, in any pieces", () => {
    const values = fc.constantFrom(...LONG.map(([, value]) => value));
    const between = fc.constantFrom(" ", "\n", '"', "=", "==x", "; ", ", ", "|", "\\", "ü");
    fc.assert(
      fc.property(values, between, values, cuts, (one, gap, two, lengths) => {
        const text = `${one}${gap}${two} end`;
        // of two views that find the same, which is first depends on the pieces, and line ends within a view may pass
        const [whole, part] = [[text], pieces(text, lengths)].map((parts) =>
          streamed(parts, redact).text.replace(/\[REDACTED:\w+\](?:\[REDACTED:\w+\]|\s)*/g, "#"),
        );
        expect(part).toBe(whole);
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  it("is read as often as any other text", () => {
    let shown = 0;
    const counting: DataDetector = {
      ...detector,
      find: (text, from) => {
        shown += text.length;
        return detector.find(text, from);
      },
    };
    const rules = compileOutput({
      modes: modes("off", { secret: "redact" }),
      data: [{ detector: counting, categories: ["secret"] }],
    });
    const work = (length: number) => {
      shown = 0;
      streamed(pieces(`-----BEGIN ${label}-----\n${wrapped(drawn(length), 64)}`, [50]), rules);
      return shown;
    };
    const [one, two] = [work(20_000), work(40_000)];
    expect(two / one).toBeLessThan(2.3);
  });
});
