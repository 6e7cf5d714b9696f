// A key may be put anywhere: in the right header, in a wrong one, in the address, in the body, in an upstream's settings.
// Wherever it was, and however the request ended, it stands in no log line, no audit record, no answer and no header.
import { describe, expect, it } from "vitest";
import { type Answered, COMPLETION, type Edge, newEdge, POLICY, printed, upstream } from "./edge.ts";
import { recordsOf, shipped } from "./fake-audit.ts";

const MARKER = "sk-marker-7f3a9c";

function everythingOf({ response, text }: Answered): string {
  return [text, response.statusText, JSON.stringify([...response.headers])].join("\n");
}

/** What reached a ledger, for the last test: records are shipped a moment later. */
const recorded: { readonly requestId: string | null; readonly keyId: string; readonly secrets: readonly string[] }[] =
  [];

function expectSilence(edge: Edge, answered: Answered, lines: readonly string[], secrets: readonly string[]): void {
  const requestId = answered.response.headers.get("x-request-id");
  if (edge.calls.length > 0) recorded.push({ requestId, keyId: edge.keyId, secrets });
  const seen = { answer: everythingOf(answered), log: lines.join("\n") };
  for (const [where, text] of Object.entries(seen))
    for (const secret of secrets) expect(text.includes(secret), `${secret.slice(0, 12)}… in the ${where}`).toBe(false);
}

const ok = () => Response.json(COMPLETION);
/** Of a token its signature, and its header and claims as they are encoded. */
const partsOf = (token: string): string[] => token.split(".");

