// What applications post: GraphQL, webhooks, editors' markdown and HTML, code, settings, logs, chat, base64 and tokens.
// Text of people in many languages is in `languages.ts`.
import { MESSAGES } from "./languages.ts";
import type { Choices } from "./random.ts";
import { NAMES, SEARCHES, SENTENCES } from "./words.ts";

/** A document that somebody wrote in an editor. */
export function document(c: Choices): string {
  return c.of(DOCUMENTS);
}

export const DOCUMENTS = [
  "## Install\n\n```bash\nnpm ci\nnpm run build -- --mode production\n```\n\nThen open `http://localhost:3000` and *log in*.\n\n- [x] done\n- [ ] todo: check O'Brien's note\n",
  '| Option | Default | Meaning |\n|:--|--:|---|\n| `--port` | 8080 | where it listens |\n| `-v` | off | say more |\n\nSee [the guide](../guide/index.md#options) or ![logo](./img/logo.png "Logo").\n',
  "def total(items):\n    \"\"\"Sum of prices.\"\"\"\n    return sum(i['price'] * i['qty'] for i in items if i['qty'] > 0)\n",
  "function debounce(fn, ms) {\n  let timer;\n  return (...args) => {\n    clearTimeout(timer);\n    timer = later(() => fn(...args), ms);\n  };\n}\n",
  '.card { display: grid; gap: 1rem; background: #fff; }\n.card > h2::after { content: "→"; }\n@media (max-width: 600px) { .card { padding: 0 4px; } }\n',
  'version: "3.9"\nservices:\n  web:\n    image: "nginx:1.27"\n    ports: ["80:80"]\n    environment:\n      - LEVEL=info\n',
  "[server]\nhost = \"0.0.0.0\"\nport = 8080\n# comment; with 'quotes'\n[limits]\nmax = 10\n",
  'FROM node:22-alpine\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
  "<h2>What's new</h2><p class=\"lead\">We've added <strong>dark mode</strong> &amp; more.</p><blockquote>It's great!</blockquote><table><tr><td>1</td><td>&lt; 2</td></tr></table>",
  '<div><p>Hi {{ user.first_name }},</p><p>your order #{{ order.id }} ships {{ order.date | date: "%b %d" }}.</p>{% for item in order.items %}<p>{{ item.name }}</p>{% endfor %}</div>',
  "The integral $\\int_0^1 x^2\\,dx = \\frac{1}{3}$; for $a < b$ we have $f(a) \\le f(b)$.\n",
  '10.0.0.5 - - [01/Jun/2024:12:00:00 +0000] "GET /img/a.png HTTP/1.1" 200 512 "https://example.com/" "Mozilla/5.0"\n',
  "Traceback (most recent call last):\n  File \"app.py\", line 12, in <module>\n    main()\nKeyError: 'price'\n",
  "at Object.run (/srv/app/src/index.ts:10:5)\nat async main (/srv/app/src/main.ts:3:1)\nError: connect ECONNREFUSED 10.0.0.7:5432\n",
  "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n-it's old\n+it's new\n",
  "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Team's lunch (5-6 pm)\nDTSTART;TZID=Europe/Berlin:20240601T120000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE\nEND:VEVENT\nEND:VCALENDAR\n",
  "1\t'a'\t2.5\t\"x\"\n2\tb\t-3\ty; z\n",
  'Name: José\nAge: 42\nNotes: likes R&B, "rock" and \'n roll; hates spam -- a lot.\n',
  "What is the difference between `let` and `const`? I tried `x = y || 5` and `a && b`, and both work (?!).\n",
  "Add 1/2 cup of sugar, ¼ tsp salt and ¾ cup of milk; bake at 350°F (or 180°C) for 10-15 min.\n",
];

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

/** Files as people name them. */
export const FILE_NAMES = [
  "O'Brien - CV (2024).pdf",
  "Schermafbeelding 2024-06-01 om 12.00.00.png",
  "Capture d’écran 2024-06-01 à 12.00.00.png",
  "スクリーンショット 2024-06-01.png",
  "合同（最终版）.docx",
  "report_v1.2.3-final.FINAL.xlsx",
  "archive.tar.gz",
  "package-lock.json",
  "index.test.tsx",
  "my photo #1 & 2.jpeg",
  "data;2024.csv",
  "Budget 50% off.ods",
  "résumé.odt",
  "main.py",
  "styles.min.css",
  "backup 2024-06-01.zip",
];
