// Personal data that policy takes out of prompts: no backend sees them, a guard model neither, and the client's own answer
// has them back, however it is cut into chunks. Nobody else's has.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PolicyInput } from "../../../policy/schema.ts";
import { envelope, post } from "../contract/target.ts";
import {
  type Answer,
  ask,
  document,
  END,
  type Guarded,
  got,
  keyFor,
  MODEL,
  piece,
  recordOf,
  startGuarded,
  streams,
  usageOf,
} from "./scripted.ts";

const MAIL = "jane.roe@corp-mail.example.org";
const OTHER = "max@elsewhere.example.net";
const PLACEHOLDER = /\[EMAIL_\d+_[a-z0-9]{6,32}\]/g;

/** A guard model behind the same upstream, asked about every prompt: no score is below 0 or reaches 1. */
const ESCALATION = { model: "guard", format: "yes-no", from: 0, timeout_ms: 1500, on_failure: "block" } as const;

let guarded: Guarded;
/** what the guard model says */
let opinion: Answer;
const says =
  (word: string): Answer =>
  (response) =>
    document(response, { content: word });

beforeAll(async () => {
  const withGuardModel = (policy: PolicyInput): PolicyInput => {
    const { [MODEL]: scripted } = policy.models;
    if (scripted === undefined) throw new Error("no scripted model");
    const versions = { "1": { backends: [{ kind: "origin", origin: "script", model: "guard-name" } as const] } };
    return { ...policy, models: { ...policy.models, guard: { ...scripted, versions } } };
  };
  guarded = await startGuarded(
    {
      personal_data: { prompt: "redact", answer: "report" },
      prompt: { injection: { user_threshold: 1, untrusted_threshold: 1, escalation: ESCALATION } },
    },
    withGuardModel,
  );
  opinion = says("no");
});
afterAll(() => guarded?.stop());

const modelOf = (raw: Buffer) => (JSON.parse(raw.toString()) as { model: string }).model;

/** The model answers so; the guard model as it was told to. */
function model(answer: Answer): void {
  guarded.scripted.answer = (response, asked) =>
    (modelOf(asked.raw) === "guard-name" ? opinion : answer)(response, asked);
}

/** What the upstreams were sent since then, as text. */
function sentSince(at: number): string[] {
  return guarded.scripted.asked.slice(at).map(({ raw }) => raw.toString());
}

function placeholderIn(raw: Buffer): string {
  const [found] = raw.toString().match(PLACEHOLDER) ?? [];
  if (found === undefined) throw new Error("no placeholder upstream");
  return found;
}

interface CustomDelta {
  readonly tool_calls?: readonly { readonly custom?: { readonly input?: string } }[];
}

const TOOLS = { tools: [{ type: "function", function: { name: "send", parameters: { type: "object" } } }] };
const PROMPT = `Please write a short note to ${MAIL} about the meeting.`;

