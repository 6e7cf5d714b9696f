// Control's routes for origins, called directly: who gets what, in which form.
import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { sha256 } from "../../identity/content-digest.ts";
import { signControlRequest, signOriginRequest } from "../../identity/http-signature.ts";
import { objectKeys, pointerKey } from "../../r2-models/catalogue.ts";
import { importReleaseKey, openReleasedKey } from "../../r2-models/release.ts";
import { artifactRoutes } from "../../workers/control/artifacts.ts";
import { keyOf, MODEL, makeWorld, ORIGIN, pair, type World } from "./origin-world.ts";

let world: World;
const BASE = "/origin/v1/models/edge-mini/1";

beforeAll(async () => {
  world = await makeWorld(new Uint8Array(40_000).fill(3));
});

interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly nowMs?: number;
  readonly keyid?: string;
  readonly nonce?: string;
}

async function signed(path: string, sent: Sent = {}): Promise<Request> {
  const method = sent.method ?? (sent.body === undefined ? "GET" : "POST");
  const headers = await signControlRequest({
    method,
    target: path,
    bodySha256: sent.body === undefined ? null : await sha256(new TextEncoder().encode(sent.body)),
    nowMs: sent.nowMs ?? Date.now(),
    nonce: sent.nonce ?? randomBytes(18).toString("base64url"),
    signer: { keyid: sent.keyid ?? ORIGIN, key: await keyOf(world.signing.privateJwk) },
  });
  return new Request(`https://control.example${path}`, {
    method,
    headers: { ...headers, ...sent.headers },
    ...(sent.body === undefined ? {} : { body: sent.body }),
  });
}

async function answer(request: Request, deps = world.deps): Promise<Response> {
  return await artifactRoutes(deps).fetch(request);
}

const ask = () => JSON.stringify({ digest: world.digest });

test("the manifest comes as it was signed", async () => {
  const response = await answer(await signed(`${BASE}/manifest`));
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("private, no-store");
  expect(await response.text()).toBe(
    Buffer.from(world.bucket.objects.get(objectKeys(MODEL).manifest) ?? []).toString(),
  );
});

test("the artifact comes whole, in part, and as a head", async () => {
  const stored = Buffer.from(world.bucket.objects.get(objectKeys(MODEL).artifact) ?? []);
  const whole = await answer(await signed(`${BASE}/artifact`));
  expect(whole.status).toBe(200);
  expect(whole.headers.get("content-length")).toBe(String(stored.length));
  expect(whole.headers.get("accept-ranges")).toBe("bytes");
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(stored);

  const part = await answer(await signed(`${BASE}/artifact`, { headers: { range: "bytes=100-199" } }));
  expect(part.status).toBe(206);
  expect(part.headers.get("content-range")).toBe(`bytes 100-199/${stored.length}`);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(stored.subarray(100, 200));

  const head = await answer(await signed(`${BASE}/artifact`, { method: "HEAD" }));
  expect(head.status).toBe(200);
  expect(head.headers.get("content-length")).toBe(String(stored.length));
  expect(await head.text()).toBe("");

  const beyond = await answer(await signed(`${BASE}/artifact`, { headers: { range: `bytes=${stored.length}-` } }));
  expect(beyond.status).toBe(416);
  expect(beyond.headers.get("content-range")).toBe(`bytes */${stored.length}`);
});

test("the data key comes sealed to the enrolled key, for this request's nonce", async () => {
  const nonce = randomBytes(18).toString("base64url");
  const releases: object[] = [];
  const deps = { ...world.deps, onRelease: async (release: object) => void releases.push(release) };
  const response = await answer(await signed(`${BASE}/data-key`, { body: ask(), nonce }), deps);
  expect(response.status).toBe(200);
  const jwe = await response.text();
  const binding = { origin: ORIGIN, artifact: "edge-mini@1", digest: world.digest, nonce };
  const privateKey = await importReleaseKey(world.encryption.privateJwk);
  expect(await openReleasedKey(jwe, binding, privateKey)).toHaveLength(32);
  await expect(openReleasedKey(jwe, { ...binding, nonce: "x".repeat(24) }, privateKey)).rejects.toThrow();
  expect(releases).toEqual([{ origin: ORIGIN, artifact: "edge-mini@1", digest: world.digest }]);
});

