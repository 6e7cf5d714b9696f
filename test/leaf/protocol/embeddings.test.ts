import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_REQUEST_LIMITS,
  encodeEmbeddings,
  inputTokens,
  parseEmbeddingsRequest,
  readEmbeddings,
} from "../../../protocol/openai/index.ts";

function outcome(fields: object, limits = {}): string {
  const read = parseEmbeddingsRequest({ model: "m", ...fields }, { ...DEFAULT_REQUEST_LIMITS, ...limits });
  if (read.ok) return read.needs.map((need) => `${need.capability}@${need.param}`).join(" ");
  return `${read.refusal.code}@${"param" in read.refusal ? read.refusal.param : ""}`;
}

describe("an embeddings request", () => {
  test.each<[object, string]>([
    [{ input: "a" }, "embeddings@model"],
    [{ input: ["a", "b"] }, "embeddings@model"],
    [{ input: [1, 2] }, "embeddings@model token_input@input"],
    [{ input: [[1], [2, 3]] }, "embeddings@model token_input@input"],
    [{ input: "a", dimensions: 8 }, "embeddings@model dimensions@dimensions"],
    [{ input: "a", dimensions: null, encoding_format: null, user: null }, "embeddings@model"],
    [{}, "invalid_request@input"],
    [{ input: null }, "invalid_request@input"],
    [{ input: "" }, "invalid_request@input"],
    [{ input: [] }, "invalid_request@input"],
    [{ input: 5 }, "invalid_request@input"],
    [{ input: { a: 1 } }, "invalid_request@input"],
    [{ input: ["a", ""] }, "invalid_request@input[1]"],
    [{ input: ["a", 5] }, "invalid_request@input[1]"],
    [{ input: [1, "a"] }, "invalid_request@input[1]"],
    [{ input: [1, 1.5] }, "invalid_request@input[1]"],
    [{ input: [-1] }, "invalid_request@input[0]"],
    [{ input: [[1], []] }, "invalid_request@input[1]"],
    [{ input: [[1], [2, "x"]] }, "invalid_request@input[1][1]"],
    [{ input: [[1], 2] }, "invalid_request@input[1]"],
    [{ input: "a", dimensions: 0 }, "invalid_request@dimensions"],
    [{ input: "a", encoding_format: "hex" }, "invalid_request@encoding_format"],
  ])("%j → %s", (fields, expected) => {
    expect(outcome(fields)).toBe(expected);
  });

  test("bounds, at the limit and one past it", () => {
    expect(outcome({ input: ["a", "b"] }, { maxInputs: 2 })).toBe("embeddings@model");
    expect(outcome({ input: ["a", "b", "c"] }, { maxInputs: 2 })).toBe("invalid_request@input");
    expect(outcome({ input: [[1, 2], [3]] }, { maxInputTokens: 3 })).toMatch(/token_input/);
    expect(
      outcome(
        {
          input: [
            [1, 2],
            [3, 4],
          ],
        },
        { maxInputTokens: 3 },
      ),
    ).toBe("invalid_request@input");
    // one list of tokens is one input, however long
    expect(outcome({ input: Array(5000).fill(1) }, { maxInputs: 2 })).toMatch(/token_input/);
  });

  test("unknown fields are the engine's, and an ignored one is listed", () => {
    const read = parseEmbeddingsRequest({ model: "m", input: "a", truncate_prompt_tokens: 5, user: "u" });
    expect(read.ok && [read.engine, read.ignored]).toEqual([{ truncate_prompt_tokens: 5 }, ["user"]]);
  });

  test("tokens are counted in every form", () => {
    expect([inputTokens("a"), inputTokens(["a"]), inputTokens([1, 2]), inputTokens([[1, 2], [3]])]).toEqual([
      0, 0, 2, 3,
    ]);
  });
});

describe("an embeddings answer", () => {
  const options = { model: "m@1", count: 2, estimatedTokens: 9 };
  const answer = (data: unknown, usage?: unknown) => ({ object: "list", data, model: "backend", usage });

  test("is rewritten under the gateway's name, in the order of the input", () => {
    const data = [
      { index: 1, embedding: [3, 4] },
      { index: 0, embedding: [1, 2] },
    ];
    expect(readEmbeddings(answer(data, { prompt_tokens: 4, total_tokens: 4 }), options)).toEqual({
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [1, 2] },
        { object: "embedding", index: 1, embedding: [3, 4] },
      ],
      model: "m@1",
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
    expect(readEmbeddings(answer([{ embedding: [1] }, { embedding: [2] }]), options)?.usage.prompt_tokens).toBe(9);
  });

  test.each([
    ["an error", { error: { message: "no" } }],
    ["null", null],
    ["too few", answer([{ embedding: [1] }])],
    ["too many", answer([{ embedding: [1] }, { embedding: [1] }, { embedding: [1] }])],
    [
      "one index twice",
      answer([
        { index: 0, embedding: [1] },
        { index: 0, embedding: [2] },
      ]),
    ],
    [
      "an index outside",
      answer([
        { index: 0, embedding: [1] },
        { index: 2, embedding: [2] },
      ]),
    ],
    [
      "an index called length",
      answer([
        { index: "length", embedding: [1] },
        { index: 0, embedding: [2] },
      ]),
    ],
    ["an empty vector", answer([{ embedding: [] }, { embedding: [1] }])],
    ["a vector with NaN", answer([{ embedding: [Number.NaN] }, { embedding: [1] }])],
    ["broken base64", answer([{ embedding: "AAA" }, { embedding: [1] }])],
  ])("%s is no answer", (_, value) => {
    expect(readEmbeddings(value, options)).toBeNull();
  });

  test("base64 is little-endian 32-bit floats, and reads back as what was written (property)", () => {
    const one = { ...options, count: 1 };
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(vector, (embedding) => {
        const read = readEmbeddings(answer([{ embedding }]), one);
        if (read === null) throw new Error("not read");
        const encoded = encodeEmbeddings(read, "base64");
        expect(typeof encoded.data[0]?.embedding).toBe("string");
        expect(readEmbeddings(encoded, one)?.data[0]?.embedding).toEqual(embedding);
        expect(encodeEmbeddings(read, "float")).toBe(read);
      }),
    );
    const half = readEmbeddings(answer([{ embedding: [0.5, -2] }]), one);
    expect(half && encodeEmbeddings(half, "base64").data[0]?.embedding).toBe("AAAAPwAAAMA=");
  });
});
