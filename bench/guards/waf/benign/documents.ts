// Documents that people and programs write: markdown, HTML, code, settings, logs; and how they name their files.
import type { Choices } from "./random.ts";

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
