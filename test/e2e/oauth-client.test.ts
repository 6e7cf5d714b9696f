// A certified OAuth client library drives our server, as any client would: metadata, tokens, private_key_jwt, DPoP with
// its nonce, introspection, revocation. The deployment is the production shape.
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startThreeWorkers, type ThreeWorkers } from "../support/three-workers.ts";
import { admin, type Target } from "./contract/target.ts";

const ISSUER = new URL("https://bartizan.test");

let deployment: ThreeWorkers;
let target: Target;
let server: oauth.AuthorizationServer;
let options: Record<PropertyKey, unknown>;

beforeAll(async () => {
  // the gateway demands nonces of one tenant's proofs
  deployment = await startThreeWorkers((policy) => ({
    ...policy,
    tenants: { ...policy.tenants, careful: { dpop_nonce: true } },
  }));
  ({ target } = deployment);
  const here = new URL(target.url);
  // the issuer is a name; the deployment listens on loopback
  const reach: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin === ISSUER.origin) url.host = here.host;
    url.protocol = here.protocol;
    return fetch(url, init);
  };
  options = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: reach };
  const response = await oauth.discoveryRequest(ISSUER, { algorithm: "oauth2", ...options });
  const found = await oauth.processDiscoveryResponse(ISSUER, response);
  // a DPoP proof names the URL that is really asked; behind a zone's own name the two are one
  const at = (url: string | undefined): string => new URL(new URL(url ?? "").pathname, here).href;
  server = {
    ...found,
    token_endpoint: at(found.token_endpoint),
    introspection_endpoint: at(found.introspection_endpoint),
    revocation_endpoint: at(found.revocation_endpoint),
    jwks_uri: at(found.jwks_uri),
  };
});
afterAll(() => deployment?.stop());

async function register(more: Record<string, unknown> = {}): Promise<{ client: oauth.Client; secret: string }> {
  const body = { tenant: "demo", name: "library", scopes: ["infer:*", "embed:*"], ...more };
  const response = await admin(target, "POST", "/clients", body);
  expect(response.status).toBe(201);
  const { client_id, client_secret = "" } = (await response.json()) as { client_id: string; client_secret?: string };
  return { client: { client_id }, secret: client_secret };
}

async function token(
  client: oauth.Client,
  auth: oauth.ClientAuth,
  parameters: Record<string, string> = {},
  DPoP?: oauth.DPoPHandle,
): Promise<oauth.TokenEndpointResponse> {
  const ask = () =>
    oauth.clientCredentialsGrantRequest(server, client, auth, parameters, {
      ...options,
      ...(DPoP === undefined ? {} : { DPoP }),
    });
  try {
    return await oauth.processClientCredentialsResponse(server, client, await ask());
  } catch (error) {
    // RFC 9449, section 8: the library has kept the nonce, and asks once more
    if (DPoP === undefined || !oauth.isDPoPNonceError(error)) throw error;
    return await oauth.processClientCredentialsResponse(server, client, await ask());
  }
}

const models = (authorization: string): Promise<Response> =>
  fetch(`${target.url}/v1/models`, { headers: { authorization } });

async function introspect(client: oauth.Client, auth: oauth.ClientAuth, text: string) {
  const response = await oauth.introspectionRequest(server, client, auth, text, options);
  return await oauth.processIntrospectionResponse(server, client, response);
}

