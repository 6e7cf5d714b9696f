// An origin's own endpoints over real sockets: only what policy lists exists, every field of a body is judged as what its
// type says it is, and the origin gets exactly the bytes that were judged. And the fields of OpenAI's API that need a scope.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyInput } from "../../../policy/schema.ts";
import { admin, envelope } from "../contract/target.ts";
import { type Answer, ask, document, type Guarded, got, keyFor, recordOf, startGuarded } from "./scripted.ts";

let guarded: Guarded;
/** a key for every endpoint of the origin */
let caller: string;

beforeAll(async () => {
  const withRoutes = (policy: PolicyInput, url: string): PolicyInput => ({
    ...policy,
    origins: {
      ...policy.origins,
      script: {
        kind: "openai",
        url: `${url}/base`,
        pass_through: {
          classify: {
            methods: ["POST", "PUT"],
            content_types: [
              "application/json",
              "application/x-www-form-urlencoded",
              "multipart/form-data",
              "text/plain",
            ],
            max_body_bytes: 4096,
          },
          "v2/search": { methods: ["GET"], query: ["q", "page"] },
          "v2/any": { methods: ["GET"] },
          json: {},
        },
      },
    },
  });
  guarded = await startGuarded({ explain: "rule" }, withRoutes);
  caller = (await keyFor(guarded.target, { scopes: ["call:script/*"] })).key;
});
afterAll(() => guarded?.stop());

const JSON_TYPE = { "content-type": "application/json" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const BOUNDARY = "----------------------------1234567890";
const MULTIPART = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
const TEXT = { "content-type": "text/plain" };

function part(name: string, value: string, more = ""): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
}
const multipart = (...parts: string[]) => `${parts.join("")}--${BOUNDARY}--\r\n`;

function call(path: string, init: RequestInit = {}, key = caller): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) };
  return fetch(`${guarded.target.url}/v1/origins/script/${path}`, { redirect: "manual", ...init, headers });
}

const posted = (headers: Record<string, string>, body: string | Uint8Array, path = "classify") =>
  call(path, { method: "POST", headers, body: body as string });

const ok: Answer = (response) =>
  void response.writeHead(200, { "content-type": "application/json" }).end('{"label":"fine"}');

describe("a benign request", () => {
  it.each([
    ["JSON", JSON_TYPE, '{ "text" :"Order 66 & more", "n":[1,2.50,1e3],  "deep":{"a":"b"} }'],
    ["a JSON list", JSON_TYPE, '["one","two"]'],
    ["a form", FORM, "text=Hello+there%21&lang=en&lang=de"],
    [
      "a multipart body",
      MULTIPART,
      multipart(part("text", "Hello there"), part("file", "a,b\n1,2\n", '; filename="a.csv"')),
    ],
    ["a text", TEXT, "Hello there, Zwölf Euro €"],
    [
      "a file with a name of the extended form",
      MULTIPART,
      multipart(part("file", "a,b\n1,2\n", "; filename*=utf-8''%C3%9Cbersicht.csv")),
    ],
    ["JSON that says its charset", { "content-type": 'application/json;charset="UTF-8"' }, '{"text":"Zwölf"}'],
    ["nothing", JSON_TYPE, ""],
  ])("%s reaches the origin as the very bytes that were judged, without credentials", async (_what, headers, body) => {
    guarded.scripted.answer = ok;
    const response = await posted({ ...headers, cookie: "session=abc", "x-forwarded-for": "6.6.6.6" }, body);
    expect([response.status, await response.text()]).toEqual([200, '{"label":"fine"}']);
    const sent = guarded.scripted.asked.at(-1);
    expect([sent?.method, sent?.path]).toEqual(["POST", "/base/classify"]);
    expect(sent?.raw.toString("utf8")).toBe(body);
    expect(JSON.stringify(sent?.headers)).not.toContain(caller);
    expect(sent?.headers.cookie).toBeUndefined();
    expect(sent?.headers["x-forwarded-for"]).toBeUndefined();
    if (body !== "") expect(sent?.headers["content-type"]).toBe(headers["content-type"]);
  });

  it("a query reaches the origin as it was written", async () => {
    guarded.scripted.answer = ok;
    const response = await call("v2/search?q=blue%20shoes+42&page=2");
    expect(response.status).toBe(200);
    expect(guarded.scripted.asked.at(-1)?.path).toBe("/base/v2/search?q=blue%20shoes+42&page=2");
  });

  it("is recorded under its route, with its origin and no tokens", async () => {
    guarded.scripted.answer = ok;
    const response = await posted(JSON_TYPE, '{"text":"hi"}');
    const record = await recordOf(guarded, response.headers.get("x-request-id") ?? "");
    expect(JSON.stringify(record)).toContain('"route":"POST /v1/origins/script/classify"');
    expect(record.outcome).toMatchObject({
      outcome: "completed",
      status: 200,
      backend: "origin/script",
      completion_tokens: 0,
    });
  });
});