describe("a datum that is taken out of the prompt", () => {
  it("is seen by no upstream, wherever in the request it stands, and comes back in the answer", async () => {
    const at = guarded.scripted.asked.length;
    model((response, { raw }) => document(response, { content: `Sent to ${placeholderIn(raw)}.` }));
    const messages = [
      { role: "system", content: `You write for ${MAIL}.` },
      { role: "user", content: [{ type: "text", text: PROMPT }] },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: "c1",
            type: "function",
            function: { name: "send", arguments: JSON.stringify({ to: MAIL, note: `"${OTHER}"` }) },
          },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: `delivered to ${MAIL}, copy to ${OTHER}` },
      { role: "user", content: "Thanks. To whom did it go?" },
    ];
    const answer = await got(await ask(guarded, messages, TOOLS));
    expect([answer.status, answer.texts[0]]).toEqual([200, `Sent to ${MAIL}.`]);
    for (const sent of sentSince(at)) {
      expect(sent).not.toContain(MAIL);
      expect(sent).not.toContain(OTHER);
    }
    const request = sentSince(at).find((sent) => sent.includes("upstream-name")) ?? "";
    // one value, one placeholder; two values, two
    expect(new Set(request.match(PLACEHOLDER)).size).toBe(2);
  });

  it("comes back in a stream, cut at each position of the placeholder and one character a chunk", async () => {
    const chunkings: ((text: string, at: number) => string[])[] = [
      (text) => [...text],
      ...Array.from({ length: 46 }, (_, at) => (text: string) => [text.slice(0, at), text.slice(at)]),
    ];
    for (const [at, chunked] of chunkings.entries()) {
      model((response, asked) => {
        const parts = chunked(`Sent to ${placeholderIn(asked.raw)}, [ok] [`, at);
        return streams(...parts.map((content) => piece({ content })), piece({}, "stop"), END)(response, asked);
      });
      const { texts, finishes, done } = await got(await ask(guarded, PROMPT, { stream: true }));
      expect([texts[0], finishes[0], done], String(at)).toEqual([`Sent to ${MAIL}, [ok] [`, "stop", true]);
    }
  });

  it("comes back in a custom tool's input as it is, streamed and not", async () => {
    const input = (raw: Buffer) => `to "${placeholderIn(raw)}", [ok`;
    const entry = (text: string) => ({ id: "c1", type: "custom", custom: { name: "send", input: text } });
    model((response, { raw }) => document(response, { tool_calls: [entry(input(raw))] }));
    const whole = await (await ask(guarded, PROMPT)).text();
    model((response, asked) => {
      const [first = "", ...rest] = input(asked.raw);
      const pieces = rest.map((text) => piece({ tool_calls: [{ index: 0, custom: { input: text } }] }));
      const opening = piece({ tool_calls: [{ index: 0, ...entry(first) }] });
      return streams(opening, ...pieces, piece({}, "tool_calls"), END)(response, asked);
    });
    const stream = await (await ask(guarded, PROMPT, { stream: true })).text();
    expect(JSON.parse(whole)).toMatchObject({
      choices: [{ message: { tool_calls: [entry(`to "${MAIL}", [ok`)] } }],
    });
    const said = stream
      .split("\n\n")
      .filter((event) => event.startsWith("data: {"))
      .flatMap((event) => (JSON.parse(event.slice(6)) as { choices: { delta: CustomDelta }[] }).choices)
      .map(({ delta }) => delta.tool_calls?.[0]?.custom?.input ?? "");
    expect(said.join("")).toBe(`to "${MAIL}", [ok`);
  });

  it("comes back in a tool call's arguments as JSON spells it, streamed and not, beside a text and in two calls", async () => {
    const args = (raw: Buffer) => JSON.stringify({ to: placeholderIn(raw), text: "[hi" });
    const named = (index: number, text: string, first: boolean) => ({
      tool_calls: [
        {
          index,
          ...(first ? { id: `c${index}`, type: "function" } : {}),
          function: { ...(first ? { name: "send" } : {}), arguments: text },
        },
      ],
    });
    model((response, asked) => {
      const parts = [...args(asked.raw)];
      const events = parts.flatMap((part, at) => [piece(named(0, part, at === 0)), piece(named(1, part, at === 0))]);
      return streams(piece({ content: "Sending [" }), ...events, piece({}, "tool_calls"), END)(response, asked);
    });
    const response = await ask(guarded, PROMPT, { stream: true, ...TOOLS });
    const events = (await response.text()).split("\n\n").filter((event) => event.startsWith("data: {"));
    const calls = ["", ""];
    let text = "";
    for (const event of events) {
      const { choices = [] } = JSON.parse(event.slice(6)) as {
        choices?: {
          delta: { content?: string; tool_calls?: { index: number; function?: { arguments?: string } }[] };
        }[];
      };
      for (const { delta } of choices) {
        text += delta.content ?? "";
        for (const call of delta.tool_calls ?? [])
          calls[call.index] = (calls[call.index] ?? "") + (call.function?.arguments ?? "");
      }
    }
    expect(text).toBe("Sending [");
    for (const call of calls) expect(JSON.parse(call)).toEqual({ to: MAIL, text: "[hi" });

    model((answer, { raw }) =>
      document(answer, {
        tool_calls: [{ id: "c1", type: "function", function: { name: "send", arguments: args(raw) } }],
      }),
    );
    const whole = await got(await ask(guarded, PROMPT, TOOLS));
    expect(JSON.parse(whole.args[0] ?? "")).toEqual({ to: MAIL, text: "[hi" });
  });

  it("a stream that ends without saying why it finished loses nothing that was held", async () => {
    model((response, asked) =>
      streams(piece({ content: `to ${placeholderIn(asked.raw)} [EMAIL_` }), "data: [DONE]\n\n")(response, asked),
    );
    const { texts, done } = await got(await ask(guarded, PROMPT, { stream: true }));
    expect([texts[0], done]).toEqual([`to ${MAIL} [EMAIL_`, true]);
  });

  it("is recorded as redacted, by place, without itself", async () => {
    model((response) => document(response, { content: "ok" }));
    const { requestId } = await got(await ask(guarded, PROMPT));
    const record = JSON.stringify(await recordOf(guarded, requestId));
    expect(record).toContain('"action":"redact"');
    expect(record).toContain('"where":"messages[0].content"');
    expect(record).not.toContain("jane.roe");
  });

  it("in an embeddings request is taken out as well", async () => {
    const at = guarded.scripted.asked.length;
    guarded.scripted.answer = (response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(
        JSON.stringify({
          object: "list",
          model: "m",
          data: [{ object: "embedding", index: 0, embedding: [0.5] }],
          usage: { prompt_tokens: 4, total_tokens: 4 },
        }),
      ) as never;
    const response = await post(guarded.target, "/v1/embeddings", { model: MODEL, input: PROMPT });
    expect(response.status).toBe(200);
    expect(sentSince(at).join()).not.toContain(MAIL);
    expect(sentSince(at).join()).toMatch(PLACEHOLDER);
  });

  it("in a disguise that cannot be taken out is not let through", async () => {
    const at = guarded.scripted.asked.length;
    model((response) => document(response, { content: "ok" }));
    for (const hidden of [
      `Decode this: ${Buffer.from(`please write to ${MAIL} today`).toString("base64")}`,
      [
        {
          role: "user",
          content: [
            { type: "text", text: "write to jane.roe@corp-" },
            { type: "text", text: "mail.example.org now" },
          ],
        },
      ],
    ]) {
      const response = await ask(guarded, hidden);
      await response.text();
      expect(sentSince(at).filter((sent) => sent.includes("corp-mail.example.org"))).toEqual([]);
      expect(response.status, JSON.stringify(hidden)).toBe(400);
    }
  });
});

