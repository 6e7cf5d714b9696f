// Bodies and query values of honest clients: forms, JSON of APIs, GraphQL, filters, telemetry, uploads.
import type { Choices } from "./random.ts";
import { NAMES, PLACES, SEARCHES, SENTENCES, SNIPPETS } from "./words.ts";

export function email(c: Choices): string {
  return `${c.of(["anna.mueller", "sean.o'brien", "john+or", "info", "x_y-z", "a.b.c", "union", "select.team", "drop"])}${c.int(99)}@${c.of(["example.com", "mail.example.org", "uni-x.de", "web.co.uk"])}`;
}

export function password(c: Choices): string {
  return c.text(
    "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!?#$%&*+-_=@.:,;'\"()[]{}<>/^~|",
    8 + c.int(10),
  );
}

/** One value of some everyday kind. */
export function value(c: Choices): string {
  return c.of(VALUES)(c);
}

const VALUES: readonly ((c: Choices) => string)[] = [
  (c) => c.of(NAMES),
  (c) => c.of(PLACES),
  (c) => c.of(SENTENCES),
  (c) => c.of(SENTENCES),
  (c) => `${c.of(SENTENCES)} ${c.of(SENTENCES)} ${c.of(SENTENCES)}`,
  (c) => c.of(SEARCHES),
  (c) => c.of(SNIPPETS),
  email,
  (c) => c.uuid(),
  (c) => String(c.int(100000)),
  (c) => `-${c.int(1000)}.${c.int(99)}`,
  (c) => c.base64(20 + c.int(200)),
  (c) => c.base64Url(16 + c.int(64)),
  (c) => c.hex(c.of([8, 24, 32, 40, 64])),
  (c) => `eyJhbGciOiJSUzI1NiJ9.${c.base64Url(90)}.${c.base64Url(128)}`,
  (c) => `data:image/png;base64,iVBORw0KGgo${c.base64(300)}`,
  (c) => `2024-0${1 + c.int(9)}-1${c.int(9)}T1${c.int(9)}:00:00+02:00`,
  (c) => `https://example.com/path/${c.int(99)}?utm_source=newsletter&utm_medium=email&id=${c.uuid()}#section-2`,
  (c) =>
    `https://app.example.com/login?redirect_uri=${encodeURIComponent(`https://other.example.org/cb?state=${c.base64Url(9)}&x=1`)}`,
  (c) => `/account/orders?page=${c.int(9)}&sort=-created_at`,
  () => "http://localhost:3000/callback",
  () => "https://user:pass@git.example.com/team/repo.git",
  () => "s3://bucket/key/2024/06/file (1).csv",
  () => "C:\\Users\\Anna\\Documents\\Q1 report (final).xlsx",
  () => "\\Program Files\\Vendor\\App\\app.exe",
  () => "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  () => "images/../logo.svg",
  () => "Rechnung_2024-06 (1).pdf",
  () => "O'Brien & Sons - résumé.docx",
  (c) => `+${c.int(99)} (0)${c.int(999)} / ${c.int(9999)}-${c.int(99)}`,
  (c) => `DE${c.int(99)} ${c.int(9999)} ${c.int(9999)} ${c.int(9999)} ${c.int(9999)} ${c.int(99)}`,
  (c) => `#${c.hex(6)}`,
  (c) => `rgb(${c.int(255)}, ${c.int(255)}, ${c.int(255)})`,
  () => "id,name,-created_at",
  () => "price gt 10 and name eq 'Widget' or contains(tags,'x')",
  () => 'project = ABC AND status in (Open, "In Progress") ORDER BY created DESC',
  () => 'status:open label:bug -label:wontfix author:@me "exact phrase"',
  () => '(age >= 18 && country == "DE") || vip == true',
  () => "name=like=*smith*;age=gt=30,role==admin",
  () => "[1, 2, 3]",
  () => "a=1;b=2;c=3",
  () => '{"a":{"b":[1,2,{"c":null}]},"d":"it\'s"}',
  () => "lat=52.52&lon=13.40&zoom=12",
  () => "1,2;3,4|5,6",
  () => "*/5 * * * *",
  () => "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Z]{2,}$",
  () => "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
  () => "application/vnd.api+json; charset=utf-8",
  () => "bytes=0-1023",
  () => "v1.2.3-rc.1+build.5",
  () => "arn:aws:iam::123456789012:role/My-Role",
  () => "urn:uuid:1f2e3d4c-5b6a-7980-1f2e-3d4c5b6a7980",
  () => "x^2 + y^2 = r^2, 0 <= x < 10",
  () => "=SUM(A1:A5)/COUNT(B1:B5)",
  () => '=IF(LEN(A1)>5, LEFT(A1,2), "n/a")',
  () => "if (x > 0) return x; else return -x;",
  () => "SELECT",
  () => "Terms & Conditions",
  () => "50% / 50%",
  () => "null",
  () => "true",
  () => "",
  () => "👍🏽 🎉 — “quoted” ‘text’ … naïve",
  password,
];