const SQL = "' UNION SELECT password FROM users--";
const ATTACKS: readonly [string, Record<string, string>, string | Uint8Array][] = [
  ["SQL in JSON", JSON_TYPE, JSON.stringify({ id: SQL })],
  ["SQL deep in JSON", JSON_TYPE, JSON.stringify({ a: [{ b: { c: ["x", SQL] } }] })],
  ["SQL in a JSON key", JSON_TYPE, JSON.stringify({ [SQL]: 1 })],
  ["SQL in JSON inside JSON", JSON_TYPE, JSON.stringify({ payload: JSON.stringify({ id: SQL }) })],
  [
    "SQL in JSON escapes",
    JSON_TYPE,
    `{"id":"${[...SQL].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"}`,
  ],
  ["SQL under a doubled key, first", JSON_TYPE, `{"id":${JSON.stringify(SQL)},"id":"1"}`],
  ["SQL under a doubled key, last", JSON_TYPE, `{"id":"1","id":${JSON.stringify(SQL)}}`],
  ["SQL in JSON that is none", JSON_TYPE, `{"id":"1 ${SQL}`],
  ["SQL in a comment of JSON", JSON_TYPE, `{"id":1 /* ${SQL} */}`],
  ["SQL in a form", FORM, `id=1&name=${encodeURIComponent(SQL)}`],
  ["SQL in a form, encoded twice", FORM, `id=${encodeURIComponent(encodeURIComponent(SQL))}`],
  ["SQL in a second value of a form", FORM, `id=1&id=${encodeURIComponent(SQL)}`],
  ["SQL in a form by semicolons", FORM, `id=1;name=${encodeURIComponent(SQL)}`],
  ["SQL before the first boundary", MULTIPART, `${SQL}\r\n${multipart(part("a", "b"))}`],
  ["SQL after the last boundary", MULTIPART, `${multipart(part("a", "b"))}${SQL}`],
  ["SQL in a multipart field", MULTIPART, multipart(part("a", "b"), part("id", SQL))],
  ["SQL in a multipart name", MULTIPART, multipart(part(SQL, "b"))],
  ["a path in a multipart file name", MULTIPART, multipart(part("f", "x", '; filename="../../../etc/passwd"'))],
  ["SQL in a multipart body without an end", MULTIPART, part("id", SQL)],
  [
    "a second boundary",
    { "content-type": `multipart/form-data; boundary=x; boundary=${BOUNDARY}` },
    multipart(part("id", SQL)),
  ],
  [
    "another boundary than it says",
    { "content-type": "multipart/form-data; boundary=other" },
    multipart(part("id", SQL)),
  ],
  ["SQL in a multipart field with an empty file name", MULTIPART, multipart(part("id", SQL, '; filename=""'))],
  [
    "a path in a multipart file name of the extended form",
    MULTIPART,
    multipart(part("f", "x", `; filename*=utf-8''${encodeURIComponent("../../../etc/passwd")}`)),
  ],
  ["a multipart name in both forms", MULTIPART, multipart(part("f", "x", "; name*=utf-8''id"))],
  ["a file name in both forms", MULTIPART, multipart(part("f", "x", `; filename="a.png"; filename*=utf-8''b.php`))],
  ["SQL in two values of a form, in a comment", FORM, "id=1%27+UNION/*&id=*/SELECT+password/*&id=*/FROM+users--"],
  ["SQL in two values of a form, one name encoded", FORM, "id=1%27+UNION/*&i%64=*/SELECT+password+FROM+users--"],
  ["another charset than UTF-8", { "content-type": "application/json; charset=ibm037" }, '{"a":1}'],
  ["a charset twice", { "content-type": "application/json; charset=utf-8; charset=utf-7" }, '{"a":1}'],
  ["a parameter that no type has", { "content-type": `application/json; x="${SQL}"` }, '{"a":1}'],
  ["a parameter behind many spaces", { "content-type": `application/json${" ".repeat(300)}; x=1` }, '{"a":1}'],
  ["a script in the boundary", { "content-type": `multipart/form-data; boundary="<script>"` }, "--<script>--"],
  ["SQL in a text", TEXT, SQL],
  ["a script in JSON", JSON_TYPE, JSON.stringify({ name: "<script>alert(document.cookie)</script>" })],
  ["a shell command in JSON", JSON_TYPE, JSON.stringify({ host: "8.8.8.8; cat /etc/passwd" })],
  ["a path in JSON", JSON_TYPE, JSON.stringify({ file: "../../../../etc/passwd" })],
  ["metadata of a cloud in JSON", JSON_TYPE, JSON.stringify({ url: "http://169.254.169.254/latest/meta-data/" })],
  ["a template in JSON", JSON_TYPE, JSON.stringify({ name: "{{7*7}}{{config.__class__.__init__.__globals__}}" })],
  ["operators of a document store", JSON_TYPE, JSON.stringify({ user: "a", password: { $ne: null } })],
  ["XML with an entity", TEXT, '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  [
    "JSON in UTF-16",
    { "content-type": "application/json; charset=utf-16le" },
    new Uint8Array(Buffer.from(JSON.stringify({ id: SQL }), "utf16le")),
  ],
  [
    "JSON in UTF-16 that does not say so",
    JSON_TYPE,
    new Uint8Array(Buffer.from(`\ufeff${JSON.stringify({ id: SQL })}`, "utf16le")),
  ],
  [
    "a form in UTF-7",
    { "content-type": "application/x-www-form-urlencoded; charset=utf-7" },
    "id=+ACc- UNION SELECT password FROM users--",
  ],
];

