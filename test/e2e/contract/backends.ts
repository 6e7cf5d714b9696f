// What a client sees of a backend: its answers under the model's public name, and none of its failures' words.
import { describe, expect, it } from "vitest";
import { admin, chat, envelope, mintKey, post, type Target } from "./target.ts";

async function events(response: Response): Promise<string[]> {
  return (await response.text()).split("\n\n").filter((event) => event !== "" && !event.startsWith(":"));
}

const TOOL_CALL = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };

export function backendsContract(target: () => Target): void {
  const openReservations = async (id: string): Promise<number> => {
    const usage = (await (await admin(target(), "GET", `/keys/${id}/usage`)).json()) as { open_reservations: number };
    return usage.open_reservations;
  };
  const lastSeen = (): Record<string, unknown> => target().faults.seen.at(-1)?.body ?? {};

  describe("backends", () => {
    it.each([
      ["status-400", 400, "backend_rejected"],
      ["status-401", 502, "backend_error"],
      ["status-404", 502, "backend_error"],
      ["status-429", 503, "backend_busy"],
      ["status-500", 502, "backend_error"],
      ["status-503", 503, "backend_busy"],
      ["status-504", 504, "backend_timeout"],
      ["html", 502, "backend_error"],
      ["html-200", 502, "backend_error"],
      ["empty", 502, "backend_error"],
      ["redirect", 502, "backend_error"],
      ["json-error-200", 400, "backend_rejected"],
    ])("%s becomes %i %s, streaming and not, in our own words, and costs nothing", async (fault, status, code) => {
      const { id, key } = await mintKey(target(), { limits: { tokens_per_day: 1_000_000, requests_per_day: 100 } });
      for (const stream of [false, true]) {
        const response = await chat(target(), fault, { stream }, { authorization: `Bearer ${key}` });
        const text = await response.clone().text();
        expect(text).not.toMatch(/secret|nginx|Traceback|upstream key/);
        expect({ status: response.status, code: (await envelope(response)).code }).toEqual({ status, code });
        if (status === 503) expect(response.headers.get("retry-after")).toBe(fault === "status-429" ? "3" : "1");
      }
      await expect.poll(() => openReservations(id)).toBe(0);
      const usage = (await (await admin(target(), "GET", `/keys/${id}/usage`)).json()) as {
        used: Record<string, { used: number }>;
      };
      expect(usage.used.tokens_per_day?.used).toBe(0);
      expect(usage.used.requests_per_day?.used).toBe(0);
    });

    it.each([
      ["event-error-first", 400],
      ["comments-then-error", 503],
    ])("%s: an error that comes before the first token has a status", async (fault, status) => {
      const response = await chat(target(), fault, { stream: true });
      expect(response.status).toBe(status);
      expect((await envelope(response)).message).toBeTruthy();
    });

    it.each(["error-after-content", "cut-after-content"])(
      "%s: an error event, then the end, without [DONE] and without an invented finish",
      async (fault) => {
        const response = await chat(target(), fault, { stream: true });
        expect(response.status).toBe(200);
        const seen = await events(response);
        expect(seen.at(-1)).toMatch(/^event: error\ndata: \{"error"/);
        expect(seen.join()).not.toContain("[DONE]");
        expect(seen.join()).not.toContain("secret");
        expect(seen.join()).not.toContain('"finish_reason":"');
      },
    );

    it("a head that is due before the backend speaks goes out with a comment; what fails later is an error event", async () => {
      const late = await chat(target(), "slow-start", { stream: true });
      const text = await late.text();
      expect(text.startsWith(":")).toBe(true);
      expect(text).toContain("late");
      expect(text).toContain("[DONE]");
      const failed = await chat(target(), "late-error", { stream: true });
      expect(failed.status).toBe(200);
      expect((await events(failed)).at(-1)).toContain("event: error");
    });

    it("an answer carries the name that was asked for, and never the backend's own", async () => {
      const whole = await chat(target(), "ok");
      expect(await whole.json()).toMatchObject({
        model: target().faultModel,
        usage: { prompt_tokens: 7, completion_tokens: 3 },
      });
      const streamed = await (await chat(target(), "ok", { stream: true })).text();
      expect(streamed).not.toContain("secret");
      expect(streamed).toContain(`"model":"${target().faultModel}"`);
    });

    it("any valid framing of the backend's stream is understood, and every character survives", async () => {
      const text = await (await chat(target(), "crlf-pieces", { stream: true })).text();
      expect(text).toContain("Zwölf ");
      expect(text).toContain("Euro €");
      expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    });

    it("a stream that ends without [DONE] but complete is closed properly", async () => {
      expect(await (await chat(target(), "no-done", { stream: true })).text()).toContain("data: [DONE]");
    });

    it("usage is given to who asked, estimated where the backend reports none", async () => {
      const text = await (
        await chat(target(), "no-usage", { stream: true, stream_options: { include_usage: true } })
      ).text();
      const usage = /"usage":(\{[^}]*\})/.exec(text)?.[1];
      expect(JSON.parse(usage ?? "{}")).toMatchObject({
        prompt_tokens: expect.any(Number),
        completion_tokens: expect.any(Number),
      });
    });

    it("a client that leaves a stream closes the backend's within moments, and its reservation goes", async () => {
      const { id, key } = await mintKey(target(), { limits: { concurrency: 1 } });
      const leave = new AbortController();
      const response = await fetch(`${target().url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({
          model: target().faultModel,
          messages: [{ role: "user", content: "endless" }],
          stream: true,
        }),
        signal: leave.signal,
      });
      const reader = response.body?.getReader();
      await reader?.read();
      leave.abort();
      await target().faults.closed("endless");
      await expect.poll(() => openReservations(id), { timeout: 5000 }).toBe(0);
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${key}` })).status).toBe(200);
    });

    it("a key that is revoked while its stream runs: the stream is cut within five seconds, in our own words", async () => {
      const { id, key } = await mintKey(target());
      const response = await chat(target(), "endless", { stream: true }, { authorization: `Bearer ${key}` });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      await reader?.read();
      expect((await admin(target(), "DELETE", `/keys/${id}`)).status).toBe(200);
      let text = "";
      for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read())
        text += piece.value;
      expect(text).toMatch(/event: error\ndata: \{"error":.*"invalid_api_key"/);
      expect(text).not.toContain("[DONE]");
    });

    it("settles what the backend reported: the day's tokens are the real ones", async () => {
      const { id, key } = await mintKey(target(), { limits: { tokens_per_day: 100_000 } });
      await (await chat(target(), "ok", {}, { authorization: `Bearer ${key}` })).arrayBuffer();
      await (await chat(target(), "ok", { stream: true }, { authorization: `Bearer ${key}` })).text();
      await expect
        .poll(async () => {
          const usage = (await (await admin(target(), "GET", `/keys/${id}/usage`)).json()) as {
            used: Record<string, { used: number }>;
          };
          return usage.used.tokens_per_day?.used;
        })
        .toBe(20);
    });
  });

  describe("what goes upstream", () => {
    it("is one serialisation of the typed request, without the client's credentials and cookies", async () => {
      await chat(
        target(),
        "echo",
        { temperature: 0.5 },
        { cookie: "session=1", "x-forwarded-for": "6.6.6.6", "cf-connecting-ip": "6.6.6.6" },
      );
      const headers = target().faults.seen.at(-1)?.headers ?? {};
      expect(JSON.stringify(headers)).not.toContain(target().apiKey);
      expect(headers.cookie).toBeUndefined();
      expect(headers["x-forwarded-for"]).toBeUndefined();
      expect(lastSeen()).toMatchObject({ temperature: 0.5, messages: [{ role: "user", content: "echo" }] });
    });

    it.each([
      ["null", { content: null }],
      ["no content key", {}],
      ["an empty text", { content: "" }],
    ])("an assistant turn that only calls tools passes with %s, never as a word", async (_name, content) => {
      const messages = [
        { role: "user", content: "x" },
        { role: "assistant", ...content, tool_calls: [TOOL_CALL] },
        { role: "tool", tool_call_id: "c1", content: "ok" },
        { role: "user", content: "ok" },
      ];
      const response = await post(target(), "/v1/chat/completions", { model: target().faultModel, messages });
      expect(response.status).toBe(200);
      expect((lastSeen().messages as unknown[])[1]).toEqual({ role: "assistant", ...content, tool_calls: [TOOL_CALL] });
    });

    it("an assistant turn with null and no tool calls is no reason to refuse", async () => {
      const messages = [
        { role: "user", content: "x" },
        { role: "assistant", content: null },
        { role: "user", content: "ok" },
      ];
      expect((await post(target(), "/v1/chat/completions", { model: target().faultModel, messages })).status).toBe(200);
    });

    it.each([
      ["max_tokens", { max_tokens: 30 }, 30],
      ["max_completion_tokens", { max_completion_tokens: 30 }, 30],
      ["both alike", { max_tokens: 30, max_completion_tokens: 30 }, 30],
      ["null, which is absent", { max_tokens: null }, null],
      ["more than the model gives", { max_tokens: 999_999_999 }, null],
    ])("the output limit reaches the backend under the one name it knows: %s", async (_name, limit, expected) => {
      await (await chat(target(), "ok", limit)).arrayBuffer();
      const body = lastSeen();
      expect(body.max_completion_tokens).toBeUndefined();
      expect(typeof body.max_tokens).toBe("number");
      if (expected !== null) expect(body.max_tokens).toBe(expected);
      else expect(body.max_tokens).toBeLessThanOrEqual(100_000);
    });

    it("a 12 MiB body with three images passes", async () => {
      const png = `iVBORw0KGgoA${"A".repeat(4 * 1024 * 1024)}`;
      const image = { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } };
      const messages = [
        { role: "user", content: [{ type: "text", text: "look" }, image, image, image] },
        { role: "user", content: "ok" },
      ];
      const response = await post(target(), "/v1/chat/completions", { model: target().faultModel, messages });
      expect(response.status).toBe(200);
    });
  });
}
