// What honest clients send and an early version blocked: each stands for a kind, not for its words.
import { describe, expect, it } from "vitest";
import {
  compileWaf,
  DEFAULT_SURFACE_LIMITS,
  DEFAULT_WAF_CONFIG,
  parseRawRequest,
} from "../../../../guards/waf/index.ts";

const waf = compileWaf(DEFAULT_WAF_CONFIG);
const HEAD = "Host: a.example\r\n";

const rules = (text: string): string[] =>
  waf(parseRawRequest(text, DEFAULT_SURFACE_LIMITS)).findings.map((finding) => finding.rule);
const search = (value: string): string[] => rules(`GET /a?q=${encodeURIComponent(value)} HTTP/1.1\r\n${HEAD}\r\n`);
const json = (value: unknown): string[] =>
  rules(`POST /a HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\n\r\n${JSON.stringify({ a: value })}`);
const upload = (name: string): string[] =>
  rules(
    `POST /a HTTP/1.1\r\n${HEAD}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\nc\r\n--x--\r\n`,
  );

describe("nothing is found in", () => {
  it.each([
    ["the address of a page with a query", "https://b.example/index.php?id=3"],
    ["the address of a picture for a proxy", "https://cdn.b.example/a.jpg?w=640&q=75"],
    ["fields of an API", "{id,name}"],
    ["a glob", "src/**/*.{ts,tsx}"],
    ["a search for a file's name", "https://b.example/?q=win.ini%20file"],
    ["a sentence that ends in a short word", "see our new offers; set"],
  ])("%s", (_, value) => {
    expect(search(value)).toEqual([]);
    expect(json(value)).toEqual([]);
  });

  it.each([
    ["a fence of code in markdown", "## Install\n\n```bash\nnpm ci\n```\n"],
    ["a traceback", 'Traceback (most recent call last):\r\n  File "app.py", line 12, in <module>\r\n'],
    ["a formula between dollar signs", "for $a < b$ we have $f(a) \\le f(b)$; for $c$ it holds"],
    ["a patch", "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n"],
  ])("%s", (_, value) => {
    expect(search(value)).toEqual([]);
    expect(json(value)).toEqual([]);
  });

  it.each(["O'Brien - CV.pdf", "Capture d'écran 1.png", "data; 2024.csv"])("an upload named %s", (name) => {
    expect(upload(name)).toEqual([]);
  });
});

describe("what stands beside it is still found:", () => {
  it.each(["a.php;.jpg", "a';.txt", "x'.jsp", "b=c.txt"])("an upload named %s", (name) => {
    expect(upload(name).length).toBeGreaterThan(0);
  });

  it.each([
    ["a program to include", "https://b.example/a.txt?"],
    ["a brace expansion", ";{cat,/srv/a}"],
    ["a loop", "x;for i in $a; do id"],
    ["a command in backticks", "```id```"],
    ["a command on a line of its own", "a\nwget http://b.example/c"],
  ])("%s", (_, value) => {
    expect(search(value).length).toBeGreaterThan(0);
  });
});
