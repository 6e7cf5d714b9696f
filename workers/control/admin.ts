// Every route of administration: its handler by the name of its action. Method and path come from the permission matrix
// itself, so that a route without an action cannot be written, and an action without a handler does not compile.
import { Hono } from "hono";
import { ACTIONS, type ActionOf } from "../../policy/actions.ts";
import { reachesNobody, reachOf } from "../../policy/matrix.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { changeClient, rotateSecret } from "./client-change.ts";
import { createClient, listClients, showClient } from "./clients.ts";
import { listEvents } from "./events.ts";
import { type ControlTypes, type Handler, refuse } from "./http.ts";
import { changeKey, createKey, listKeys, revoker, showKey } from "./keys.ts";
import { showModels } from "./models.ts";
import { rotateKey } from "./rotate.ts";
import { routePath } from "./route-path.ts";
import { listSigningKeys, rotateSigningKey, showImpact, withdrawSigningKey } from "./signing-keys.ts";
import { findSubject, restoreSubject, revokeSubject } from "./subjects.ts";
import { createTenant, listTenants } from "./tenants.ts";
import { showOwnUsage, showUsage } from "./usage.ts";

const HANDLERS: Readonly<Record<ActionOf<"admin">, Handler>> = {
  "tenants.create": createTenant,
  "tenants.list": listTenants,
  "keys.create": createKey,
  "keys.list": listKeys,
  "keys.show": showKey,
  "keys.usage": showOwnUsage,
  "keys.change": changeKey,
  "keys.rotate": rotateKey,
  "keys.revoke": revoker("api_key"),
  "clients.create": createClient,
  "clients.list": listClients,
  "clients.show": showClient,
  "clients.usage": showOwnUsage,
  "clients.change": changeClient,
  "clients.rotate_secret": rotateSecret,
  "clients.revoke": revoker("client"),
  "subjects.find": findSubject,
  "subjects.revoke": revokeSubject,
  "subjects.restore": restoreSubject,
  "usage.show": showUsage,
  "events.list": listEvents,
  "models.list": showModels,
  "signing_keys.list": listSigningKeys,
  "signing_keys.impact": showImpact,
  "signing_keys.rotate": rotateSigningKey,
  "signing_keys.withdraw": withdrawSigningKey,
};

const ROUTES = ACTIONS.filter((row) => row.api === "admin");

export const adminRoutes = new Hono<ControlTypes>();

// before any route, also one that is not there: who may do nothing here does not learn what there is
adminRoutes.use("/admin/v1/*", async (c, next) => {
  const caller = await authenticate(c);
  if ("code" in caller) return refuse(c, caller);
  if (ROUTES.every(({ action }) => reachesNobody(reachOf(caller.scopes, action))))
    return refuse(c, { code: "permission_denied", need: "role" });
  c.set("caller", caller);
  return await next();
});

for (const { action, method, path } of ROUTES)
  adminRoutes.on(method, routePath(path), async (c) => {
    const authorized = authorize(c, c.get("caller"), action);
    if (!authorized.ok) return refuse(c, authorized.refusal);
    c.set("reach", authorized.reach);
    return await HANDLERS[action](c);
  });
