// The mock upstream is a server of OpenAI's API as OpenAI's own client sees it: a benchmark in front of a server that a
// client could not read would measure nothing.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { USAGE } from "../../bench/mock-replies.ts";
import { MOCK_EMBEDDING_MODEL, MOCK_MODEL, type MockUpstream, startMockUpstream } from "../../bench/mock-upstream.ts";

let upstream: MockUpstream;
let client: OpenAI;
const messages = [{ role: "user" as const, content: "What is a bartizan?" }];

beforeAll(async () => {
  upstream = await startMockUpstream();
  client = new OpenAI({ baseURL: `${upstream.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => upstream.close());

describe("the mock upstream", () => {
  it("completes a chat with usage", async () => {
    const reply = await client.chat.completions.create({ model: MOCK_MODEL, messages });
    expect(reply.choices[0]?.message.content).toContain("turret");
    expect(reply.choices[0]?.finish_reason).toBe("stop");
    expect(reply.usage).toEqual(USAGE);
  });

  it.each([true, false])("streams the same text, with usage only where it is asked for (%s)", async (usage) => {
    const whole = await client.chat.completions.create({ model: MOCK_MODEL, messages });
    const stream = await client.chat.completions.create({
      ...{ model: MOCK_MODEL, messages, stream: true, stream_options: { include_usage: usage } },
    });
    let text = "";
    let finish: string | null | undefined;
    let reported: unknown = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      reported = chunk.usage ?? reported;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(finish).toBe("stop");
    expect(reported).toEqual(usage ? USAGE : null);
  });

  it("ends a stream with [DONE]", async () => {
    const response = await fetch(`${upstream.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: MOCK_MODEL, messages, stream: true }),
    });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
  });

  it("embeds as many inputs as it is given", async () => {
    const request = { model: MOCK_EMBEDDING_MODEL, encoding_format: "float" as const };
    for (const [input, expected] of [
      ["one", 1],
      [["one", "two", "three"], 3],
    ] as const) {
      const { data, usage } = await client.embeddings.create({ ...request, input: input as string | string[] });
      expect(data.map(({ index }) => index)).toEqual(Array.from({ length: expected }, (_, i) => i));
      expect(data[0]?.embedding).toHaveLength(384);
      expect(usage.prompt_tokens).toBeGreaterThan(0);
    }
  });

  it("lists its models", async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual([MOCK_MODEL, MOCK_EMBEDDING_MODEL]);
  });

  it("refuses what is no JSON and what is no route, as the API does", async () => {
    const body = await fetch(`${upstream.url}/v1/chat/completions`, { method: "POST", body: "{" });
    expect(body.status).toBe(400);
    expect(await body.json()).toMatchObject({ error: { type: "invalid_request_error" } });
    expect((await fetch(`${upstream.url}/v1/files`)).status).toBe(404);
  });

  it("counts what it answered, so that a test can see what reached it", async () => {
    const before = upstream.answered.get("/v1/models") ?? 0;
    await client.models.list();
    expect(upstream.answered.get("/v1/models")).toBe(before + 1);
  });
});