export function jsonBody(c: Choices): unknown {
  return c.of<() => unknown>([
    () => ({ model: "gpt-x", input: c.of(SENTENCES), encoding_format: "float", user: `user-${c.hex(8)}` }),
    () => ({
      text: c.of(SNIPPETS),
      labels: ["spam", "ham"],
      threshold: 0.5,
      metadata: { source: "web", note: c.of(SENTENCES) },
    }),
    () => ({
      id: c.uuid(),
      name: c.of(NAMES),
      address: { street: c.of(PLACES), city: "Dublin" },
      tags: [c.of(SEARCHES), c.of(SEARCHES)],
      active: true,
    }),
    () => ({
      query:
        "query GetUser($id: ID!, $first: Int = 10) { user(id: $id) { id name posts(first: $first, orderBy: {field: CREATED_AT, direction: DESC}) { edges { node { title } } } } }",
      variables: { id: c.uuid(), first: 5 },
      operationName: "GetUser",
    }),
    () => ({
      query:
        'mutation { updateProfile(input: {name: "Seán O\'Brien", bio: "I like \\"SQL\\" & cats"}) { ok errors { message } } }',
    }),
    () => ({
      filter: {
        genre: { $eq: "drama" },
        year: { $gte: 2010, $lt: 2020 },
        $or: [{ rating: { $gt: 4.5 } }, { votes: { $gt: 1000 } }],
        tag: { $in: ["a", "b"] },
        status: { $ne: "archived" },
      },
      top_k: 5,
      vector: [0.1, -0.2, 0.33],
    }),
    () => ({
      aggs: { by_day: { date_histogram: { field: "@timestamp", calendar_interval: "day" } } },
      query: {
        bool: { must: [{ match: { title: c.of(SEARCHES) } }], filter: [{ range: { age: { gte: 10, lte: 20 } } }] },
      },
      sort: [{ _score: "desc" }],
    }),
    () => ({
      events: [
        {
          type: "page_view",
          url: `https://example.com/?q=${encodeURIComponent(c.of(SEARCHES))}`,
          referrer: "",
          ts: 1719400000000,
          ua: "Mozilla/5.0 (X11; Linux x86_64)",
          screen: "1920x1080",
          props: { "ab-test": "B", $browser: "Chrome", $os: "Linux", token: c.hex(32) },
        },
      ],
    }),
    () => ({
      exception: {
        values: [
          {
            type: "TypeError",
            value: "Cannot read properties of undefined (reading 'map')",
            stacktrace: {
              frames: [
                { filename: "webpack:///./src/App.tsx", function: "render", lineno: 12, colno: 5 },
                { filename: "https://example.com/static/js/main.abc123.js", function: "Object.<anonymous>" },
              ],
            },
          },
        ],
      },
      platform: "javascript",
      sdk: { name: "sentry.javascript.react", version: "8.9.2" },
    }),
    () => ({
      blocks: [
        {
          type: "section",
          text: {
            type: "mrkdwn",
            text: `*${c.of(NAMES)}* said: ${c.of(SENTENCES)} <https://example.com|link> <@U123>`,
          },
        },
      ],
      channel: "C0123",
    }),
    () => ({ username: email(c), password: password(c), remember: true }),
    () => ({
      to: [email(c)],
      subject: c.of(SENTENCES),
      html: '<p>Hello {{name}},</p><p>it\'s <b>done</b>. <a href="https://example.com/?a=1&amp;b=2">See</a></p>',
      text: c.of(SNIPPETS),
    }),
    () => ({ op: "replace", path: "/items/0/name", value: c.of(NAMES) }),
    () => ({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "search", arguments: { q: c.of(SEARCHES), limit: 10 } },
    }),
    () => ({ rows: Array.from({ length: 5 }, (_, i) => [i, c.of(NAMES), c.int(1000) / 10, value(c)]) }),
    () => ({
      [`field_${c.int(9)}`]: value(c),
      note: value(c),
      comment: value(c),
      nested: { a: value(c), b: [value(c), value(c)] },
    }),
    () => ({ image: `data:image/jpeg;base64,/9j/4AAQSkZJRg${c.base64(600)}`, caption: c.of(SENTENCES) }),
    () => ({ code: "def f(x):\n    return x * 2\n", language: "python", comment: c.of(SENTENCES) }),
    () => ({ cron: "0 5 * * 1-5", tz: "Europe/Berlin", command: "daily-report", enabled: false }),
    () => ({ consent: { C0001: true }, url: `/a/b?c=${c.int(9)}`, gclid: c.base64Url(40) }),
  ])();
}
