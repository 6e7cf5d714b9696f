import { env } from "cloudflare:workers";
import { Ai } from "@cloudflare/ai";
import { expect, it } from "vitest";
it("x", async () => {
  const ai = new Ai((env as unknown as {AI: object}).AI);
  await expect(ai.run("@cf/meta/llama-3-8b-instruct", { prompt: "x" })).rejects.toThrow("5007");
});
