// A real OpenID provider (npm oidc-provider) on loopback: discovery, published keys, JWT access tokens by client
// credentials for any resource. It counts what is fetched, rotates its keys, and its key endpoint fails on demand.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import Provider from "oidc-provider";

/** What its key endpoint does instead of answering. */
export type KeyFault = "500" | "html" | "hang" | "huge" | "redirect" | "text";

export type Claims = Readonly<Record<string, unknown>>;

export interface OidcProvider {
  readonly issuer: string;
  /** of discovery and keys, since it started */
  readonly fetched: { discovery: number; keys: number; redirected: number };
  fault: KeyFault | null;
  /** laid over the discovery document */
  metadata: Claims;
  /** A token that it issued, by its own protocol. @param claims that it adds for this client */
  token(client: string, audience: string, claims?: Claims): Promise<string>;
  /** One that it would not issue: its key, any header and claims. */
  forge(header: Claims, claims: Claims): Promise<string>;
  /** Other keys from now on; the old ones are published no more, unless `keep`. */
  rotate(keep?: boolean): Promise<void>;
  stop(): Promise<void>;
}

const ALG = "ES256";
/** of each of its clients */
export const OIDC_SECRET = "for-trying-it-out";

/** @param port 0: any that is free */
export async function startOidcProvider(port = 0): Promise<OidcProvider> {
  const added = new Map<string, Claims>();
  let generation = 0;
  let keys: (JWK & { kid: string })[] = [];
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/.well-known/openid-configuration") {
      provider.fetched.discovery++;
      if (Object.keys(provider.metadata).length > 0) return void amended(request, response);
    }
    if (path === "/jwks?again") provider.fetched.redirected++;
    if (path === "/jwks") {
      provider.fetched.keys++;
      if (provider.fault !== null) return FAULTS[provider.fault](response);
    }
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** A provider with the keys of now. */
  const build = (): void => {
    const clients = [...added.keys()].map((client_id) => ({
      client_id,
      client_secret: OIDC_SECRET,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: ALG,
    }));
    handle = new Provider(issuer, {
      clients,
      jwks: { keys },
      cookies: { keys: ["not-used"] },
      scopes: ["models"],
      enabledJWA: { idTokenSigningAlgValues: [ALG] },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo: (_, resource) => ({
            scope: "models",
            audience: resource,
            accessTokenFormat: "jwt",
            accessTokenTTL: 600,
            jwt: { sign: { alg: ALG } },
          }),
        },
      },
      extraTokenClaims: (_, { clientId }) => ({ ...added.get(clientId) }),
    }).callback();
  };

  const amended = async (_: IncomingMessage, response: ServerResponse): Promise<void> => {
    const document = { issuer, jwks_uri: `${issuer}/jwks`, ...provider.metadata };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
  };

  const provider: OidcProvider = {
    issuer,
    fetched: { discovery: 0, keys: 0, redirected: 0 },
    fault: null,
    metadata: {},
    async token(client, audience, claims = {}) {
      const isNew = !added.has(client);
      added.set(client, claims);
      if (isNew) build();
      const response = await fetch(`${issuer}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${client}:${OIDC_SECRET}`).toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource: audience, scope: "models" }),
      });
      const answer = (await response.json()) as { access_token?: string };
      if (answer.access_token === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`);
      return answer.access_token;
    },
    async forge(header, claims) {
      const [key] = keys;
      if (key === undefined) throw new Error("no key");
      const nowS = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer, sub: "forged", iat: nowS, exp: nowS + 300, jti: crypto.randomUUID() };
      return await new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: ALG, kid: key.kid, typ: "at+jwt", ...header })
        .sign(await importJWK(key, ALG));
    },
    async rotate(keep = false) {
      const { privateKey } = await generateKeyPair(ALG, { extractable: true });
      const fresh = { ...(await exportJWK(privateKey)), kid: `key-${++generation}`, alg: ALG, use: "sig" };
      // the first of its algorithm signs
      keys = keep ? [fresh, ...keys] : [fresh];
      build();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await provider.rotate();
  return provider;
}

const FAULTS: Readonly<Record<KeyFault, (response: ServerResponse) => void>> = {
  "500": (response) => void response.writeHead(500, { "content-type": "application/json" }).end("{}"),
  html: (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>busy</html>"),
  text: (response) => void response.writeHead(200, { "content-type": "application/json" }).end("<html>busy</html>"),
  hang: () => undefined,
  huge: (response) =>
    void response
      .writeHead(200, { "content-type": "application/json" })
      .end(`{"keys":[],"x":"${"x".repeat(300_000)}"}`),
  redirect: (response) => void response.writeHead(302, { location: "/jwks?again" }).end(),
};
