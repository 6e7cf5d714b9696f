import { describe, expect, test } from "vitest";
import { isErrorEvent, readUsage } from "../../../protocol/openai/index.ts";

describe("usage, as backends report it", () => {
  test("is read from an answer, from an event, or bare", () => {
    const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };
    for (const value of [{ usage }, { choices: [], usage }, usage]) expect(readUsage(value)).toEqual(usage);
    expect(readUsage({ usage: { prompt_tokens: 4, total_tokens: 4 } })).toEqual({
      prompt_tokens: 4,
      completion_tokens: 0,
      total_tokens: 4,
    });
  });

  test("the total is ours, and details are kept where they are counts", () => {
    const value = {
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 999,
      prompt_tokens_details: { cached_tokens: 1, note: "x" },
      completion_tokens_details: null,
    };
    expect(readUsage(value)).toEqual({
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 3,
      prompt_tokens_details: { cached_tokens: 1 },
    });
  });

  test.each([
    null,
    undefined,
    "usage",
    [],
    {},
    { usage: null },
    { usage: [] },
    { usage: {} },
    { usage: { prompt_tokens: "11", completion_tokens: 7 } },
    { usage: { prompt_tokens: -1, completion_tokens: 7 } },
    { usage: { prompt_tokens: 1.5, completion_tokens: 7 } },
    { usage: { prompt_tokens: 11, completion_tokens: null } },
    { usage: { prompt_tokens: 1e300, completion_tokens: 7 } },
  ])("%j has none to trust", (value) => {
    expect(readUsage(value)).toBeNull();
  });
});

describe("errors in the place of an answer (error-before-first-token-has-status)", () => {
  test.each([
    { error: { code: 400 } },
    { error: "no" },
    { object: "error", message: "x" },
    { type: "error", error: {} },
  ])("%j is one", (value) => {
    expect(isErrorEvent(value)).toBe(true);
  });

  test.each([null, "error", [], {}, { error: null }, { error: false }, { choices: [{ delta: { content: "error" } }] }])(
    "%j is none",
    (value) => {
      expect(isErrorEvent(value)).toBe(false);
    },
  );
});
