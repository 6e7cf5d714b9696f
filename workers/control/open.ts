// The routes that need no role: what anyone may know, and what asks its caller in its own way. As in admin.ts, their
// methods and paths are the matrix's.
import { Hono } from "hono";
import { ACTIONS, type ActionOf } from "../../policy/actions.ts";
import { judgeOpenRoute } from "./authorize.ts";
import { bootstrap } from "./bootstrap.ts";
import { exchangeKey } from "./exchange.ts";
import { type ControlTypes, type Handler, refuse } from "./http.ts";
import { showIssuer, showJwks } from "./metadata.ts";
import { introspect } from "./oauth-introspect.ts";
import { revokeToken } from "./oauth-revoke.ts";
import { token } from "./oauth-token.ts";
import { routePath } from "./route-path.ts";

/** Answered by another Worker, or, as health is, before there is a configuration. */
type Elsewhere = "health.live" | "health.ready" | "metadata.log";
type OpenAction = Exclude<ActionOf<"open">, Elsewhere>;

const HANDLERS: Readonly<Record<OpenAction, Handler>> = {
  "metadata.issuer": showIssuer,
  "metadata.jwks": showJwks,
  "oauth.token": token,
  "oauth.introspect": introspect,
  "oauth.revoke": revokeToken,
  "bootstrap.use": bootstrap,
  "keys.rotate_self": exchangeKey,
};

export const openRoutes = new Hono<ControlTypes>();

for (const row of ACTIONS) {
  const action = row.action;
  if (!isHere(action)) continue;
  openRoutes.on(row.method, routePath(row.path), async (c) => {
    const refusal = judgeOpenRoute(c, action);
    return refusal === null ? await HANDLERS[action](c) : refuse(c, refusal);
  });
}

function isHere(action: string): action is OpenAction {
  return Object.hasOwn(HANDLERS, action);
}