test("where the release cannot be recorded, there is none", async () => {
  const deps = {
    ...world.deps,
    onRelease: async () => {
      throw new Error("the log is away");
    },
  };
  expect((await answer(await signed(`${BASE}/data-key`, { body: ask() }), deps)).status).toBe(503);
});

test("a data key is not released for another digest than the manifest's, or none", async () => {
  for (const body of [
    JSON.stringify({ digest: `sha256:${"0".repeat(64)}` }),
    "{}",
    "[]",
    "null",
    "not json",
    '{"digest":1}',
  ]) {
    const response = await answer(await signed(`${BASE}/data-key`, { body }));
    expect(response.status, body).toBe(400);
    expect((await response.json()).error).toMatchObject({ code: "invalid_request", param: "digest" });
  }
});

test("another artifact's wrapped key in this one's place opens nothing", async () => {
  const other = await makeWorld(new Uint8Array(10));
  const bucket = Object.assign(Object.create(Object.getPrototypeOf(world.bucket)), {
    objects: new Map(world.bucket.objects),
  });
  const key = objectKeys(MODEL).dataKey;
  bucket.objects.set(key, other.bucket.objects.get(key));
  const response = await answer(await signed(`${BASE}/data-key`, { body: ask() }), { ...world.deps, models: bucket });
  expect(response.status).toBe(503);
});

test.each([
  ["without a signature", async () => new Request(`https://control.example${BASE}/manifest`)],
  ["too old", async () => await signed(`${BASE}/manifest`, { nowMs: Date.now() - 31_000 })],
  ["by a name that is not enrolled", async () => await signed(`${BASE}/manifest`, { keyid: "other" })],
  ["by a name of the prototype", async () => await signed(`${BASE}/manifest`, { keyid: "constructor" })],
  [
    "for another path",
    async () => new Request(`https://control.example${BASE}/artifact`, await signed(`${BASE}/manifest`)),
  ],
  ["for another method", async () => new Request(await signed(`${BASE}/manifest`), { method: "HEAD" })],
  ["with another body", async () => new Request(await signed(`${BASE}/data-key`, { body: ask() }), { body: "{}" })],
  ["with a body too large", async () => await signed(`${BASE}/data-key`, { body: `"${"x".repeat(2000)}"` })],
])("a request %s is 401", async (_name, make) => {
  const response = await answer(await make());
  expect(response.status).toBe(401);
});

test("a request that was signed for an origin, with the same key, is no request to control", async () => {
  const signer = { keyid: ORIGIN, key: await keyOf(world.signing.privateJwk) };
  const nonce = randomBytes(18).toString("base64url");
  const target = `${BASE}/manifest`;
  const input = { origin: ORIGIN, method: "GET", target, bodySha256: null, nowMs: Date.now(), nonce, signer };
  const headers = await signOriginRequest(input);
  expect((await answer(new Request(`https://control.example${target}`, { headers }))).status).toBe(401);
});

test("another origin's key under this one's name is 401", async () => {
  const stranger = { ...world, signing: await pair("Ed25519", "x") };
  const mine = world;
  world = stranger;
  const request = await signed(`${BASE}/manifest`);
  world = mine;
  expect((await answer(request)).status).toBe(401);
});

test("unknown models, names that leave their folder, and models that were not granted are the same 404", async () => {
  world.bucket.objects.set(pointerKey("edge-mini"), Buffer.from("pointer"));
  for (const path of [
    "/origin/v1/models/other/1/manifest",
    "/origin/v1/models/edge-mini/2/artifact",
    "/origin/v1/models/edge-mini/current/manifest",
    "/origin/v1/models/..%2fedge-mini/1/manifest",
    "/origin/v1/models/edge-mini/..%2f1/manifest",
  ])
    expect((await answer(await signed(path))).status, path).toBe(404);
  const enrolment = { signing_key: world.signing.publicJwk, encryption_key: world.encryption.publicJwk };
  const only = (models: string[]) => ({ ...world.deps, enrolledOrigins: { [ORIGIN]: { ...enrolment, models } } });
  expect((await answer(await signed(`${BASE}/manifest`), only(["other"]))).status).toBe(404);
  expect((await answer(await signed(`${BASE}/manifest`), only(["edge-mini"]))).status).toBe(200);
});
