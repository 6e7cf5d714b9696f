// The official SDK, with nothing changed but address and key.
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { mintKey, sdk, type Target } from "./target.ts";

const QUESTION = [{ role: "user" as const, content: "What is the capital of France?" }];

export function sdkContract(target: () => Target): void {
  describe("OpenAI's SDK", () => {
    it("gets a chat completion with real usage", async () => {
      const { data, response } = await sdk(target())
        .chat.completions.create({ model: target().chatModel, messages: QUESTION, temperature: 0 })
        .withResponse();
      expect(data.choices[0]?.message.content).toContain("Paris");
      expect(data.choices[0]?.finish_reason).toBe("stop");
      expect(data.model).toBe(target().chatModel);
      expect(data.usage?.prompt_tokens).toBeGreaterThan(0);
      expect(data.usage?.completion_tokens).toBeGreaterThan(0);
      expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
      expect(response.headers.get("cache-control")).toBe("private, no-store");
    });

    it("streams tokens, with usage last where asked and without it where not", async () => {
      const client = sdk(target());
      const ask = { model: target().chatModel, messages: QUESTION, temperature: 0, stream: true as const };
      let text = "";
      let chunks = 0;
      let usage: OpenAI.CompletionUsage | null | undefined;
      for await (const chunk of await client.chat.completions.create({
        ...ask,
        stream_options: { include_usage: true },
      })) {
        text += chunk.choices[0]?.delta.content ?? "";
        chunks += 1;
        usage = chunk.usage ?? usage;
      }
      expect(text).toContain("Paris");
      expect(chunks).toBeGreaterThan(2);
      expect(usage?.completion_tokens).toBeGreaterThan(0);
      for await (const chunk of await client.chat.completions.create(ask)) {
        expect(chunk.usage).toBeUndefined();
        expect(chunk.choices.length).toBe(1);
      }
    });

    it("gets embeddings, in numbers and in the base64 that the SDK asks for by itself", async () => {
      const client = sdk(target());
      const whole = await client.embeddings.create({ model: target().embeddingModel, input: ["hello", "world"] });
      const numbers = await client.embeddings.create({
        model: target().embeddingModel,
        input: ["hello", "world"],
        encoding_format: "float",
      });
      expect(whole.data.length).toBe(2);
      expect(whole.data[0]?.embedding.length).toBe(numbers.data[0]?.embedding.length);
      expect(whole.data[0]?.embedding[0]).toBeCloseTo(numbers.data[0]?.embedding[0] ?? Number.NaN, 4);
      expect(whole.usage.prompt_tokens).toBeGreaterThan(0);
    });

    it("lists models and retrieves one, by id and by version", async () => {
      const client = sdk(target());
      const ids: string[] = [];
      for await (const model of client.models.list()) ids.push(model.id);
      expect(ids).toContain(target().chatModel);
      expect((await client.models.retrieve(target().chatModel)).id).toBe(target().chatModel);
    });

    it("raises its own class for each error, with a readable message", async () => {
      const client = sdk(target());
      const bad = sdk(target(), "not-a-key");
      await expect(bad.models.list()).rejects.toThrow(OpenAI.AuthenticationError);
      await expect(client.chat.completions.create({ model: "no-such-model", messages: QUESTION })).rejects.toThrow(
        OpenAI.NotFoundError,
      );
      await expect(client.chat.completions.create({ model: target().chatModel, messages: [] })).rejects.toThrow(
        OpenAI.BadRequestError,
      );
      const { key: narrow } = await mintKey(target(), { scopes: ["infer:another-model"] });
      await expect(
        sdk(target(), narrow).chat.completions.create({ model: target().chatModel, messages: QUESTION }),
      ).rejects.toThrow(OpenAI.PermissionDeniedError);
      const { key: single } = await mintKey(target(), { limits: { requests_per_day: 1 } });
      const ask = () =>
        sdk(target(), single).chat.completions.create({ model: target().chatModel, messages: QUESTION });
      await ask();
      const over = await ask().then(
        () => null,
        (error: unknown) => error,
      );
      expect(over).toBeInstanceOf(OpenAI.RateLimitError);
      expect((over as InstanceType<typeof OpenAI.APIError>).code).toBe("rate_limit_exceeded");
      expect((over as InstanceType<typeof OpenAI.APIError>).message).toMatch(/requests_per_day/);
    });

    it("retries by itself after a rate limit and then succeeds, as Retry-After says", async () => {
      const { key } = await mintKey(target(), { limits: { requests_per_second: 1 } });
      const client = sdk(target(), key, 3);
      const answers = await Promise.all([1, 2].map(() => client.models.list()));
      expect(answers.every((page) => page.data.length > 0)).toBe(true);
    });
  });
}