describe("credentials", () => {
  it("that are valid are told by their id alone, whether the request succeeds, is refused or fails", async () => {
    const lines = printed();
    const edge = await newEdge();
    const token = await edge.token();
    const authorization = `Bearer ${token}`;
    const acts: [() => Response | Promise<Response>, () => Promise<Answered>][] = [
      [ok, () => edge.chat({}, { authorization })],
      [ok, () => edge.post("{", { authorization })],
      [ok, () => edge.chat({ model: "none" }, { authorization })],
      [ok, () => edge.get("/v1/models", { authorization })],
      [() => new Response(authorization, { status: 500 }), () => edge.chat({}, { authorization })],
      // a runtime whose exception quotes the request
      [() => Promise.reject(new TypeError(`fetch failed: ${authorization}`)), () => edge.chat({}, { authorization })],
    ];
    for (const [answer, act] of acts) {
      upstream(answer);
      expectSilence(edge, await act(), lines, partsOf(token));
    }
  });

  it("that are revoked", async () => {
    const lines = printed();
    const edge = await newEdge();
    const token = await edge.token();
    await edge.ledger.revoke(edge.keyId);
    const answered = await edge.get("/v1/models", { authorization: `Bearer ${token}` });
    expect(answered.response.status).toBe(401);
    expectSilence(edge, answered, lines, partsOf(token));
  });

  it("that the ledger could not be asked about", async () => {
    const lines = printed();
    const edge = await newEdge();
    const token = await edge.token();
    edge.fault = () => Promise.reject(new Error(`${MARKER} ${token}`));
    const answered = await edge.chat({}, { authorization: `Bearer ${token}` });
    expect(answered.code).toBe("ledger_unavailable");
    edge.calls.length = 0;
    expectSilence(edge, answered, lines, [MARKER, ...partsOf(token)]);
  });

  it.each<[string, Record<string, string>, string, number]>([
    ["an unknown bearer key", { authorization: `Bearer ${MARKER}` }, "", 401],
    ["a malformed bearer key", { authorization: `Bearer ${MARKER} ${MARKER}` }, "", 401],
    ["another scheme", { authorization: `Basic ${MARKER}` }, "", 401],
    ["x-api-key", { authorization: "", "x-api-key": MARKER }, "", 401],
    ["api-key", { authorization: "", "api-key": MARKER }, "", 401],
    ["a key beside a valid one", { "x-api-key": MARKER }, "", 401],
    ["api-key beside a valid one", { "api-key": MARKER, "x-goog-api-key": MARKER }, "", 200],
    ["a cookie", { cookie: `session=${MARKER}` }, "", 200],
    ["the query", {}, `?key=${MARKER}`, 400],
    ["the query, named", {}, `?api_key=${MARKER}`, 400],
    ["the query, by itself", {}, `?${MARKER}`, 400],
    ["the path", {}, `/${MARKER}`, 404],
    ["a header of OpenAI's", { "openai-organization": MARKER, "openai-project": MARKER }, "", 200],
    ["the request id that a client chose", { "x-request-id": MARKER }, "", 200],
    ["a user agent", { "user-agent": MARKER, referer: `https://x/?key=${MARKER}` }, "", 200],
  ])("as %s", async (_name, headers, suffix, status) => {
    const lines = printed();
    const edge = await newEdge();
    const seen = upstream(ok);
    const body = { model: "small", messages: [{ role: "user", content: "hello" }] };
    const answered = await edge.post(body, headers, `/v1/chat/completions${suffix}`);
    expect(answered.response.status).toBe(status);
    expectSilence(edge, answered, lines, [MARKER]);
    for (const request of seen) expect(JSON.stringify([...request.headers])).not.toContain(MARKER);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ["metadata", { metadata: { key: MARKER }, user: MARKER }, 200],
    ["the prompt", { messages: [{ role: "user", content: MARKER }] }, 200],
    ["an unknown field's value", { api_key: MARKER }, 400],
    ["a wrong type", { temperature: MARKER }, 400],
    ["malformed messages", { messages: [{ role: MARKER, content: "x" }] }, 400],
  ])("in the body, as %s", async (_name, more, status) => {
    const lines = printed();
    const edge = await newEdge();
    const seen = upstream(() => Promise.reject(new Error(MARKER)));
    if (status === 200) upstream(ok);
    const answered = await edge.chat(more);
    expect(answered.response.status).toBe(status);
    expectSilence(edge, answered, lines, [MARKER]);
    expect(seen).toEqual([]);
  });

  it("in a body that cannot be read", async () => {
    const lines = printed();
    const edge = await newEdge();
    for (const body of [`{"api_key":"${MARKER}"`, MARKER, `{"a":1,"a":"${MARKER}"}`])
      expectSilence(edge, await edge.post(body), lines, [MARKER]);
  });

  it.each([
    ["an exception that quotes the request", () => Promise.reject(new TypeError(`${MARKER}: connect failed`))],
    ["an exception that is no error", () => Promise.reject(MARKER)],
    [
      "an error that quotes its key",
      () => Response.json({ error: { message: `Incorrect key: ${MARKER}` } }, { status: 401 }),
    ],
    ["a page that quotes its key", () => new Response(`<html>${MARKER}</html>`, { status: 502 })],
    [
      "headers that quote its key",
      () => Response.json(COMPLETION, { headers: { "x-upstream-key": MARKER, "set-cookie": MARKER } }),
    ],
    [
      "a redirect that quotes its key",
      () => new Response(null, { status: 302, headers: { location: `https://x/?key=${MARKER}` } }),
    ],
    [
      "an error in its stream",
      () =>
        new Response(`data: {"error":{"message":"${MARKER}"}}\n\n`, {
          headers: { "content-type": "text/event-stream" },
        }),
    ],
  ])("an upstream's own: %s", async (_name, answer) => {
    const lines = printed();
    const edge = await newEdge({ ORIGIN_API_KEYS: JSON.stringify({ up: MARKER }) });
    for (const stream of [false, true]) {
      const seen = upstream(answer);
      const answered = await edge.chat({ stream });
      expect(seen[0]?.headers.get("authorization")).toBe(`Bearer ${MARKER}`);
      expectSilence(edge, answered, lines, [MARKER]);
    }
  });

  it.each([
    ["POLICY", { POLICY: `{"${MARKER}` }],
    ["VERIFICATION_KEYS", { VERIFICATION_KEYS: JSON.stringify({ generation: 1, keys: [{ d: MARKER }] }) }],
    ["ORIGINS", { ORIGINS: JSON.stringify({ up: { url: MARKER } }) }],
    ["ORIGIN_API_KEYS", { ORIGIN_API_KEYS: `{"up":"${MARKER}"` }],
    ["ORIGIN_REQUEST_KEY", { ORIGIN_REQUEST_KEY: JSON.stringify({ kty: "OKP", crv: "Ed25519", d: MARKER }) }],
    [
      "a private key of a wrong length",
      { ORIGIN_REQUEST_KEY: JSON.stringify({ kty: "OKP", crv: "Ed25519", kid: "k", x: MARKER, d: MARKER }) },
    ],
  ])("in a setting that cannot be used: %s", async (_name, over) => {
    const lines = printed();
    const edge = await newEdge({ POLICY: JSON.stringify(POLICY), ...over });
    const answered = await edge.chat();
    expect(answered.code).toBe("policy_unavailable");
    expect(lines.join()).toContain("configuration_unusable");
    expectSilence(edge, answered, lines, [MARKER]);
  });

  it("of all requests above stand in no audit record: the key's id does", async () => {
    expect(recorded.length).toBeGreaterThan(30);
    for (const { requestId, keyId } of recorded) {
      const [record] = await recordsOf(requestId, 1);
      expect(record?.open).toHaveProperty("credential_id", keyId);
    }
    const text = JSON.stringify(shipped);
    for (const secret of recorded.flatMap(({ secrets }) => secrets)) expect(text.includes(secret), secret).toBe(false);
  });
});