describe("an attack", () => {
  it.each(ATTACKS)("%s is refused and recorded, and the origin hears nothing", async (_what, headers, body) => {
    guarded.scripted.answer = ok;
    const before = guarded.scripted.asked.length;
    const response = await posted(headers, body);
    const text = await response.text();
    expect([400, 403, 415], text).toContain(response.status);
    expect(guarded.scripted.asked.length).toBe(before);
    if (response.status !== 403) return;
    expect(JSON.parse(text)).toMatchObject({ error: { code: "request_blocked", type: "permission_error" } });
    const record = JSON.stringify(await recordOf(guarded, response.headers.get("x-request-id") ?? "", false));
    expect(record).toContain('"route":"POST /v1/origins/script/classify"');
    expect(record).toContain('"action":"block"');
    expect(record).not.toContain("password FROM");
  });

  it.each([
    ["a doubled key in JSON", '{"a":1,"a":2}'],
    ["a doubled key deep in JSON", '[{"b":{"a":1,"\\u0061":2}}]'],
    ["half a character in JSON", '{"a":"\\ud800"}'],
    ["bytes that are no UTF-8 in JSON", new Uint8Array([0x22, 0xff, 0x22])],
  ])("%s, which two readers understand differently, is 400", async (_what, body) => {
    const before = guarded.scripted.asked.length;
    const response = await posted(JSON_TYPE, body);
    expect([response.status, (await envelope(response)).code]).toEqual([400, "invalid_json"]);
    expect(guarded.scripted.asked.length).toBe(before);
  });

  it("in a form and a query a list by one name passes, whatever it lists", async () => {
    guarded.scripted.answer = ok;
    for (const body of ["tag=select&tag=from&tag=users", "q=it%27s&q=rock+%27n%27+roll", "a=(1)&a=(2)&b=%22x%22"])
      expect([body, (await posted(FORM, body)).status]).toEqual([body, 200]);
    expect((await call("v2/any?tag=union&tag=select&tag=it%27s")).status).toBe(200);
  });

  it("cut over values of one name in a query is put together as a server would", async () => {
    const response = await call("v2/any?id=1%27+UNION/*&id=*/SELECT+password/*&id=*/FROM+users--");
    expect([response.status, (await envelope(response)).code]).toEqual([403, "request_blocked"]);
  });

  it.each([
    ["a range and a weight", "application/json, text/*;q=0.5", "application/json, text/*;q=0.5"],
    ["a path", "../../../../etc/passwd", "*/*"],
    ["a range with something behind it", "text/html ../../etc", "*/*"],
  ])("an Accept header is %s: the origin is told of ranges alone", async (_what, accept, told) => {
    guarded.scripted.answer = ok;
    const response = await posted({ ...JSON_TYPE, accept }, '{"a":1}');
    if (response.status === 200) expect(guarded.scripted.asked.at(-1)?.headers.accept).toBe(told);
    else expect([response.status, told]).toEqual([403, "*/*"]);
  });

  it("in a query, a cookie, a header and a path: 403, before anyone is known", async () => {
    const before = guarded.scripted.asked.length;
    const coded = encodeURIComponent(SQL);
    for (const [path, headers] of [
      [`v2/search?q=${coded}`, {}],
      [`v2/any?whatever=${coded}`, {}],
      [`v2/any?${coded}=1`, {}],
      [`v2/any?q=${encodeURIComponent(coded)}`, {}],
      ["v2/any", { cookie: `id=${SQL.replace(";", "")}` }],
      ["v2/any", { "x-custom": SQL }],
      ["v2/any", { accept: SQL }],
    ] as const)
      for (const key of [caller, "none"]) {
        const response = await call(path, { headers }, key);
        expect([path, response.status, (await envelope(response)).code]).toEqual([path, 403, "request_blocked"]);
      }
    expect(guarded.scripted.asked.length).toBe(before);
  });
});

