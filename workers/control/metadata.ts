// What anyone may know: where tokens come from (RFC 8414) and the public keys that judge them (RFC 7517).
import { Hono } from "hono";
import type { ControlTypes } from "./http.ts";

/** Seconds for which a cache may keep them: how long a new key is unknown to those who fetch it. */
const CACHE_S = 300;
const CACHED = { "cache-control": `public, max-age=${CACHE_S}` };

export const metadataRoutes = new Hono<ControlTypes>()
  .get("/oauth-authorization-server", (c) => {
    const { issuer } = c.get("config");
    const at = (path: string): string => new URL(path, issuer).href;
    return c.json(
      {
        issuer,
        token_endpoint: at("/oauth/token"),
        jwks_uri: at("/.well-known/jwks.json"),
        grant_types_supported: ["client_credentials"],
        token_endpoint_auth_methods_supported: ["client_secret_basic"],
        // required by section 2, empty without an authorization endpoint
        response_types_supported: [],
      },
      200,
      CACHED,
    );
  })
  .get("/jwks.json", (c) => {
    const keys = [...c.get("config").keys.byKid.values()].map(({ jwk }) => jwk);
    return c.json({ keys }, 200, { ...CACHED, "content-type": "application/jwk-set+json" });
  });