describe("a certified client library", () => {
  it("finds the server by its metadata (RFC 8414)", () => {
    expect(server.issuer).toBe(ISSUER.href.replace(/\/$/, ""));
    expect(server.grant_types_supported).toEqual(["client_credentials"]);
  });

  it("gets a token by client_secret_basic and by client_secret_post, narrowed by scope, for a resource", async () => {
    for (const [method, auth] of [
      ["client_secret_basic", oauth.ClientSecretBasic],
      ["client_secret_post", oauth.ClientSecretPost],
    ] as const) {
      const { client, secret } = await register({ token_endpoint_auth_method: method });
      const granted = await token(client, auth(secret), { scope: "infer:*", resource: server.issuer });
      expect([granted.token_type, granted.scope]).toEqual(["bearer", "infer:*"]);
      expect((await models(`Bearer ${granted.access_token}`)).status).toBe(200);
    }
  });

  it("hears invalid_client for a wrong secret, invalid_scope and invalid_target by name", async () => {
    const { client, secret } = await register();
    await expect(token(client, oauth.ClientSecretBasic("wrong"))).rejects.toThrow();
    const auth = oauth.ClientSecretBasic(secret);
    await expect(token(client, auth, { scope: "admin" })).rejects.toMatchObject({ error: "invalid_scope" });
    const elsewhere = { resource: "https://elsewhere.test" };
    await expect(token(client, auth, elsewhere)).rejects.toMatchObject({ error: "invalid_target" });
  });

  it("gets a token by private_key_jwt, with ES256 and with EdDSA", async () => {
    for (const algorithm of ["ES256", "Ed25519"] as const) {
      const { privateKey, publicKey } = await oauth.generateKeyPair(algorithm, { extractable: true });
      const jwk = { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "k1" };
      const { kty, crv, x, y, kid } = jwk;
      const jwks = { keys: [{ kty, crv, x, kid, ...(y === undefined ? {} : { y }) }] };
      const { client } = await register({ token_endpoint_auth_method: "private_key_jwt", jwks });
      const granted = await token(client, oauth.PrivateKeyJwt({ key: privateKey, kid: "k1" }));
      expect((await models(`Bearer ${granted.access_token}`)).status).toBe(200);
    }
  });

  it("gets a DPoP-bound token after a nonce of ours, and it is no bearer token", async () => {
    const { client, secret } = await register({ dpop_bound_access_tokens: true });
    const auth = oauth.ClientSecretBasic(secret);
    const pair = await oauth.generateKeyPair("ES256", { extractable: true });
    const granted = await token(client, auth, {}, oauth.DPoP(client, pair));
    expect(granted.token_type).toBe("dpop");
    expect((await models(`Bearer ${granted.access_token}`)).status).toBe(401);
    const shown = await introspect(client, auth, granted.access_token);
    const jkt = await oauth.DPoP(client, pair).calculateThumbprint();
    expect(shown).toMatchObject({ active: true, token_type: "DPoP", cnf: { jkt } });
    await expect(token(client, auth)).rejects.toMatchObject({ error: "invalid_dpop_proof" });
  });

  it("uses its DPoP-bound token at the gateway (RFC 9449, section 7)", async () => {
    const { client, secret } = await register();
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    const granted = await token(client, oauth.ClientSecretBasic(secret), {}, DPoP);
    const url = new URL(`${target.url}/v1/models`);
    const ask = () =>
      oauth.protectedResourceRequest(granted.access_token, "GET", url, undefined, undefined, { ...options, DPoP });
    const response = await ask().catch(async (error) => {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return await ask();
    });
    expect(response.status).toBe(200);
  });

  it("asked by the gateway for a nonce, tries again with it, and keeps the next one (RFC 9449, sections 8.2 and 9)", async () => {
    expect((await admin(target, "POST", "/tenants", { name: "careful" })).status).toBe(201);
    const { client, secret } = await register({ tenant: "careful", dpop_bound_access_tokens: true });
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
    const granted = await token(client, oauth.ClientSecretBasic(secret), {}, DPoP);
    const statuses: number[] = [];
    const ask = async (method: string, path: string, body?: string): Promise<Response> => {
      const url = new URL(target.url + path);
      const headers = new Headers(body === undefined ? {} : { "content-type": "application/json" });
      const watched = async (input: string, init: object): Promise<Response> => {
        const response = await fetch(input, init);
        statuses.push(response.status);
        return response;
      };
      const reach = { ...options, [oauth.customFetch]: watched, DPoP };
      const once = () => oauth.protectedResourceRequest(granted.access_token, method, url, headers, body, reach);
      return await once().catch(async (error) => {
        if (!oauth.isDPoPNonceError(error)) throw error;
        return await once();
      });
    };
    // what it has is the token endpoint's nonce
    const listed = await ask("GET", "/v1/models");
    expect([listed.status, listed.headers.get("dpop-nonce")]).toEqual([200, expect.any(String)]);
    const body = JSON.stringify({ model: target.faultModel, messages: [{ role: "user", content: "ok" }] });
    expect((await ask("POST", "/v1/chat/completions", body)).status).toBe(200);
    expect(statuses).toEqual([401, 200, 200]);
  });

  it("introspects a token, revokes it, and it is gone at the gateway too", async () => {
    const { client, secret } = await register();
    const auth = oauth.ClientSecretBasic(secret);
    const { access_token } = await token(client, auth);
    expect(await introspect(client, auth, access_token)).toMatchObject({ active: true, client_id: client.client_id });
    expect((await models(`Bearer ${access_token}`)).status).toBe(200);
    const revoked = await oauth.revocationRequest(server, client, auth, access_token, options);
    await oauth.processRevocationResponse(revoked);
    expect(await introspect(client, auth, access_token)).toEqual({ active: false });
    expect((await models(`Bearer ${access_token}`)).status).toBe(401);
  });

  it("verifies an access token by the published keys (RFC 7517), as RFC 9068 has it", async () => {
    const { client, secret } = await register();
    const { access_token } = await token(client, oauth.ClientSecretBasic(secret));
    const request = new Request(target.url, { headers: { authorization: `Bearer ${access_token}` } });
    const claims = await oauth.validateJwtAccessToken(server, request, server.issuer, options);
    expect(claims.client_id).toBe(client.client_id);
  });
});
