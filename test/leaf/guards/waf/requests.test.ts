// Recorded requests and bodies: what is read out of them, and what of their shape is an attack by itself.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compileWaf,
  DEFAULT_SURFACE_LIMITS,
  DEFAULT_WAF_CONFIG,
  fieldsOf,
  parseRawRequest,
} from "../../../../guards/waf/index.ts";

const waf = compileWaf(DEFAULT_WAF_CONFIG);
const parse = (text: string): ReturnType<typeof parseRawRequest> => parseRawRequest(text, DEFAULT_SURFACE_LIMITS);
const violations = (text: string): string[] => (parse(text).violations ?? []).map((v) => v.rule);
const HEAD = "POST /a?b=c HTTP/1.1\r\nHost: a.example\r\n";

describe("a recorded request", () => {
  it("is read into method, path, query, headers, cookies and fields", () => {
    const surface = parse(`${HEAD}Cookie: a=b; c=d=e\r\nContent-Type: application/json\r\n\r\n{"x":{"y":["z",5]}}`);
    expect(surface).toMatchObject({
      method: "POST",
      path: "/a",
      query: "b=c",
      cookies: [
        ["a", "b"],
        ["c", "d=e"],
      ],
    });
    expect(surface.fields.map((f) => [f.place, f.value])).toEqual([
      ["body.x.y[0]", "z"],
      ["body.x.y[1]", "5"],
    ]);
    expect(surface.violations).toEqual([]);
  });

  it("with line feeds alone is a recording and no attack", () => {
    expect(violations("GET /a HTTP/1.1\nHost: a.example\nAccept: */*\n\n")).toEqual([]);
    expect(
      parse(
        "POST /a HTTP/1.1\nHost: a.example\nContent-Type: application/x-www-form-urlencoded\n\na=b&c=d\n",
      ).fields.map((f) => f.value),
    ).toEqual(["b", "d"]);
  });

  it("may lack a body, headers or everything", () => {
    for (const text of ["", "GET", "GET /", "\r\n", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n\r\n"])
      expect(() => waf(parse(text))).not.toThrow();
  });

  it.each<[string, string, string]>([
    ["both lengths", `${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, "protocol-smuggling"],
    ["two lengths", `${HEAD}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`, "protocol-smuggling"],
    [
      "a transfer coding with a tab",
      `${HEAD}Transfer-Encoding: \tchunked \r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
      "protocol-smuggling",
    ],
    [
      "a request after the last chunk",
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n`,
      "protocol-smuggling",
    ],
    ["a space before the colon", `${HEAD}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, "protocol-header-name"],
    ["a folded header", `${HEAD}X-A: b\r\n c: d\r\n\r\n`, "protocol-header-fold"],
    ["a bare carriage return", `${HEAD}X-A: b\rX-B: c\r\n\r\n`, "protocol-line-end"],
    ["a NUL in a header", `${HEAD}X-A: b\0c\r\n\r\n`, "protocol-header-control"],
    ["another host in the target", "GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n", "protocol-host"],
    ["two hosts", "GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n", "protocol-header-twice"],
    ["a method of its own", "EVIL / HTTP/1.1\r\nHost: a.example\r\n\r\n", "protocol-method"],
  ])("with %s breaks the protocol", (_, text, rule) => {
    expect(waf(parse(text)).findings.map((finding) => finding.rule)).toContain(rule);
  });

  it("never makes the WAF throw, whatever it is made of", () => {
    const piece = fc.constantFrom(
      "GET ",
      "/a",
      "?q=",
      " HTTP/1.1",
      "\r\n",
      "\n",
      "\r",
      ":",
      "Host",
      "Content-Type: ",
      "application/json",
      "multipart/form-data; boundary=x",
      "--x",
      "{",
      '"',
      "[",
      "]",
      "}",
      "<",
      ">",
      "&",
      "=",
      "%",
      "%00",
      "'",
      "(",
      ")",
      "\0",
      "\ud800",
      "é",
      "chunked",
      "Transfer-Encoding: ",
      "5",
      ";",
      "/*",
      "*/",
      "$",
      "`",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void waf(parse(pieces.join("")))),
      { numRuns: 120 },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 300 }),
        (text) => void waf(parse(`${HEAD}X-A: ${text}\r\n\r\n${text}`)),
      ),
      { numRuns: 60 },
    );
  });
});

describe("the fields of a body", () => {
  const places = (type: string, body: string): [string, string][] =>
    fieldsOf(type, body, DEFAULT_SURFACE_LIMITS).fields.map((f) => [f.place, f.value]);

  it("are a form's parameters, a part's name and value, XML's texts and attributes", () => {
    expect(places("application/x-www-form-urlencoded", "a=b&c[d]=e+f")).toEqual([
      ["body.a", "b"],
      ["body.c[d]", "e+f"],
    ]);
    expect(
      places(
        "multipart/form-data; boundary=x",
        '--x\r\nContent-Disposition: form-data; name="a"; filename="b.txt"\r\n\r\nc\r\n--x--\r\n',
      ),
    ).toEqual([
      ["body.a.filename", "b.txt"],
      ["body.a", "c"],
    ]);
    expect(places("text/xml", '<a b="c">d<![CDATA[e]]></a>').slice(1)).toEqual([
      ["body.xml@b", "c"],
      ["body.xml.text", "d"],
      ["body.xml.text", "e"],
    ]);
  });

  it("are what stands before a multipart body's first boundary and after its last, too", () => {
    const body = 'before\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\nafter\r\n';
    expect(places("multipart/form-data; boundary=x", body)).toEqual([
      ["body.a", "b"],
      ["body", "before\r\n"],
      ["body", "\r\nafter\r\n"],
    ]);
  });

  it("are the whole text, and a violation, where the body is not what it claims", () => {
    const { fields, violations } = fieldsOf("application/json", "{'a':1}", DEFAULT_SURFACE_LIMITS);
    expect(fields.map((f) => f.value)).toEqual(["{'a':1}"]);
    expect(violations.map((v) => v.rule)).toEqual(["protocol-body-shape"]);
  });

  it("are read from bytes as from text", () => {
    const body = '{"a":"é"}';
    expect(fieldsOf("application/json", new TextEncoder().encode(body), DEFAULT_SURFACE_LIMITS)).toEqual(
      fieldsOf("application/json", body, DEFAULT_SURFACE_LIMITS),
    );
  });

  it("are as many as the limit allows, one more is a violation", () => {
    const limits = { ...DEFAULT_SURFACE_LIMITS, maxFields: 3 };
    expect(fieldsOf("application/json", "[1,2,3]", limits).violations).toEqual([]);
    expect(fieldsOf("application/json", "[1,2,3,4]", limits).violations.map((v) => v.rule)).toEqual([
      "protocol-too-many-fields",
    ]);
    expect(
      fieldsOf("application/x-www-form-urlencoded", "a=1&b=2&c=3&d='+or+1%3d1--", limits).fields.at(-1)?.value,
    ).toContain("or+1");
  });

  it("hold no program that hides in an uploaded picture", () => {
    const upload = (content: string, name: string): boolean =>
      waf(
        parse(
          `${HEAD}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n${content}\r\n--x--\r\n`,
        ),
      ).blocked;
    expect(upload("GIF89a<?php system($_GET[0]);", "a.gif")).toBe(true);
    expect(upload("x", "a.php")).toBe(true);
    expect(upload("const a = document.cookie; // it's <script>", "notes.txt")).toBe(false);
  });
});
