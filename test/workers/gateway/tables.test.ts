// What is judged before identity: routes, screening and cross-origin rules, each at its bound and one past it.
import { describe, expect, it } from "vitest";
import { type Policy, policySchema } from "../../../policy/schema.ts";
import { addCorsHeaders, preflight } from "../../../workers/gateway/cors.ts";
import { GATEWAY_LIMITS } from "../../../workers/gateway/limits.ts";
import type { InferenceRoute } from "../../../workers/gateway/products.ts";
import { findRoute } from "../../../workers/gateway/routes.ts";
import { screen } from "../../../workers/gateway/steps/screen.ts";
import { policyWith } from "./world.ts";

const POLICY: Policy = policySchema.parse(policyWith({ request: { max_body_bytes: 2048 } }));
const CHAT: InferenceRoute = { name: "chat", label: "POST /v1/chat/completions" };
const LIST: InferenceRoute = { name: "models", label: "GET /v1/models" };

describe("routes", () => {
  it.each([
    ["/v1/chat/completions", "chat", ["POST"]],
    ["/v1/embeddings", "embeddings", ["POST"]],
    ["/v1/models", "models", ["GET", "HEAD"]],
    ["/v1/models/small", "model", ["GET", "HEAD"]],
    ["/healthz", "live", ["GET", "HEAD"]],
    ["/health", "live", ["GET", "HEAD"]],
    ["/readyz", "ready", ["GET", "HEAD"]],
  ])("%s is %s", (path, name, methods) => {
    const found = findRoute(path);
    expect({ name: found.route?.name, methods: found.route && found.methods }).toEqual({ name, methods });
  });

  it.each([
    ["/v1/models/@cf/meta/llama-3", "@cf/meta/llama-3"],
    ["/v1/models/%40cf%2Fmeta%2Fllama-3", "@cf/meta/llama-3"],
    ["/v1/models/small%401", "small@1"],
    [`/v1/models/${"x".repeat(256)}`, "x".repeat(256)],
  ])("%s names the model %s", (path, id) => {
    expect(findRoute(path).route).toMatchObject({ name: "model", id });
  });

  it.each([
    "/",
    "",
    "/v1",
    "/v1/",
    "/v1/models/",
    "/v1//models",
    "//v1/models",
    "/v1/models//small",
    "/v1/models/small/",
    "/v1/chat/completions/",
    "/v1/chat//completions",
    "/V1/models",
    "/v1/chat",
    "/v1/chat/completions/x",
    "/v1/embeddings2",
    `/v1/models/${"x".repeat(257)}`,
    "/v1/models/%",
    "/v1/models/%ff",
    "/healthz/",
    "/admin/v1/keys",
    "/cdn-cgi/local",
    "/v2/files",
  ])("%s is nothing", (path) => {
    expect(findRoute(path)).toEqual({ route: null, code: "not_found" });
  });

  it.each([
    "files",
    "batches",
    "images/generations",
    "audio/speech",
    "realtime",
    "responses",
    "messages",
    "completions",
  ])("/v1/%s is a part of the API that is not offered", (part) => {
    expect(findRoute(`/v1/${part}`)).toEqual({ route: null, code: "not_supported" });
  });

  it("a part that every object has is no part of the API", () => {
    for (const name of ["__proto__", "constructor", "toString"])
      expect(findRoute(`/v1/${name}`)).toEqual({ route: null, code: "not_found" });
  });
});

function screened(headers: Record<string, string>, { path = "/v1/chat/completions", method = "POST" } = {}) {
  const request = new Request(`https://g.example${path}`, { method, headers });
  const route = method === "POST" ? CHAT : LIST;
  return screen(request, new URL(request.url), route, method === "POST" ? ["POST"] : ["GET", "HEAD"], POLICY);
}
const JSON_TYPE = { "content-type": "application/json" };

