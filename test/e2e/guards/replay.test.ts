// Corpora, odd strings and large bodies through the HTTP server: what the gateway answers is what the prompt guard says of
// the same request, and nothing that a client can write is an error of ours. The corpora are skipped where they are absent.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compilePromptGuard, judgePrompt, type PromptGuard } from "../../../guards/prompt/index.ts";
import { promptGuardOptions } from "../../../policy/guard-options.ts";
import { guardsSchema } from "../../../policy/guards.ts";
import { parseChatRequest, textOf } from "../../../protocol/openai/index.ts";
import { post } from "../contract/target.ts";
import { completes, type Guarded, keyFor, MODEL, startGuarded } from "./scripted.ts";

const CORPORA = fileURLToPath(new URL("../../../../shared/corpora/prompts", import.meta.url));
const SOAK = process.env.BARTIZAN_SOAK === "1";
/** rows of each label */
const ROWS = SOAK ? 20_000 : 300;
const MAX_CHARS = 16_384;
const AT_ONCE = 6;

let guarded: Guarded;
let guard: PromptGuard;
/** an account has a bound of its own in each isolate */
let keys: string[];

beforeAll(async () => {
  guarded = await startGuarded({});
  guarded.scripted.answer = completes("ok");
  guard = compilePromptGuard(
    promptGuardOptions({ guards: guardsSchema.parse({}), request: { max_prompt_chars: 4_000_000 } }),
  );
  keys = await Promise.all(Array.from({ length: AT_ONCE }, async () => (await keyFor(guarded.target)).key));
});
afterAll(() => guarded?.stop());

interface Row {
  readonly text: string;
  readonly label: unknown;
  readonly role?: string;
  readonly file: string;
}

/** The same rows each time, spread over all files. */
function rowsOf(label: 0 | 1): Row[] {
  const files = readdirSync(CORPORA).filter((name) => name.endsWith(".jsonl.gz"));
  const perFile = files.map((file) =>
    gunzipSync(readFileSync(join(CORPORA, file)))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => ({ ...(JSON.parse(line) as Row), file }))
      .filter((row) => row.label === label && row.text !== "" && row.text.length <= MAX_CHARS),
  );
  const full = perFile.filter((rows) => rows.length > 0);
  const share = Math.ceil(ROWS / full.length);
  return full
    .flatMap((rows) => rows.filter((_, at) => at % Math.max(1, Math.floor(rows.length / share)) === 0).slice(0, share))
    .slice(0, ROWS);
}

function bodyOf({ text, role }: Pick<Row, "text" | "role">) {
  if (role !== "tool") return { model: MODEL, messages: [{ role: "user", content: text }] };
  const call = { id: "call_1", type: "function", function: { name: "read", arguments: "{}" } };
  return {
    model: MODEL,
    messages: [
      { role: "user", content: "What does it say?" },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: text },
    ],
  };
}

/** What the guard says by itself: the status that is due. */
function due(body: Record<string, unknown>): number {
  // what goes over the wire: lone surrogates would be refused there
  const parsed = parseChatRequest(body);
  if (!parsed.ok) return 400;
  return judgePrompt([...textOf(parsed.request, parsed.engine)], guard).blocked === null ? 200 : 400;
}

const send = (body: unknown, key: string): Promise<Response> =>
  post(guarded.target, "/v1/chat/completions", body, { authorization: `Bearer ${key}` });

/** All of them, a few at a time. */
async function each<T>(items: readonly T[], act: (item: T, key: string) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    keys.map(async (key) => {
      for (let item = left.pop(); item !== undefined; item = left.pop()) await act(item, key);
    }),
  );
}

describe.skipIf(!existsSync(CORPORA))("corpora, replayed over HTTP", () => {
  it.each([
    ["benign", 0],
    ["attacks", 1],
  ] as const)(
    "%s: each row's answer is the guard's verdict",
    { timeout: SOAK ? 3_600_000 : 120_000 },
    async (_what, label) => {
      const rows = rowsOf(label);
      expect(rows.length).toBeGreaterThan(0.9 * Math.min(ROWS, 300));
      const wrong: string[] = [];
      let refused = 0;
      await each(rows, async (row, key) => {
        const body = bodyOf(row);
        const response = await send(body, key);
        const text = await response.text();
        if (response.status === 400) refused += 1;
        if (response.status !== due(body)) wrong.push(`${row.file}: ${response.status} ${text.slice(0, 200)}`);
      });
      console.info(`${rows.length} rows of label ${label}: ${refused} refused`);
      expect(wrong).toEqual([]);
    },
  );
});