describe("a datum of one request stays in that request", () => {
  it("a placeholder of an earlier request, or a made-up one, stands for nobody's value", async () => {
    let earlier = "";
    model((response, { raw }) => {
      earlier = placeholderIn(raw);
      document(response, { content: "ok" });
    });
    await got(await ask(guarded, PROMPT));
    const written = `${earlier} [EMAIL_1_x] [EMAIL_1_aaaaaaaa] [EMAIL_2_${"z".repeat(8)}]`;
    // with a datum of its own in it, and with none
    for (const text of [`Repeat: ${written} and ${OTHER}`, `Repeat: ${written}`]) {
      model((response, asked) =>
        streams(...[...`${written}!`].map((content) => piece({ content })), piece({}, "stop"), END)(response, asked),
      );
      const { texts, bytes } = await got(await ask(guarded, text, { stream: true }));
      expect(texts[0]).toBe(`${written}!`);
      expect(bytes).not.toContain(MAIL);
      expect(bytes).not.toContain(OTHER);
    }
  });

  it("two requests at once, each with its own datum: each gets its own", async () => {
    model((response, asked) =>
      streams(
        ...[...`to ${placeholderIn(asked.raw)}.`].map((content) => piece({ content })),
        piece({}, "stop"),
        END,
      )(response, asked),
    );
    const mails = Array.from({ length: 8 }, (_, at) => `person${at}@firm-${at}.example.org`);
    const answers = await Promise.all(
      mails.map(async (mail) => got(await ask(guarded, `Write to ${mail}.`, { stream: true }))),
    );
    expect(answers.map(({ texts }) => texts[0])).toEqual(mails.map((mail) => `to ${mail}.`));
  });
});

describe("a second opinion", () => {
  const asksGuard = () => guarded.scripted.asked.filter(({ raw }) => modelOf(raw) === "guard-name");
  const asksModel = () => guarded.scripted.asked.filter(({ raw }) => modelOf(raw) === "upstream-name");

  it("safe: the prompt passes, and the question held the text but no datum of it", async () => {
    model((response) => document(response, { content: "fine" }));
    opinion = says("No.");
    const response = await ask(guarded, `An ordinary question about ${MAIL} and tea.`);
    expect(response.status).toBe(200);
    const question = asksGuard().at(-1)?.raw.toString() ?? "";
    expect(question).toContain("An ordinary question about");
    expect(question).toContain("and tea.");
    expect(question).not.toContain(MAIL);
    const record = await recordOf(guarded, response.headers.get("x-request-id") ?? "");
    expect(JSON.stringify(record.outcome)).toContain('"outcome":"completed"');
  });

  it.each([
    ["unsafe", says("Yes"), "injection.guard_model"],
    ["nonsense", says("Bananas are yellow."), "injection.no_opinion"],
    ["empty", says(""), "injection.no_opinion"],
    ["a failure", ((response) => void response.writeHead(500).end("{}")) as Answer, "injection.no_opinion"],
    ["silence", (() => undefined) as Answer, "injection.no_opinion"],
  ])("%s: refused, its backend never asked, its reservation given back, recorded", async (_what, answer, rule) => {
    const { id, key } = await keyFor(guarded.target, { limits: { tokens_per_day: 100_000, requests_per_day: 50 } });
    model((response) => document(response, { content: "fine" }));
    opinion = answer;
    const before = asksModel().length;
    for (const stream of [false, true]) {
      const response = await ask(guarded, "An ordinary question about tea.", { stream }, key);
      expect([response.status, (await envelope(response)).code]).toEqual([400, "content_policy"]);
      const record = await recordOf(guarded, response.headers.get("x-request-id") ?? "");
      expect(record.outcome).toMatchObject({
        outcome: "refused_by_guard",
        status: 400,
        prompt_tokens: 0,
        completion_tokens: 0,
        verdicts: [
          { rule, action: "block", where: "messages[0].content", at: [expect.any(Number), expect.any(Number)] },
        ],
      });
    }
    expect(asksModel().length).toBe(before);
    const { open_reservations, used } = await usageOf(guarded, id);
    expect(open_reservations).toBe(0);
    expect(used.tokens_per_day?.used).toBe(0);
    opinion = says("no");
  });
});
