// What applications post: GraphQL, webhooks, documents of editors, settings, logs, chat, base64 and tokens.
import { DOCUMENTS, document } from "./documents.ts";
import { MESSAGES } from "./languages.ts";
import type { Choices } from "./random.ts";
import { NAMES, SEARCHES, SENTENCES } from "./words.ts";

export function appBody(c: Choices): unknown {
  return c.of<() => unknown>([
    () => ({
      title: c.of(SENTENCES),
      body: document(c),
      format: "markdown",
      draft: true,
      tags: ["a/b", "c++", ".net", "node.js"],
    }),
    () => ({ message: c.of(MESSAGES), room: c.uuid(), reply_to: null, mentions: ["@anna", "@o'neil"], emoji: ":+1:" }),
    () => ({
      query:
        '{ me { id name friends(first: 5, after: "abc==") { edges { cursor node { name } } pageInfo { hasNextPage } } } }',
    }),
    () => ({
      query: "mutation Add($in: AddInput!) { add(input: $in) { item { id } errors { field message } } }",
      variables: { in: { name: c.of(NAMES), note: c.of(MESSAGES), url: "https://example.com/a?b=c&d='e'" } },
    }),
    () => ({
      query:
        'fragment F on User { id email } query Q($ids: [ID!]!, $q: String = "a or b") { users(ids: $ids, filter: {name_contains: $q, OR: [{age_gt: 5}, {age: null}]}) { ...F } }',
    }),
    () => ({
      id: `evt_${c.base64Url(18)}`,
      object: "event",
      type: "invoice.paid",
      data: {
        object: {
          amount: 1999,
          currency: "eur",
          description: "1 × Pro (at €19.99 / month)",
          metadata: { name: c.of(NAMES) },
          receipt_url: `https://pay.example.com/receipts/${c.base64Url(60)}?s=ap`,
        },
      },
      request: { idempotency_key: c.uuid() },
    }),
    () => ({
      action: "opened",
      issue: { number: c.int(999), title: c.of(SENTENCES), body: document(c), labels: [{ name: "bug" }] },
      repository: {
        full_name: "team/app",
        clone_url: "https://git.example.com/team/app.git",
        ssh_url: "git@git.example.com:team/app.git",
      },
    }),
    () => ({
      personalizations: [{ to: [{ email: "sean.o'brien@example.com", name: "Seán O'Brien" }] }],
      subject: c.of(MESSAGES),
      content: [
        {
          type: "text/html",
          value:
            '<html><body><h1>Hi!</h1><p>It\'s <i>here</i>: <a href="https://example.com/u?x=1&amp;y=2">open</a></p></body></html>',
        },
      ],
    }),
    () => ({
      resource: { path: "/srv/data/2024/06/report (final).csv", mode: "0644", owner: "www-data" },
      glob: "src/**/*.{ts,tsx}",
      exclude: ["node_modules/**", "!keep.me", "*.log"],
    }),
    () => ({
      schedule: c.of(["0 */2 * * *", "*/15 9-17 * * MON-FRI", "@daily", "30 4 1,15 * 5"]),
      timezone: "America/New_York",
      retry: { max: 3, backoff: "2^n * 100ms" },
    }),
    () => ({
      pattern: c.of([
        "^\\d{3}-\\d{2}-\\d{4}$",
        "(?i)^(yes|no)$",
        "[^\\s@]+@[^\\s@]+\\.[^\\s@]+",
        "\\b(foo|bar)\\b",
        "^https?://([a-z0-9-]+\\.)+[a-z]{2,}(/.*)?$",
      ]),
      flags: "gi",
      replacement: "$1-$2",
    }),
    () => ({
      operator: c.of([">=", "<=", "!=", "==", "<>", "in", "not in", "is null", "contains"]),
      left: "order.total",
      right: c.int(999),
    }),
    () => ({
      token: `eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.${Buffer.from(JSON.stringify({ sub: c.uuid(), name: c.of(NAMES), iss: "https://id.example.com/" })).toString("base64url")}.${c.base64Url(64)}`,
      refresh: c.base64Url(48),
    }),
    () => ({
      file: Buffer.from(document(c)).toString("base64"),
      name: "notes.txt",
      sha256: c.hex(64),
      encoding: "base64",
    }),
    () => ({
      cursor: Buffer.from(`cursor:v2:${c.int(1e6)}:desc`).toString("base64"),
      node: Buffer.from(`User:${c.int(1e6)}`).toString("base64"),
    }),
    () => ({
      settings: {
        runtime: "nodejs22.x",
        env: { LOG_LEVEL: "info", DB_HOST: "db.internal.example", PATH_PREFIX: "/v1" },
        command: "npm run start",
        health: "/healthz",
      },
    }),
    () => ({
      level: "error",
      msg: "request failed: timeout after 30s (GET https://api.example.com/v1/x?y=z)",
      stack: DOCUMENTS[13],
      tags: { os: "Windows 11", browser: "Chrome 126" },
    }),
    () => ({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  name: "SELECT orders",
                  attributes: [
                    { key: "db.system", value: { stringValue: "postgresql" } },
                    { key: "http.target", value: { stringValue: "/a?b=c" } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    () => ({
      intent: "book_table",
      utterance: c.of(MESSAGES),
      entities: [{ start: 0, end: 5, value: c.of(SEARCHES) }],
      score: 0.93,
    }),
    () => ({
      svg: "M10 10 H 90 V 90 H 10 L 10 10 Z",
      viewBox: "0 0 100 100",
      fill: "rgba(0,0,0,.5)",
      transform: "translate(10, 20) rotate(-45)",
    }),
    () => ({
      formula: c.of([
        "=A1+B1*2",
        '=IF(B2>=100,"high","low")',
        "=VLOOKUP(A2,Sheet2!A:C,3,FALSE)",
        '=CONCAT(A1," ",B1)',
        "=-1*C3",
      ]),
      cell: "D4",
    }),
    () => ({
      address: {
        line1: "c/o O'Neill, 12 St. John's Rd",
        line2: "Flat 3/B",
        city: "L'Aquila",
        zip: "67100",
        country: "IT",
      },
      phone: "+39 0862 12 34 56",
      vat: "IT01234567890",
    }),
    () => ({
      review: { stars: 4, text: `${c.of(MESSAGES)} ${c.of(SENTENCES)}`, pros: "- cheap\n- fast", cons: "n/a" },
    }),
    () => ({
      source: document(c),
      language: c.of(["python", "javascript", "css", "yaml", "toml", "dockerfile"]),
      version: ">=3.9,<4",
    }),
    () => ({
      permissions: ["execute reports", "create users", "delete own comments", "update settings", "drop box access"],
      role: "editor",
    }),
    () => ({
      dependencies: { react: "^18.2.0", "@types/node": "~20.11", lodash: "4.x || >=5", typescript: "*" },
      scripts: { build: "tsc -p . && vite build", test: "vitest run" },
    }),
  ])();
}