const repeated = (text: string, times: number) => text.repeat(times);
const ODD: readonly string[] = [
  "",
  " ",
  "\n",
  "\r\n\r\n",
  "\t",
  "\u0000",
  "a\u0000b",
  ...Array.from({ length: 32 }, (_, code) => `x${String.fromCharCode(code)}y`),
  ...[0x7f, 0x80, 0x85, 0x9f, 0xa0, 0xad].map((code) => `x${String.fromCharCode(code)}y`),
  ...[
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u2028",
    "\u2029",
    "\u202a",
    "\u202e",
    "\u2060",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\ufff9",
    "\ufffe",
    "\uffff",
    "\ufffd",
  ].map((char) => `left${char}right`),
  "\u202eabc\u202c def \u2067ghi\u2069",
  "مرحبا بالعالم abc 123 שלום",
  "ａｂｃ ＜ｓｃｒｉｐｔ＞",
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
  `e${repeated("\u0301", 5000)}`,
  "👩‍👩‍👧‍👦 👨🏿‍🚀 🇩🇪🇫🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣",
  repeated("👩‍👩‍👧‍👦", 500),
  repeated("🇩🇪", 2000),
  [..."hidden words"].map((char) => String.fromCodePoint(0xe0000 + (char.codePointAt(0) ?? 0))).join(""),
  "\u{10ffff}\u{1f4a9}\u{e01ef}",
  repeated("a", 200_000),
  repeated("a ", 100_000),
  repeated("\u200b", 50_000),
  repeated("%25", 20_000),
  repeated("%", 50_000),
  repeated("&amp;", 20_000),
  repeated("&#x26;", 10_000),
  repeated("\\u005c", 10_000),
  repeated("[", 50_000),
  repeated("(", 50_000),
  repeated("<", 50_000),
  repeated("<|", 30_000),
  repeated("![](", 20_000),
  repeated("a@", 30_000),
  repeated("a.", 30_000),
  repeated("1-", 30_000),
  repeated("4111 ", 20_000),
  repeated("DE89 ", 20_000),
  repeated("eyJhbGciOi", 10_000),
  repeated("-----BEGIN ", 8000),
  repeated("QUJD", 30_000),
  repeated("==", 30_000),
  repeated("0x41", 20_000),
  repeated("4a ", 30_000),
  repeated(".- ", 30_000),
  repeated("\u0130", 20_000),
  repeated("ﷺ", 20_000),
  repeated("㍿", 20_000),
  `%s%s%s%n%x%d {0} {} \${x} #{x} $x $(x) 'x' {{x}} {%x%} <%= x %>`,
  '{"role":"system","content":"x"}',
  JSON.stringify(JSON.stringify(JSON.stringify({ messages: [{ role: "system", content: 'a "quoted" text' }] }))),
  '"}],"model":"other","messages":[{"role":"system","content":"',
  "data: [DONE]\n\n",
  'data: {"choices":[]}\n\n',
  "undefined null true false NaN Infinity -0 1e999 0x10 __proto__ constructor toString hasOwnProperty",
  "__proto__",
  "constructor",
  "1;2,3.4",
  "1/0 2^53 9007199254740993 1e400",
  "../../../../etc/passwd%00.png",
  "CON PRN AUX NUL COM1 LPT1",
  "javascript:alert(1) data:text/html;base64,PHNjcmlwdD4= file:///etc/passwd",
  "http://[::1]:80/ http://user:pass@host:99999/ //x //// https://",
  "<a><b></a></b><!-- --><![CDATA[x]]><?xml?>",
  "\\\\server\\share \\n \\0 \\x00 \\u0000",
  "'; DROP TABLE users; --",
  "` ` ``` ```` ~~~ ***__**__ [x]: <> | --- |",
  "田中さんにあげて下さい 社會科學院語學研究所 울란바토르 𠜎𠜱𠝹𠱓",
  "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
  "˙ɐnbᴉlɐ ɐuƃɐɯ ǝɹolop ʇǝ",
  "𝕋𝕙𝕖 𝓺𝓾𝓲𝓬𝓴 𝗯𝗿𝗼𝘄𝗻 𝚏𝚘𝚡 🅹🆄🅼🅿🆂 ⓞⓥⓔⓡ",
  "ǅ ǆ ß ẞ ſ İ ı ﬀ ﬃ Ⅷ ½ ① ㎏",
  ...["en", "de", "zh", "ar", "th"].map((tongue) => `${tongue}: ${"ไทยไม่มีช่องว่าง中文没有空格".repeat(50)}`),
  ...Array.from({ length: 60 }, (_, seed) => noise(seed)),
];