describe("screening", () => {
  it.each([
    "application/json",
    "APPLICATION/JSON",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json ; charset = utf-8 ;",
    "application/json;",
  ])("takes the content type %s", (type) => {
    expect(screened({ "content-type": type })).toEqual({ route: CHAT, clientAddress: null, verdicts: [] });
  });

  it.each([
    "",
    "text/plain",
    "application/jsonp",
    "application/json-patch+json",
    "application/problem+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/json; charset=latin1",
    'application/json; charset="utf-8',
    "application/json; charset=utf-8; boundary=x",
    "application/json, text/plain",
    "text/plain; application/json",
  ])("refuses the content type %j", (type) => {
    expect(screened({ "content-type": type })).toEqual({ code: "unsupported_media_type" });
  });

  it("refuses a body without a content type, and a compressed one", () => {
    expect(screened({})).toEqual({ code: "unsupported_media_type" });
    for (const encoding of ["gzip", "br", "deflate", "gzip, identity", "x"])
      expect(screened({ ...JSON_TYPE, "content-encoding": encoding })).toEqual({ code: "unsupported_media_type" });
    expect(screened({ ...JSON_TYPE, "content-encoding": "Identity" })).not.toHaveProperty("code");
  });

  it("a content type of 100 characters passes, one more does not", () => {
    const typed = (chars: number) => `application/json;${" ".repeat(chars - 30)}charset=utf-8`;
    expect(typed(100)).toHaveLength(100);
    expect(screened({ "content-type": typed(100) })).not.toHaveProperty("code");
    expect(screened({ "content-type": typed(101) })).toEqual({ code: "unsupported_media_type" });
  });

  it("a content type of blanks is judged in no time: it comes from strangers", () => {
    // with three unbounded repetitions side by side, a thousand blanks took seconds and thirty thousand would take days
    for (const blanks of [50, 90, 1000, 30_000])
      for (const type of [`application/json${" ".repeat(blanks)}x`, `application/json;${" ".repeat(blanks)}charset x`])
        expect(screened({ "content-type": type })).toEqual({ code: "unsupported_media_type" });
  });

  it("headers of exactly the limit pass, one byte more does not", () => {
    // name, value, colon, blank and line end, as they stand on the wire
    const fixed = "content-type".length + "application/json".length + 4 + "x-fill".length + 4;
    const fill = (bytes: number) => screened({ ...JSON_TYPE, "x-fill": "y".repeat(bytes) });
    const room = GATEWAY_LIMITS.maxHeaderBytes - fixed;
    expect(fill(room)).not.toHaveProperty("code");
    expect(fill(room + 1)).toEqual({ code: "headers_too_large", limitBytes: GATEWAY_LIMITS.maxHeaderBytes });
  });

  it("a declared length of exactly the limit passes, one byte more does not, and one that is no length counts as none", () => {
    const declared = (length: string) => screened({ ...JSON_TYPE, "content-length": length });
    expect(declared("2048")).not.toHaveProperty("code");
    expect(declared("2049")).toEqual({ code: "request_too_large", limitBytes: 2048 });
    expect(declared("999999999999999")).toHaveProperty("code", "request_too_large");
    for (const odd of ["-1", "1e9", "0x999999", "2048, 4096", " ", "9".repeat(16)])
      expect(declared(odd)).not.toHaveProperty("code");
  });

  it.each([
    ["?limit=1", "limit"],
    ["?api_key=secret", "api_key"],
    ["?secret.secret.secret=", "query"],
    [`?${"s".repeat(33)}=1`, "query"],
    ["?sk-1234567890=1", "query"],
    ["?=secret", "query"],
    ["?a&b", "a"],
  ])("the query %s is refused, and what may be a key by mistake is not repeated", (query, param) => {
    expect(screened({}, { path: `/v1/models${query}`, method: "GET" })).toEqual({ code: "invalid_query", param });
  });

  it.each(["?", "#x", ""])("an address that ends in %j has no query", (end) => {
    expect(screened({}, { path: `/v1/models${end}`, method: "GET" })).not.toHaveProperty("code");
  });

  it("another method is refused before anything else, with those that are right", () => {
    const refused = screened({ "x-fill": "y".repeat(40_000) }, { path: "/v1/models?x=1", method: "DELETE" });
    expect(refused).toEqual({ code: "method_not_allowed", allow: ["GET", "HEAD"] });
  });

  it("a client's address is the platform's word alone", () => {
    const claimed = {
      "x-forwarded-for": "6.6.6.6",
      forwarded: "for=6.6.6.6",
      "x-real-ip": "6.6.6.6",
      "true-client-ip": "6.6.6.6",
    };
    expect(screened({ ...JSON_TYPE, ...claimed })).toMatchObject({ clientAddress: null });
    expect(screened({ ...JSON_TYPE, ...claimed, "cf-connecting-ip": "203.0.113.9" })).toMatchObject({
      clientAddress: "203.0.113.9",
    });
  });
});

