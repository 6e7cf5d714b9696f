// Cross-origin rules and health probes: what browsers and load balancers see.
import { describe, expect, it } from "vitest";
import { chat, mintKey, type Target } from "./target.ts";

const ASKED = "authorization,content-type,x-stainless-lang,x-stainless-retry-count";

export function browsersContract(target: () => Target): void {
  const preflight = (origin: string | null, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${target().url}/v1/chat/completions`, {
      method: "OPTIONS",
      headers: {
        ...(origin === null ? {} : { origin }),
        "access-control-request-method": "POST",
        "access-control-request-headers": ASKED,
        ...headers,
      },
    });

  describe("cross-origin requests", () => {
    it("a preflight needs no key and echoes origin, methods and the asked headers", async () => {
      const response = await preflight(target().allowedOrigin);
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBe(target().allowedOrigin);
      expect(response.headers.get("access-control-allow-methods")).toContain("POST");
      expect(response.headers.get("access-control-allow-headers")).toBe(ASKED);
      expect(response.headers.get("vary")).toContain("Origin");
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    });

    it.each(["null", "app://x", "https://evil.example"])(
      "an origin that policy does not name (%s) gets no CORS header",
      async (origin) => {
        const response = await preflight(origin);
        expect(response.status).toBe(204);
        expect([...response.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
        const real = await chat(target(), "ok", {}, { origin });
        expect(real.headers.get("access-control-allow-origin")).toBeNull();
      },
    );

    it("OPTIONS without an origin is answered, without CORS headers", async () => {
      const response = await preflight(null);
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    });

    it("every later answer carries the headers: good, without key, over quota, refused, streaming, from a dead backend", async () => {
      const origin = { origin: target().allowedOrigin };
      const { key } = await mintKey(target(), { limits: { requests_per_day: 1 } });
      const spent = { ...origin, authorization: `Bearer ${key}` };
      await (await chat(target(), "ok", {}, spent)).arrayBuffer();
      const answers: [number, Response][] = [
        [200, await chat(target(), "ok", {}, origin)],
        [200, await chat(target(), "ok", { stream: true }, origin)],
        [401, await chat(target(), "ok", {}, { ...origin, authorization: "Bearer x" })],
        [429, await chat(target(), "ok", {}, spent)],
        [400, await chat(target(), "ok", { top_k: 1 }, origin)],
        [502, await chat(target(), "status-500", {}, origin)],
        [404, await fetch(`${target().url}/v1/nothing`, { headers: origin })],
      ];
      for (const [status, answer] of answers) {
        expect(answer.status).toBe(status);
        expect(answer.headers.get("access-control-allow-origin")).toBe(target().allowedOrigin);
        expect(answer.headers.get("access-control-expose-headers")).toMatch(
          /x-request-id.*retry-after|retry-after.*x-request-id/,
        );
        expect(answer.headers.get("vary")).toContain("Origin");
        await answer.arrayBuffer();
      }
    });
  });

  describe("health", () => {
    it.each(["/healthz", "/health", "/readyz", "/healthz?x=1"])(
      "%s answers GET and HEAD alike, without a key, and is never cached",
      async (path) => {
        for (const headers of [{}, { authorization: "Bearer wrong" }]) {
          const get = await fetch(target().url + path, { headers });
          const head = await fetch(target().url + path, { method: "HEAD", headers });
          expect([get.status, head.status]).toEqual([200, 200]);
          expect(await head.text()).toBe("");
          expect(get.headers.get("cache-control")).toContain("no-store");
          expect(await get.text()).not.toMatch(/\d+\.\d+\.\d+/);
        }
      },
    );

    it("HEAD on /v1/models is GET without a body", async () => {
      const head = await fetch(`${target().url}/v1/models`, {
        method: "HEAD",
        headers: { authorization: `Bearer ${target().apiKey}` },
      });
      expect(head.status).toBe(200);
      expect(await head.text()).toBe("");
    });
  });
}
