// The contract against what `npm start` prints, with a real model behind it, and what only that port can be asked.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FaultUpstream, startFaultUpstream } from "../support/fault-upstream.ts";
import { forgetState, npmStart, type Started, startAndExit, stateWithFaults, targetOf } from "../support/npm-start.ts";
import { describeContract, type Target } from "./contract/index.ts";
import { chat, mintKey, post } from "./contract/target.ts";

let faults: FaultUpstream;
let state: string;
let started: Started;
let target: Target;

beforeAll(async () => {
  faults = await startFaultUpstream();
  state = await stateWithFaults(faults);
  started = await npmStart(state);
  target = await targetOf(started, faults);
});
afterAll(async () => {
  const code = await started?.stop();
  await faults?.stop();
  await forgetState(state);
  expect(code).toBe(0);
});

describe("npm start", () => {
  describeContract(() => target);

  describe("its output and its files", () => {
    it("is one line of JSON with every name of the contract", () => {
      expect(started.stdout().trimEnd().split("\n").length).toBe(1);
      expect(Object.keys(started.announcement).sort()).toEqual(
        [
          "admin_key",
          "api_key",
          "auditor_key",
          "client_id",
          "client_secret",
          "console_url",
          "models",
          "state",
          "url",
        ].sort(),
      );
      expect(started.announcement.console_url).toBeNull();
      expect(started.announcement.models).toContain("edge-mini");
    });

    it("keeps secrets where their owner alone reads them", () => {
      expect(statSync(state).mode & 0o077).toBe(0);
      for (const file of ["secrets.json", "credentials.json"])
        expect(statSync(join(state, file)).mode & 0o777).toBe(0o600);
    });

    it("a second instance on the same state, or on the same port, says so and ends with 1", async () => {
      const sameState = await startAndExit(["--json", "--model", "edge-mini", "--port", "0", "--state", state]);
      expect(sameState.code).toBe(1);
      expect(sameState.stdout).toBe("");
      expect(sameState.stderr).toMatch(/already|another/i);
      const { port } = new URL(started.announcement.url);
      const samePort = await startAndExit(["--json", "--model", "edge-mini", "--port", port, "--state", `${state}-2`]);
      expect(samePort.code).toBe(1);
      expect(samePort.stderr).toContain(port);
      await forgetState(`${state}-2`);
    });
  });

  describe("a client that forges what the platform says of it", () => {
    const FORGED = {
      "cf-connecting-ip": "203.0.113.9",
      "x-forwarded-for": "203.0.113.9",
      "x-real-ip": "203.0.113.9",
      "true-client-ip": "203.0.113.9",
      forwarded: "for=203.0.113.9",
      "mf-cf-blob": JSON.stringify({ tlsClientAuth: { certVerified: "SUCCESS" }, clientIp: "203.0.113.9" }),
      "mf-route-override": "bartizan-vault",
      "mf-original-url": "http://127.0.0.1/admin/v1/keys",
    };

    it("does not change its address: a key for that address stays shut, one for the loopback stays open", async () => {
      const { key: elsewhere } = await mintKey(target, { allow_cidrs: ["203.0.113.0/24"] });
      const { key: here } = await mintKey(target, { allow_cidrs: ["127.0.0.0/8", "::1/128"] });
      for (const headers of [{}, FORGED]) {
        expect((await chat(target, "ok", {}, { ...headers, authorization: `Bearer ${elsewhere}` })).status).toBe(403);
        expect((await chat(target, "ok", {}, { ...headers, authorization: `Bearer ${here}` })).status).toBe(200);
      }
    });

    it("does not choose another Worker, and reaches no bucket and no entry of the tooling", async () => {
      const models = await fetch(`${target.url}/v1/models`, {
        headers: { ...FORGED, authorization: `Bearer ${target.apiKey}` },
      });
      expect(models.status).toBe(200);
      for (const path of [
        "/cdn-cgi/local/r2/public/bartizan-models/models",
        "/cdn-cgi/handler/scheduled",
        "/cdn-cgi/mf/reload",
        "/cdn-cgi/",
      ]) {
        const response = await fetch(target.url + path, { headers: FORGED });
        expect(response.status).toBe(404);
        expect(response.headers.get("x-request-id")).toMatch(/^req_/);
        expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
      }
    });
  });

  it("a Workers AI model is answered by the stand-in, in OpenAI's form", async () => {
    const model = "@cf/meta/llama-3.1-8b-instruct";
    const messages = [{ role: "user", content: "What is the capital of France?" }];
    const whole = await post(target, "/v1/chat/completions", { model, messages });
    expect(await whole.json()).toMatchObject({ model, choices: [{ message: { content: expect.any(String) } }] });
    const streamed = await (await post(target, "/v1/chat/completions", { model, messages, stream: true })).text();
    expect(streamed).toContain('"finish_reason":"stop"');
    expect(streamed.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it("no credential stands in anything that it printed but the one line", () => {
    const printed = started.stderr();
    for (const secret of [target.apiKey, target.adminKey, target.auditorKey, target.clientSecret])
      expect(printed).not.toContain(secret);
    const secrets = readFileSync(join(state, "secrets.json"), "utf8");
    for (const [, value] of secrets.matchAll(/"d": "([^"]+)"/g)) expect(printed).not.toContain(value);
  });
});
