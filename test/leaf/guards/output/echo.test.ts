// A caller's own datum said again, in whatever spelling, and one that only looks like it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileDetector } from "../../../../guards/data/index.ts";
import { compileOutput, echoOf, guardText } from "../../../../guards/output/index.ts";
import { modes } from "./support.ts";

const detector = compileDetector();
const KEY = `-----BEGIN ${"PRIVATE"} KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(4)}-----END ${"PRIVATE"} KEY-----`;

function passes(request: string, answer: string): boolean {
  const rules = compileOutput({
    modes: modes("off", { secret: "block", personal_data: "block" }),
    data: [{ detector, categories: ["secret", "personal_data"] }],
    known: echoOf([request]),
  });
  return !guardText(answer, rules).cut;
}

describe("a caller's own datum is said again", () => {
  it.each([
    ["a card with other separators", "pay with 4012888888881881 please", "Your card 4012-8888-8888-1881 is charged."],
    ["a card without", "pay with 4012-8888-8888-1881", "Your card 4012888888881881 is charged."],
    ["full-width digits", "my card: ４０１２ ８８８８ ８８８８ １８８１。", "Card 4012 8888 8888 1881."],
    ["a card over two lines", "4012 8888\n8888 1881", "Card 4012 8888 8888 1881."],
    ["an address in other case", "write to Jane.Doe@Mail.Example.org", "Sent to jane.doe@mail.example.org."],
    ["an IBAN in groups", "DE89370400440532013000", "To DE89 3704 0044 0532 0130 00 then."],
    ["an IBAN in lower case", "de89 3704 0044 0532 0130 00", "To DE89370400440532013000 then."],
    ["a telephone number", "call me on +49 (30) 123-4567", "I will call +49 30 1234567 today."],
    ["with a typographic dash", "ssn 219\u201109\u20111234", "It is 219-09-1234."],
    ["a hardware address", "the NIC is 00-1A-2B-3C-4D-5E", "It is 00:1a:2b:3c:4d:5e."],
    ["a key whose line ends are escapes", JSON.stringify({ key: KEY }), `Save this:\n${KEY}\n`],
    ["a key in one line", KEY, `It is ${JSON.stringify(KEY)}`],
  ])("%s", (_, request, answer) => {
    expect(passes("nothing", answer)).toBe(false);
    expect(passes(request, answer)).toBe(true);
  });
});

describe("a foreign datum is none of the caller's", () => {
  it.each([
    ["part of a longer number", "order 9940128888888818817", "Card 4012 8888 8888 1881."],
    ["other digits", "pay with 4111 1111 1111 1111", "Card 4012 8888 8888 1881."],
    ["an address with other dots", "write to janedoe@mail.example.org", "Sent to jane.doe@mail.example.org."],
    ["an IP address of the same digits", "19.216.8.117 is mine", "It is 192.168.1.17 there."],
    ["a password in other case", "my password is HUNTER2x!", 'password = "hunter2x!"'],
    ["a password put together", "hun ter2x!", 'password = "hunter2x!"'],
    ["a key in other case", KEY.toLowerCase(), KEY],
  ])("%s", (_, request, answer) => {
    expect(passes(request, answer)).toBe(false);
  });

  it("looks are counted, and what is found after them is foreign", () => {
    const known = echoOf(["a0@x.org a1@x.org a64@x.org"]);
    const asked = (value: string) => known({ category: "personal_data", kind: "email", value });
    for (let at = 0; at < 64; at++) expect(asked(`a${at}@x.org`)).toBe(at < 2);
    expect(asked("a64@x.org")).toBe(false);
    expect(asked("a1@x.org")).toBe(true);
  });

  it("no request makes a number known that it does not hold, digit by digit", () => {
    const digits = fc.stringMatching(/^[0-9]{6,12}$/);
    fc.assert(
      fc.property(
        digits,
        fc.string({ maxLength: 40 }),
        fc.constantFrom(" ", "-", "", ".", ", ", "x"),
        (value, text, gap) => {
          const known = (request: string) => echoOf([request])({ category: "personal_data", kind: "phone", value });
          expect(known(`${text} ${[...value].join(gap)} ${text}`)).toBe(!/[,x]/.test(gap));
          expect(known(`1${[...value].join("-")}`)).toBe(false);
        },
      ),
    );
  });
});
