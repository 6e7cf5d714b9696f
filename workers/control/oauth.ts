// OAuth 2.0 endpoints; each has a file of its own. Their errors are the specifications', not the API's envelope.
import { Hono } from "hono";
import type { ControlTypes } from "./http.ts";
import { introspect } from "./oauth-introspect.ts";
import { revokeToken } from "./oauth-revoke.ts";
import { token } from "./oauth-token.ts";

export const oauthRoutes = new Hono<ControlTypes>()
  .post("/token", token)
  .post("/introspect", introspect)
  .post("/revoke", revokeToken);