/** Characters of all planes, the same each time. */
function noise(seed: number): string {
  let state = seed * 2_654_435_761 + 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  return Array.from({ length: 20 + next(400) }, () => {
    const code = next(3) === 0 ? next(0x110000) : next(2) === 0 ? next(0x3000) : next(0x80);
    return code >= 0xd800 && code <= 0xdfff ? "?" : String.fromCodePoint(code);
  }).join("");
}

describe("odd strings", () => {
  it("as prompts: each gets the guard's verdict, and none an error of ours", async () => {
    expect(ODD.length).toBeGreaterThan(180);
    const wrong: string[] = [];
    await each(ODD, async (text, key) => {
      const body = bodyOf({ text });
      const response = await send(body, key);
      await response.text();
      if (response.status !== due(body)) wrong.push(`${response.status} for ${JSON.stringify(text).slice(0, 80)}`);
    });
    expect(wrong).toEqual([]);
  });

  it("in every other place that takes a text: never 500", async () => {
    const wrong: string[] = [];
    await each(
      ODD.filter((text) => text.length < 5000),
      async (text, key) => {
        const user = [{ role: "user", content: "hello" }];
        for (const body of [
          { model: text, messages: user },
          { model: MODEL, messages: user, user: text, metadata: { [text.slice(0, 20)]: text.slice(0, 500) } },
          { model: MODEL, messages: [{ role: text, content: text, name: text }] },
          {
            model: MODEL,
            messages: user,
            tools: [{ type: "function", function: { name: text, description: text, parameters: { [text]: text } } }],
          },
          { model: MODEL, messages: user, stop: [text], [text]: text },
        ]) {
          const response = await send(body, key);
          await response.text();
          if (response.status >= 500) wrong.push(`${response.status} for ${JSON.stringify(body).slice(0, 200)}`);
        }
      },
    );
    expect(wrong).toEqual([]);
  });

  it("half a character, escaped: refused as no JSON that two readers understand alike", async () => {
    for (const escaped of ["\\ud800", "\\udc00", "\\udc00\\ud800", "a\\ud83d b"]) {
      const body = `{"model":"${MODEL}","messages":[{"role":"user","content":"${escaped}"}]}`;
      const response = await send(body, keys[0] ?? "");
      await response.text();
      expect(response.status, escaped).toBe(400);
    }
  });
});

describe("large bodies", () => {
  it("sixteen of one megabyte at once are each answered: passed or refused, never an error of ours", async () => {
    const words = "one two three four five six seven eight nine ten ";
    const kinds = [
      (at: number) =>
        Array.from({ length: 20_000 }, (_, n) => `row ${n * at} holds ${(n * 7919) % 1000} units of item ${n}.`).join(
          "\n",
        ),
      () => words.repeat(21_000),
      () => Buffer.from(words.repeat(15_000)).toString("base64"),
      () => "a".repeat(1_000_000),
    ];
    const accounts = await Promise.all(Array.from({ length: 16 }, async () => (await keyFor(guarded.target)).key));
    const statuses = await Promise.all(
      accounts.map(async (key, at) => {
        const response = await send(bodyOf({ text: kinds[at % kinds.length]?.(at + 1) ?? "" }), key);
        await response.text();
        return response.status;
      }),
    );
    for (const status of statuses) expect([200, 400]).toContain(status);
    expect((await send(bodyOf({ text: "And after that, what is the weather like?" }), keys[0] ?? "")).status).toBe(200);
  });
});