describe("cross-origin rules", () => {
  const cors = (...allowed_origins: string[]): Policy["cors"] => ({ allowed_origins, max_age_s: 600 });
  const headersFor = (origin: string | null, policy: Policy["cors"]): Record<string, string> => {
    const headers = new Headers();
    addCorsHeaders(headers, origin, policy);
    return Object.fromEntries(headers);
  };
  const asking = (headers: Record<string, string>, policy: Policy["cors"]): Record<string, string> => {
    const request = new Request("https://g.example/v1/chat/completions", { method: "OPTIONS", headers });
    const response = preflight(request, ["POST"], policy);
    expect(response.status).toBe(204);
    return Object.fromEntries(response.headers);
  };
  const APP = "https://app.example";

  it("an origin that policy names may read the answer, and every cache is told to keep them apart", () => {
    expect(headersFor(APP, cors(APP))).toMatchObject({
      "access-control-allow-origin": APP,
      vary: "Origin",
      "access-control-expose-headers": expect.stringContaining("retry-after"),
    });
    expect(headersFor(null, cors(APP))).toEqual({ vary: "Origin" });
  });

  it.each([
    "https://app.example.evil",
    "https://evil-app.example",
    "http://app.example",
    "https://app.example:8443",
    "https://app.example/",
    "HTTPS://APP.EXAMPLE",
    "null",
    "app://x",
    "",
    "*",
  ])("%j is not allowed by a policy that names https://app.example", (origin) => {
    expect(headersFor(origin, cors(APP))).toEqual({ vary: "Origin" });
    expect(asking({ origin }, cors(APP))).toEqual({ allow: "POST, OPTIONS", vary: "Origin" });
  });

  it("`null` and a scheme of one's own are allowed where policy names them", () => {
    for (const origin of ["null", "app://x"])
      expect(headersFor(origin, cors(origin))["access-control-allow-origin"]).toBe(origin);
  });

  it("any origin is told `*`, never its own name, and never that credentials are allowed", () => {
    const answered = asking({ origin: APP, "access-control-request-method": "POST" }, cors("*"));
    expect(answered["access-control-allow-origin"]).toBe("*");
    expect(answered).not.toHaveProperty("access-control-allow-credentials");
    expect(headersFor(APP, cors("*"))).not.toHaveProperty("access-control-allow-credentials");
    expect(headersFor(null, cors("*"))).toEqual({});
  });

  it("a policy without origins adds nothing", () => {
    expect(headersFor(APP, cors())).toEqual({});
    expect(asking({ origin: APP }, cors())).toEqual({ allow: "POST, OPTIONS" });
  });

  it("a preflight echoes the headers that are asked for, within bounds and without surprises", () => {
    const asked = (list: string) => asking({ origin: APP, "access-control-request-headers": list }, cors(APP));
    const allowed = (list: string) => asked(list)["access-control-allow-headers"];
    const sdk = "authorization,content-type,x-stainless-lang,x-stainless-retry-count";
    expect(asked(sdk)).toMatchObject({
      "access-control-allow-origin": APP,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": sdk,
      "access-control-max-age": "600",
      vary: "Origin, Access-Control-Request-Headers",
    });
    expect(allowed("a".repeat(2048))).toBe("a".repeat(2048));
    expect(allowed("a".repeat(2049))).toBeUndefined();
    expect(allowed("a: b")).toBeUndefined();
    expect(allowed('a"b')).toBeUndefined();
  });

  it("an OPTIONS without an origin is answered, and grants nothing", () => {
    expect(asking({}, cors(APP))).toEqual({ allow: "POST, OPTIONS", vary: "Origin" });
  });
});
