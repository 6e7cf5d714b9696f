// Keys: minted, listed without themselves, changed and revoked, each from the next request on.
import { describe, expect, it } from "vitest";
import { admin, chat, envelope, mintKey, type Target } from "./target.ts";

export function administrationContract(target: () => Target): void {
  describe("administration", () => {
    it("a list and a look at a key never hold the key itself", async () => {
      const { id, key } = await mintKey(target());
      for (const path of ["/keys", `/keys/${id}`]) {
        const text = await (await admin(target(), "GET", path)).text();
        expect(text).toContain(id);
        expect(text).not.toContain(key);
        expect(text).not.toContain(key.split(".")[2]);
      }
    });

    it("a limit that PATCH lowers holds from the next request", async () => {
      const { id, key } = await mintKey(target(), { limits: { requests_per_day: 100 } });
      const ask = (): Promise<Response> => chat(target(), "ok", {}, { authorization: `Bearer ${key}` });
      expect((await ask()).status).toBe(200);
      expect((await admin(target(), "PATCH", `/keys/${id}`, { limits: { requests_per_day: 1 } })).status).toBe(200);
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect((await envelope(refused)).code).toBe("rate_limit_exceeded");
    });

    it("a budget of tokens that cannot cover a request says what is needed, what remains, and when it resets", async () => {
      const { key } = await mintKey(target(), { limits: { tokens_per_day: 300 } });
      const ask = (): Promise<Response> =>
        chat(target(), "ok", { max_tokens: 250 }, { authorization: `Bearer ${key}` });
      const answers = await Promise.all([ask(), ask()]);
      const refused = answers.find((answer) => answer.status === 429);
      expect(answers.filter((answer) => answer.status === 200).length).toBe(1);
      const error = await envelope(refused as Response);
      expect(error.code).toBe("insufficient_quota");
      expect(error.message).toMatch(/tokens_per_day.*\d+ needed, \d+ remaining, resets at \d{4}-/);
    });

    it("an unknown limit is refused, not accepted without effect", async () => {
      const response = await admin(target(), "POST", "/keys", {
        tenant: "demo",
        name: "x",
        scopes: ["infer:*"],
        limits: { wishes_per_day: 3 },
      });
      expect(response.status).toBe(400);
      expect((await envelope(response)).param).toContain("wishes_per_day");
    });

    it("exactly N of 64 clients that come at once are served where the day's limit is N", async () => {
      const limit = 20;
      for (let round = 0; round < Number(process.env.QUOTA_ROUNDS ?? 3); round++) {
        const { key } = await mintKey(target(), { limits: { requests_per_day: limit } });
        const statuses = await Promise.all(
          Array.from({ length: 64 }, async () => {
            const response = await chat(target(), "ok", {}, { authorization: `Bearer ${key}` });
            await response.arrayBuffer();
            return response.status;
          }),
        );
        expect(statuses.filter((status) => status === 200).length).toBe(limit);
        expect(statuses.filter((status) => status === 429).length).toBe(64 - limit);
      }
    });

    it("a limit's state stands in every answer's headers", async () => {
      const { key } = await mintKey(target(), { limits: { requests_per_minute: 60, requests_per_day: 100 } });
      const { headers } = await chat(target(), "ok", {}, { authorization: `Bearer ${key}` });
      expect(headers.get("ratelimit")).toBeTruthy();
      expect(headers.get("ratelimit-policy")).toBeTruthy();
      expect(headers.get("x-ratelimit-limit-requests")).toBeTruthy();
    });
  });
}
