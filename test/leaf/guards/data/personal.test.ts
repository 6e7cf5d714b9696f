// Personal data with their checks and bounds: neighbours stay, and what only looks alike passes.
import { describe, expect, it } from "vitest";
import { compileDetector } from "../../../../guards/data/index.ts";

const detector = compileDetector({ categories: ["personal_data"] });
const found = (text: string, using = detector) =>
  using.find(text).map(({ kind, start, end }) => [kind, text.slice(start, end)]);

describe("an IBAN", () => {
  it.each([
    ["an article number", "SKU AB12CDEF3456GHIJ78"],
    ["a container", "container MSCU1234567890123"],
    ["a hash in capitals", "ETag 5F4DCC3B5AA765D61D8327DEB882CF99"],
    ["a wrong check", "DE88370400440532013000"],
    ["a wrong length", "DE8937040044053201300"],
    ["a country without IBAN", "US89370400440532013000"],
  ])("is not %s", (_, text) => {
    expect(found(text).filter(([kind]) => kind === "iban")).toEqual([]);
  });

  it.each([
    ["with a word behind it", "", "DE89 3704 0044 0532 0130 00", " failed"],
    ["with letters that would fit behind it", "", "GB82 WEST 1234 5698 7654 32", " test data"],
    ["in brackets", "(IBAN:", "GB82WEST12345698765432", ".)"],
    ["in lower case", "to ", "de89370400440532013000", ", please"],
    ["broken over lines", "pay\n", "DE89 3704 0044\n0532 0130 00", "\nthanks"],
    ["next to a bracket", "[", "FR1420041010050500013M02606", "]"],
  ])("is found %s, within its bounds", (_, before, iban, after) => {
    expect(found(`${before}${iban}${after}`)).toEqual([["iban", iban]]);
  });
});

describe("checks tell numbers apart", () => {
  it.each([
    ["a card", "4012 8888 8888 1881", "credit_card"],
    ["a German pension number", "15070649C103", "de_social_security"],
    ["a Spanish foreigner's number", "X9613851N", "es_nie"],
    ["a Chinese number", "11010519491231002X", "cn_resident_id"],
    ["a Finnish code", "131052-308T", "fi_hetu"],
    ["a Brazilian number", "529.982.247-25", "br_cpf"],
    ["a Bitcoin address", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ", "crypto_address"],
    ["a French number", "255081416802538", "fr_nir"],
  ])("%s is found, and with one digit changed it is not", (_, value, kind) => {
    expect(found(`no ${value}.`)).toEqual([[kind, value]]);
    const at = value.search(/[1-8]\D*$/);
    const changed = value.slice(0, at) + (Number(value.charAt(at)) + 1) + value.slice(at + 1);
    expect(found(`no ${changed}.`).filter(([found]) => found === kind)).toEqual([]);
  });

  it("a number of several meanings needs the word for one of them", () => {
    expect(found("order 130692544 shipped")).toEqual([]);
    expect(found("my SIN is 130692544")).toEqual([["ca_sin", "130692544"]]);
    expect(found("Steuer-ID: 12345678903.")).toEqual([["de_tax_id", "12345678903"]]);
  });

  it("a number that is the whole of what a person typed counts, if it has a check; not in an answer", () => {
    const prompts = compileDetector({ categories: ["personal_data"], alone: true });
    expect(found("130692544", prompts)).toHaveLength(1);
    expect(found("130692544")).toEqual([]);
    expect(found("130692545", prompts).filter(([kind]) => kind === "ca_sin")).toEqual([]);
  });

  it("a word behind a number tells what it is where the text is whole, not where more may come", () => {
    const prompts = compileDetector({ categories: ["personal_data"], alone: true });
    expect(found("AAA123456 es mi número de pasaporte", prompts)).toEqual([["passport", "AAA123456"]]);
    expect(found("AAA123456 es mi número de pasaporte")).toEqual([]);
  });

  it("digits of one kind are nobody's telephone, and a VAT number no driving licence", () => {
    const prompts = compileDetector({ categories: ["personal_data"], alone: true });
    for (const text of ["00000000000", "0780000000", "02123456A"]) expect(found(text, prompts), text).toEqual([]);
    for (const text of ["DE987654321", "AT123456789"])
      expect(found(text, prompts).map(([kind]) => kind)).not.toContain("driver_license");
    expect(found("53125226D", prompts)).toEqual([["sg_uen", "53125226D"]]);
  });

  it("versions, amounts, ranges and longer numbers pass", () => {
    for (const text of [
      "v1.2.3",
      "3.14159265",
      "$1,234,567.89",
      "2024-01-02",
      "10-20-30-40",
      "id 4012888888881881000123",
      "1.078-05-1123",
    ])
      expect(found(text), text).toEqual([]);
  });
});

describe("ways to reach somebody", () => {
  it.each([
    ["mail to ", "jane.doe+x@mail.example.org", ", thanks", "email"],
    ["<", "a@xn--d1acufc.xn--p1ai", ">", "email"],
    ["call ", "+49 30 1234567", " now", "phone"],
    ["Tel.: ", "030 1234567", ", Berlin", "phone"],
    ["", "(415) 555-0132", " is mine", "phone"],
    ["from ", "192.168.17.4", ":8080", "ip_address"],
    ["from [", "2001:db8::8a2e:370:7334", "]", "ip_address"],
    ["hw ", "00:1a:2b:3c:4d:5e", ".", "mac_address"],
    ["born ", "1984-02-29", ".", "birth_date"],
    ["电话", "13812345678", "。", "phone"],
  ])("%s%s%s", (before, value, after, kind) => {
    expect(found(`${before}${value}${after}`)).toEqual([[kind, value]]);
  });

  it("what only looks like an address passes", () => {
    for (const text of [
      "npm i left-pad@1.3.0",
      "git@github.com:a/b.git",
      "icon@2x.png",
      "std::vector",
      "a::b",
      "C::",
      "12:30:45",
      "2 + 2 :: 4",
    ])
      expect(found(text), text).toEqual([]);
  });
});
