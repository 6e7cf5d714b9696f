// Redaction that only this request can undo, whole or in any cut of a stream.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compileDetector,
  createRestorer,
  type DataMatch,
  Redaction,
  redact,
  restore,
} from "../../../../guards/data/index.ts";

const detector = compileDetector();
const MAIL = "jane.doe@mail.example.org";
const OTHER = "joe@mail.example.org";
const redacted = (text: string, redaction: Redaction, json = false) =>
  redact(text, detector.find(text), redaction, { json });

describe("redact", () => {
  it("gives the same value the same placeholder, throughout the request", () => {
    const redaction = new Redaction("k3f9q2");
    expect(redacted(`${MAIL}, ${OTHER}, ${MAIL}`, redaction)).toBe(
      "[EMAIL_1_k3f9q2], [EMAIL_2_k3f9q2], [EMAIL_1_k3f9q2]",
    );
    expect(redacted(`again ${OTHER}`, redaction)).toBe("again [EMAIL_2_k3f9q2]");
  });

  it("leaves all other text untouched", () => {
    expect(redacted("nothing to see", new Redaction("k3f9q2"))).toBe("nothing to see");
  });

  it("refuses a nonce that somebody could guess", () => {
    for (const nonce of ["", "abc", "A1B2C3", "abc def"]) expect(() => new Redaction(nonce)).toThrow(RangeError);
  });

  it("refuses matches out of order, which would put text in the wrong place", () => {
    const match = (start: number): DataMatch => ({ start, end: start + 2, rule: "x", category: "secret", kind: "x" });
    expect(() => redact("abcdef", [match(2), match(1)], new Redaction("k3f9q2"))).toThrow(RangeError);
  });
});

describe("restore", () => {
  it("does not turn a placeholder that a client wrote into somebody's datum", () => {
    const redaction = new Redaction("k3f9q2");
    redacted(MAIL, redaction);
    for (const written of ["[EMAIL_1]", "[EMAIL_1_]", "[EMAIL_1_aaaaaa]", "[EMAIL_2_k3f9q2]", "EMAIL_1_k3f9q2"])
      expect(restore(written, redaction)).toBe(written);
  });

  it("brings nothing back from another request", () => {
    const one = new Redaction("k3f9q2");
    const answer = redacted(MAIL, one);
    const two = new Redaction("zzzzzz");
    redacted(OTHER, two);
    expect(restore(answer, two)).toBe(answer);
  });

  it("writes a value into JSON as JSON", () => {
    const redaction = new Redaction("k3f9q2");
    const secret = 'a"b\\c\nd';
    const placeholder = redaction.placeholderOf(secret, "secret");
    const json = restore(`{"x":"${placeholder}"}`, redaction, { json: true });
    expect(JSON.parse(json)).toEqual({ x: secret });
    expect(restore(placeholder, redaction)).toBe(secret);
  });

  it("takes a value out of JSON as what it says, not as it is spelt", () => {
    const redaction = new Redaction("k3f9q2");
    const text = JSON.stringify({ password: "Pa55\u00e9\\w0rd!" });
    const escaped = text.replace("\u00e9", "\\u00e9");
    expect(restore(redacted(escaped, redaction, true), redaction, { json: true })).toContain("Pa55\u00e9");
  });

  it("is the inverse of redact, in any chunking, and holds no more than a placeholder", () => {
    const texts = fc.array(
      fc.oneof(
        fc.constantFrom(MAIL, OTHER, " ", "[", "]", "[EMAIL_1", "[[", "_aaaaaa]", "219-09-1234", "\n"),
        fc.string({ maxLength: 8 }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }), (parts, sizes) => {
        const text = parts.join("");
        const redaction = new Redaction("k3f9q2");
        const sent = redacted(text, redaction);
        const restorer = createRestorer(redaction);
        let restored = "";
        let given = 0;
        for (let at = 0, turn = 0; at < sent.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          restored += restorer.push(sent.slice(at, at + size));
          at += size;
          given = Math.min(at, sent.length);
          expect(restore(sent.slice(0, given), redaction).length - restored.length).toBeLessThanOrEqual(
            Math.max(redaction.longest, MAIL.length),
          );
        }
        expect(restored + restorer.end()).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});
