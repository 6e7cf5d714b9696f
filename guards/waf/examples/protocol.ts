// Examples of the rules about HTTP itself: whole requests as they would be recorded.
import { type Example, type Examples, header, query } from "./example.ts";

function get(target: string, ...lines: readonly string[]): Example {
  return { request: `GET ${target} HTTP/1.1\r\nHost: a.example\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n` };
}

function post(body: string, ...lines: readonly string[]): Example {
  return {
    request: `POST /a HTTP/1.1\r\nHost: a.example\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n${body}`,
  };
}

const PLAIN = get("/a?b=c", "Accept: */*");
const PART = 'Content-Disposition: form-data; name="b"';

export const PROTOCOL_EXAMPLES: Examples = {
  "scanner-agent": {
    match: [get("/a", "User-Agent: sqlmap/1.8"), get("/a", "User-Agent: Fuzz Faster U Fool v2")],
    pass: [get("/a", "User-Agent: curl/8.5.0"), header("a scanner, map")],
  },
  "protocol-method": { match: [{ request: "FOO /a HTTP/1.1\r\nHost: a.example\r\n\r\n" }], pass: [PLAIN] },
  "protocol-version": { match: [{ request: "GET /a HTTP/7.3\r\nHost: a.example\r\n\r\n" }], pass: [PLAIN] },
  "protocol-request-line": { match: [{ request: "GET /a\r\nHost: a.example\r\n\r\n" }], pass: [PLAIN] },
  "protocol-target": {
    match: [get("a/b"), get("/a#b")],
    pass: [PLAIN, { request: "OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n" }],
  },
  "protocol-host": {
    match: [
      { request: "GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n" },
      { request: "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" },
    ],
    pass: [PLAIN, { request: "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n" }],
  },
  "protocol-host-address": { match: [{ request: "GET / HTTP/1.1\r\nHost: 203.0.113.9\r\n\r\n" }], pass: [PLAIN] },
  "protocol-smuggling": {
    match: [
      post("0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"),
      post("", "Transfer-Encoding: xchunked"),
      post("a", "Content-Length: 1", "Content-Length: 2"),
      post("zz", "Transfer-Encoding: chunked"),
      post("0\r\n\r\nGET /b HTTP/1.1\r\n\r\n", "Transfer-Encoding: chunked"),
    ],
    pass: [post("3\r\nabc\r\n0\r\n\r\n", "Transfer-Encoding: chunked"), post("abc", "Content-Length: 3")],
  },
  "protocol-length": { match: [post("a", "Content-Length: +1")], pass: [post("a", "Content-Length: 1")] },
  "protocol-header-name": { match: [get("/a", "X-A : b"), get("/a", "no colon")], pass: [PLAIN] },
  "protocol-header-control": { match: [get("/a", "X-A: b\u0001c")], pass: [get("/a", "X-A: b\tc")] },
  "protocol-header-fold": { match: [get("/a", "X-A: b", " c: d")], pass: [PLAIN] },
  "protocol-line-end": {
    match: [{ request: "GET /a HTTP/1.1\r\nHost: a.example\nX-A: b\r\n\r\n" }, get("/a", "X-A: b\rX-B: c")],
    pass: [PLAIN, { request: "GET /a HTTP/1.1\nHost: a.example\nX-A: b\n\n" }],
  },
  "protocol-header-twice": {
    match: [get("/a", "User-Agent: b", "User-Agent: c")],
    pass: [get("/a", "Accept: b/c", "Accept: d/e")],
  },
  "protocol-header-odd": {
    match: [get("/a", "Connection: close, keep-alive"), get("/a", "Range: bytes=9-3")],
    pass: [get("/a", "Connection: keep-alive, Upgrade"), get("/a", "Range: bytes=0-99")],
  },
  "protocol-header-forbidden": {
    match: [get("/a", "Proxy: http://b.example"), get("/a", "X-Original-URL: /b")],
    pass: [get("/a", "X-Request-Id: b")],
  },
  "protocol-range": {
    match: [get("/a", "Range: bytes=1-2,3-4,5-6,7-8,9-10,11-12")],
    pass: [get("/a", "Range: bytes=1-2,3-4")],
  },
  "protocol-content-type": {
    match: [post("a=b", "Content-Type: nonsense"), post("a=b", "Content-Type: text/plain; charset=utf-7")],
    pass: [post("a=b", "Content-Type: text/plain; charset=UTF-8")],
  },
  "protocol-body-shape": {
    match: [post("{nope", "Content-Type: application/json")],
    pass: [post("{}", "Content-Type: application/json")],
  },
  "protocol-body-method": {
    match: [{ request: "GET /a HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/plain\r\n\r\nabc" }],
    pass: [PLAIN],
  },
  "protocol-body-untyped": { match: [post("abc")], pass: [post("abc", "Content-Type: text/plain")] },
  "protocol-multipart": {
    match: [
      post(`--x\r\n${PART}\r\n\r\nc`, "Content-Type: multipart/form-data; boundary=x"),
      post("a", "Content-Type: multipart/form-data"),
    ],
    pass: [post(`--x\r\n${PART}\r\n\r\nc\r\n--x--\r\n`, "Content-Type: multipart/form-data; boundary=x")],
  },
  "protocol-multipart-name": {
    match: [
      post(
        `--x\r\nContent-Disposition: form-data; name="b"; filename="c;.txt"\r\n\r\nd\r\n--x--\r\n`,
        "Content-Type: multipart/form-data; boundary=x",
      ),
    ],
    pass: [
      post(
        `--x\r\n${PART}; filename="c (1).txt"\r\n\r\nd\r\n--x--\r\n`,
        "Content-Type: multipart/form-data; boundary=x",
      ),
    ],
  },
  "protocol-too-many-fields": { match: [get(`/a?${"b=c&".repeat(2100)}`)], pass: [get(`/a?${"b=c&".repeat(100)}`)] },
  "protocol-too-deep": {
    match: [post(`${"[".repeat(70)}${"]".repeat(70)}`, "Content-Type: application/json")],
    pass: [post(`${"[".repeat(60)}${"]".repeat(60)}`, "Content-Type: application/json")],
  },
  "protocol-encoding": { match: [query("a%zz")], pass: [query("a%20b"), "100%"] },
  "protocol-overlong": { match: [query("%c0%ae"), query("%e0%80%af")], pass: [query("%C3%A9"), query("%E9t%E9")] },
  "protocol-double-encoding": { match: [query("%2525252527")], pass: [query("%2527")] },
  "protocol-nul": { match: [query("a%00.png"), "a\u0000b"], pass: [query("a%20"), "a00"] },
  "protocol-control": { match: ["a\u0008b"], pass: [query("a%09b%0a"), "caf\u00e9"] },
  "protocol-control-line": { match: [query("a%07b"), query("a%1bb")], pass: [query("a%09b%0a"), "a\u0008b"] },
  "protocol-hidden-letter": {
    match: [query("%2561%2564min"), query("%25%36%31"), query("\\u0061lert")],
    pass: [query("a%2520b%2526c"), query("%25E6%259D%25B1"), query("%2550-%2570"), "\\u003cb", "[\\u0041-\\u005a]"],
  },
  "protocol-name-behind": { match: [query("c", "a[0]b")], pass: [query("c", "a[0][b]"), query("c", "a[0].b")] },
  "protocol-name-odd": { match: [query("b", "a%20onload")], pass: [query("b", "a[0][b]")] },
  "protocol-override": { match: [query("DELETE", "_method")], pass: [query("DELETE", "method")] },
};
