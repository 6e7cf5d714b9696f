// What is rewritten is what `textOf` shows under the same place; nothing else of the request changes.
import { expect, test } from "vitest";
import {
  type ChatRequest,
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
};

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
];

test.each(WRITTEN)("%s is rewritten where textOf names it, and nothing else is", (where) => {
  const request = parsed(REQUEST);
  const { value, left } = rewriteChat(request, new Map([[where, "[X]"]]));
  expect(left).toEqual([]);
  const before = [...textOf(request)].filter(({ view }) => view !== true);
  const after = [...textOf(value)].filter(({ view }) => view !== true);
  expect(after).toEqual(before.map((text) => (text.where === where ? { ...text, text: "[X]" } : text)));
  expect(request).toEqual(parsed(REQUEST));
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

test("inputs of embeddings are rewritten one by one; token numbers have no text", () => {
  expect(rewriteInput("a", new Map([["input", "b"]]))).toEqual({ value: "b", left: [] });
  expect(rewriteInput(["a", "c"], new Map([["input[1]", "b"]]))).toEqual({ value: ["a", "b"], left: [] });
  expect(rewriteInput([1, 2], new Map([["input", "b"]]))).toEqual({ value: [1, 2], left: ["input"] });
});
