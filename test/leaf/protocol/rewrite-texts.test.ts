// What is rewritten is what `textOf` shows under the same place; nothing else of the request changes.
import { expect, test } from "vitest";
import {
  type ChatRequest,
  type PromptText,
  parseChatRequest,
  rewriteChat,
  rewriteInput,
  textOf,
} from "../../../protocol/openai/index.ts";

const REQUEST = {
  model: "m",
  temperature: 0.5,
  messages: [
    { role: "system", content: "s" },
    {
      role: "user",
      name: "ann",
      content: [
        { type: "text", text: "one" },
        { type: "text", text: "two" },
      ],
    },
    {
      role: "assistant",
      content: null,
      refusal: "no",
      tool_calls: [
        { id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
        { id: "c2", type: "custom", custom: { name: "g", input: "raw" } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: "result" },
    { role: "assistant", content: "said", function_call: { name: "h", arguments: "{}" } },
  ],
  prediction: { type: "content", content: [{ type: "text", text: "as before" }] },
  stop: ["end", "fin"],
};
const ENGINE = { documents: [{ title: "a", text: "b" }, "c"], note: "d" };

function parsed(body: Record<string, unknown>): ChatRequest {
  const reading = parseChatRequest(body);
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusal));
  return reading.request;
}

const WRITTEN = [
  "messages[0].content",
  "messages[1].content[0]",
  "messages[1].content[1]",
  "messages[2].refusal",
  "messages[2].tool_calls[0].function.arguments",
  "messages[2].tool_calls[1].custom.input",
  "messages[3].content",
  "messages[4].content",
  "messages[4].function_call.arguments",
  "prediction.content[0]",
  "stop[1]",
  "documents[0].text",
  "documents[1]",
  "note",
];

test.each(WRITTEN)("%s is rewritten where textOf names it, and nothing else is", (where) => {
  const request = parsed(REQUEST);
  const { value, engine, left } = rewriteChat(request, new Map([[where, "[X]"]]), ENGINE);
  expect(left).toEqual([]);
  const shown = (texts: Iterable<PromptText>) =>
    [...texts].filter(({ view }) => view !== true).map((one) => [one.where, one.role, one.text]);
  const before = shown(textOf(request, ENGINE));
  const after = shown(textOf(value, engine));
  expect(after).toEqual(before.map(([place, role, text]) => [place, role, place === where ? "[X]" : text]));
  expect(request).toEqual(parsed(REQUEST));
});

test("a place that may stand for several strings, and a key, are given back rather than guessed", () => {
  const long = "x".repeat(200);
  const odd = { 'a"b': "one", "a?b": "two", [long]: { a: "three", b: "four" }, mail: 1 };
  for (const where of ['meta["a?b"]', `meta.${long}`.slice(0, 160), "meta"]) {
    const { engine, left } = rewriteChat(parsed(REQUEST), new Map([[where, "[X]"]]), { meta: odd });
    expect(left).toEqual([where]);
    expect(engine).toEqual({ meta: odd });
  }
  const keys = [...textOf(parsed(REQUEST), { meta: odd })].filter(({ text }) => text === "mail");
  expect(keys.map(({ where }) => where)).toEqual(["meta"]);
});

test("a place that cannot be rewritten is given back", () => {
  const { value, left } = rewriteChat(
    parsed(REQUEST),
    new Map([
      ["messages[1].name", "x"],
      ["messages[9].content", "y"],
    ]),
  );
  expect(left).toEqual(["messages[1].name", "messages[9].content"]);
  expect(value).toEqual(parsed(REQUEST));
});

test("an engine's fields beside an input are rewritten with it", () => {
  expect(rewriteInput("a", new Map([["task", "b"]]), { task: "x" })).toEqual({
    value: "a",
    engine: { task: "b" },
    left: [],
  });
});

test("inputs of embeddings are rewritten one by one; token numbers have no text", () => {
  expect(rewriteInput("a", new Map([["input", "b"]]))).toMatchObject({ value: "b", left: [] });
  expect(rewriteInput(["a", "c"], new Map([["input[1]", "b"]]))).toMatchObject({ value: ["a", "b"], left: [] });
  expect(rewriteInput([1, 2], new Map([["input", "b"]]))).toMatchObject({ value: [1, 2], left: ["input"] });
});
