// The origin serves its gateway and nobody else. No engine is needed to be turned away, so none is loaded: what is
// accepted here is answered 503 `backend_unavailable` (loading), what is not, 401.
import { afterAll, beforeAll, expect, test } from "vitest";
import { AgentProcess, configuration, GatewayClient, makeWorld, pair, type World } from "./origin-world.ts";

let world: World;
let agent: AgentProcess;
let url: string;
let gateway: GatewayClient;
const PATH = "/v1/chat/completions";
const BODY = JSON.stringify({ model: "edge-mini", messages: [{ role: "user", content: "hello" }] });

beforeAll(async () => {
  world = await makeWorld(new Uint8Array(100));
  agent = new AgentProcess();
  agent.send(configuration(world));
  url = `http://127.0.0.1:${(await agent.until("listening")).port}`;
  gateway = new GatewayClient(world, url);
});

afterAll(async () => {
  await agent.stop();
});

async function status(headers: Record<string, string>, body: string | null = BODY, path = PATH, method = "POST") {
  const response = await fetch(url + path, { method, headers, ...(body === null ? {} : { body }) });
  const text = await response.text();
  if (response.status === 401) {
    expect(JSON.parse(text).error.code).toBe("invalid_api_key");
    // a stranger gets no signature out of this process
    expect(response.headers.get("signature")).toBeNull();
  }
  return response.status;
}

test("what the gateway signed is served, in a signed reply", async () => {
  const { response, verdict } = await gateway.chat({ messages: [{ role: "user", content: "hello" }] });
  expect(response.status).toBe(503);
  expect(verdict.ok).toBe(true);
});

test("an unsigned request is refused", async () => {
  expect(await status({ "content-type": "application/json" })).toBe(401);
});

test("a request sent again is refused, at once and in a race", async () => {
  const once = await gateway.sign("POST", PATH, BODY);
  expect(await status(once)).toBe(503);
  expect(await status(once)).toBe(401);
  const raced = await gateway.sign("POST", PATH, BODY);
  const answers = await Promise.all(Array.from({ length: 8 }, () => status(raced)));
  expect(answers.filter((code) => code === 503)).toHaveLength(1);
  expect(answers.filter((code) => code === 401)).toHaveLength(7);
});

test("a request that is too old, or from the future, is refused", async () => {
  expect(await status(await gateway.sign("POST", PATH, BODY, { nowMs: Date.now() - 31_000 }))).toBe(401);
  expect(await status(await gateway.sign("POST", PATH, BODY, { nowMs: Date.now() + 40_000 }))).toBe(401);
});

test("a request that was signed before this process started is refused: it may have been served before", async () => {
  const before = Date.now();
  const fresh = new AgentProcess();
  try {
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    fresh.send(configuration(world));
    const { port } = await fresh.until("listening");
    const headers = await gateway.sign("POST", PATH, BODY, { nowMs: before });
    const response = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: "POST", headers, body: BODY });
    expect(response.status).toBe(401);
  } finally {
    await fresh.stop();
  }
});

test("a body that was changed, added or taken away is refused", async () => {
  expect(await status(await gateway.sign("POST", PATH, BODY), BODY.replace("hello", "hullo"))).toBe(401);
  expect(await status(await gateway.sign("POST", PATH, BODY), "")).toBe(401);
  expect(await status(await gateway.sign("POST", PATH, null), BODY)).toBe(401);
});

test("a changed digest does not carry a changed body", async () => {
  const other = await gateway.sign("POST", PATH, "{}");
  const headers = { ...(await gateway.sign("POST", PATH, BODY)), "content-digest": other["content-digest"] ?? "" };
  expect(await status(headers, "{}")).toBe(401);
});

test("another path, query, method or content type is refused", async () => {
  expect(await status(await gateway.sign("POST", PATH, BODY), BODY, "/v1/embeddings")).toBe(401);
  expect(await status(await gateway.sign("POST", PATH, BODY), BODY, `${PATH}?x=1`)).toBe(401);
  expect(await status(await gateway.sign("POST", PATH, BODY), BODY, PATH, "PUT")).toBe(401);
  const headers = await gateway.sign("POST", PATH, BODY);
  expect(await status({ ...headers, "content-type": "application/json; charset=utf-8" })).toBe(401);
});

test("a request to another origin is refused", async () => {
  expect(await status(await gateway.sign("POST", PATH, BODY, { origin: "other-origin" }))).toBe(401);
});

test("another gateway's key is refused, under its own id and under the right one", async () => {
  for (const kid of ["gateway-1", "gateway-2"]) {
    const stranger = new GatewayClient({ ...world, gateway: await pair("Ed25519", kid) }, url);
    expect(await status(await stranger.sign("POST", PATH, BODY))).toBe(401);
  }
});

test("a second signature beside the first, or fields that came twice, are refused", async () => {
  const headers = await gateway.sign("POST", PATH, BODY);
  expect(await status({ ...headers, "signature-input": `${headers["signature-input"]}, other=()` })).toBe(401);
  expect(await status({ ...headers, signature: `${headers.signature}, other=:AAAA:` })).toBe(401);
});

test("the Host header plays no part", async () => {
  const headers = await gateway.sign("POST", PATH, BODY);
  expect(await status({ ...headers, host: "evil.example" })).toBe(503);
});

test("a body above the limit is 413, whatever its head says", async () => {
  const big = JSON.stringify({ x: "a".repeat(18 * 1024 * 1024) });
  const response = await fetch(url + PATH, {
    method: "POST",
    headers: await gateway.sign("POST", PATH, big),
    body: big,
  }).catch(() => null);
  // the agent may close before all of it was sent
  expect(response === null ? 413 : response.status).toBe(413);
  expect(await status(await gateway.sign("POST", PATH, BODY))).toBe(503);
});

test("health says whether, not what", async () => {
  const response = await fetch(`${url}/healthz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: "loading" });
});