describe("the origin's answer", () => {
  it.each([
    [200, 200],
    [201, 201],
    [204, 204],
    [404, 404],
    [409, 409],
    [422, 422],
    [301, 502],
    [302, 502],
    [401, 502],
    [403, 502],
    [500, 502],
    [503, 503],
  ])("%i becomes %i", async (said, heard) => {
    guarded.scripted.answer = (response) => {
      response.writeHead(said, {
        "content-type": "application/json",
        location: "http://internal.example/",
        "set-cookie": "session=secret",
        "x-internal": "secret-host",
        "www-authenticate": "Basic realm=secret",
      });
      response.end(said === 204 ? undefined : '{"detail":"origin words"}');
    };
    const response = await posted(JSON_TYPE, '{"a":1}');
    const text = await response.text();
    expect(response.status).toBe(heard);
    for (const name of ["set-cookie", "location", "x-internal", "www-authenticate"])
      expect(response.headers.get(name)).toBeNull();
    if (said === heard && said !== 204 && said !== 503) expect(text).toBe('{"detail":"origin words"}');
    else expect(text).not.toContain("origin words");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("an origin that breaks off mid-answer, or answers without an end of its size, is a failure", async () => {
    guarded.scripted.answer = (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write('{"a":');
      setTimeout(() => response.destroy(), 20);
    };
    expect((await posted(JSON_TYPE, '{"a":1}')).status).toBe(502);
  });
});

describe("what policy does not list", () => {
  it.each([
    ["an unknown path", "unknown", "POST", 404],
    ["a path below a listed one", "classify/x", "POST", 404],
    ["a path above a listed one", "v2", "GET", 404],
    ["a path with a trailing slash", "classify/", "POST", 404],
    ["a path in another case", "Classify", "POST", 404],
    ["an encoded path", "cl%61ssify", "POST", 404],
    ["a dot segment", "v2/./search", "GET", 200],
    ["an encoded dot segment", "x%2f..%2fclassify", "POST", 403],
    ["a name of Object", "constructor", "POST", 404],
    ["a name of its prototype", "__proto__", "POST", 404],
    ["another method", "classify", "GET", 405],
    ["a method that nobody lists", "classify", "DELETE", 405],
    ["another type", "json", "POST", 415],
    ["another query", "v2/search?x=1", "GET", 400],
  ])("%s (%s)", async (_what, path, method, status) => {
    guarded.scripted.answer = ok;
    const response = await call(path, { method, ...(method === "GET" ? {} : { headers: TEXT, body: "hi" }) });
    expect(response.status).toBe(status);
  });

  it("an unknown origin, and one that is not passed through, are 404", async () => {
    for (const origin of ["nobody", "faults", "__proto__", "constructor"]) {
      const response = await fetch(`${guarded.target.url}/v1/origins/${origin}/classify`, {
        method: "POST",
        headers: { authorization: `Bearer ${caller}`, ...JSON_TYPE },
        body: "{}",
      });
      expect([origin, response.status]).toEqual([origin, 404]);
    }
  });

  it("a larger body is 413, declared or not, and compressed ones are 415", async () => {
    const large = JSON.stringify({ text: "x ".repeat(4096) });
    expect((await posted(JSON_TYPE, large)).status).toBe(413);
    const undeclared = new ReadableStream({
      start(out) {
        out.enqueue(new TextEncoder().encode(large));
        out.close();
      },
    });
    const response = await call("classify", {
      method: "POST",
      headers: JSON_TYPE,
      body: undeclared,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
    expect((await posted({ ...JSON_TYPE, "content-encoding": "gzip" }, "{}")).status).toBe(415);
  });
});

describe("a scope of its own", () => {
  it.each([
    [["call:script/classify"], 200],
    [["call:script/*"], 200],
    [["call:*"], 200],
    [["call:script/json"], 403],
    [["call:other/classify"], 403],
    [["infer:*", "embed:*"], 403],
  ])("%j: %i", async (scopes, status) => {
    guarded.scripted.answer = ok;
    const { key } = await keyFor(guarded.target, { scopes });
    const response = await call("classify", { method: "POST", headers: JSON_TYPE, body: "{}" }, key);
    expect(response.status).toBe(status);
  });

  it("no key, and a key that is none, are 401", async () => {
    const response = await call("classify", { method: "POST", headers: JSON_TYPE, body: "{}" }, "bz_none");
    expect(response.status).toBe(401);
  });
});

describe("fields that model extraction feeds on", () => {
  const FIELDS: readonly [string, Record<string, unknown>][] = [
    ["logprobs", { logprobs: true }],
    ["logprobs", { logprobs: true, top_logprobs: 5 }],
    ["logit_bias", { logit_bias: { "1": 5 } }],
    ["n", { n: 2 }],
  ];

  it.each(FIELDS)("%s: 403 insufficient_scope without the scope, and 200 with it: %j", async (scope, more) => {
    guarded.scripted.answer = (response) => document(response, { content: "a" }, { content: "b" });
    const { key: without } = await keyFor(guarded.target, { scopes: ["infer:*"] });
    const refused = await ask(guarded, "hello", more, without);
    expect([refused.status, (await envelope(refused)).code]).toEqual([403, "insufficient_scope"]);
    expect(refused.headers.get("www-authenticate")).toContain(`scope="${scope}"`);
    const { key } = await keyFor(guarded.target, { scopes: ["infer:*", scope] });
    expect((await ask(guarded, "hello", more, key)).status).toBe(200);
  });

  it("the harmless values of the same fields need no scope", async () => {
    const { key } = await keyFor(guarded.target, { scopes: ["infer:*"] });
    for (const more of [{ logprobs: false }, { n: 1 }, { logit_bias: {} }, { logprobs: null, n: null }]) {
      const answer = await got(await ask(guarded, "hello", more, key));
      expect([JSON.stringify(more), answer.status]).toEqual([JSON.stringify(more), 200]);
    }
  });

  it("a scope that is taken away is gone with the next request, though the key's text still says it", async () => {
    guarded.scripted.answer = (response) => document(response, { content: "a" });
    const { id, key } = await keyFor(guarded.target, { scopes: ["infer:*", "logprobs"] });
    expect((await ask(guarded, "hello", { logprobs: true }, key)).status).toBe(200);
    const patched = await admin(guarded.target, "PATCH", `/keys/${id}`, { scopes: ["infer:*"] });
    expect(patched.status, await patched.clone().text()).toBe(200);
    const refused = await ask(guarded, "hello", { logprobs: true }, key);
    expect([refused.status, (await envelope(refused)).code]).toEqual([403, "insufficient_scope"]);
    expect((await ask(guarded, "hello", {}, key)).status).toBe(200);
  });
});
