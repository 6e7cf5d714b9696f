// Every route and verb of the inference, administration and audit APIs, and who may use it, as data. A route that is
// not here is allowed to nobody.
import type { Role } from "../identity/scopes.ts";

export interface ActionRow {
  /** its name in policy, in the log and in the printed matrix */
  readonly action: string;
  readonly api: "open" | "inference" | "admin" | "audit";
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** whose roles open it */
  readonly roles: readonly Role[];
  /** a scope with one of these verbs opens it, for whatever model */
  readonly verbs: readonly ("infer" | "embed" | "call")[];
  /** it concerns one tenant, which is asked for by name: roles for that tenant open it, too */
  readonly perTenant: boolean;
}

type Api = ActionRow["api"];
type Method = ActionRow["method"];

const ADMIN = ["admin"] as const;
/** Who runs the platform sees what there is, and stops what must be stopped; he gives nobody access. */
const RUN = ["admin", "operator"] as const;
const AUDIT = ["auditor"] as const;

function row<A extends Api, N extends string>(
  api: A,
  action: N,
  method: Method,
  path: string,
  who: Partial<Pick<ActionRow, "roles" | "verbs" | "perTenant">> = {},
): ActionRow & { readonly api: A; readonly action: N } {
  return { action, api, method, path, roles: [], verbs: [], perTenant: false, ...who };
}

const of = (roles: readonly Role[]) => ({ roles, perTenant: true });
const overAll = (roles: readonly Role[]) => ({ roles });

export const ACTIONS = [
  // they need no role: health, public keys, and what authenticates its caller in its own way
  row("open", "health.live", "GET", "/healthz"),
  row("open", "health.ready", "GET", "/readyz"),
  row("open", "metadata.issuer", "GET", "/.well-known/oauth-authorization-server"),
  row("open", "metadata.jwks", "GET", "/.well-known/jwks.json"),
  row("open", "metadata.log", "GET", "/.well-known/bartizan-log"),
  row("open", "oauth.token", "POST", "/oauth/token"),
  row("open", "oauth.introspect", "POST", "/oauth/introspect"),
  row("open", "oauth.revoke", "POST", "/oauth/revoke"),
  row("open", "bootstrap.use", "POST", "/admin/v1/bootstrap"),
  // the key itself is what is asked: whether it may be exchanged is its record's to say
  row("open", "keys.rotate_self", "POST", "/admin/v1/keys/self/rotate"),

  row("inference", "chat.create", "POST", "/v1/chat/completions", { verbs: ["infer"] }),
  row("inference", "embeddings.create", "POST", "/v1/embeddings", { verbs: ["embed"] }),
  // with whatever methods policy lists
  row("inference", "origins.call", "POST", "/v1/origins/{origin}/{path}", { verbs: ["call"] }),
  row("inference", "catalogue.list", "GET", "/v1/models", { verbs: ["infer", "embed"] }),
  row("inference", "catalogue.show", "GET", "/v1/models/{id}", { verbs: ["infer", "embed"] }),

  row("admin", "tenants.create", "POST", "/admin/v1/tenants", overAll(ADMIN)),
  row("admin", "tenants.list", "GET", "/admin/v1/tenants", overAll(RUN)),
  row("admin", "keys.create", "POST", "/admin/v1/keys", of(ADMIN)),
  row("admin", "keys.list", "GET", "/admin/v1/keys", of(RUN)),
  row("admin", "keys.show", "GET", "/admin/v1/keys/{id}", of(RUN)),
  row("admin", "keys.usage", "GET", "/admin/v1/keys/{id}/usage", of(RUN)),
  row("admin", "keys.change", "PATCH", "/admin/v1/keys/{id}", of(ADMIN)),
  row("admin", "keys.rotate", "POST", "/admin/v1/keys/{id}/rotate", of(ADMIN)),
  row("admin", "keys.revoke", "DELETE", "/admin/v1/keys/{id}", of(RUN)),
  row("admin", "clients.create", "POST", "/admin/v1/clients", of(ADMIN)),
  row("admin", "clients.list", "GET", "/admin/v1/clients", of(RUN)),
  row("admin", "clients.show", "GET", "/admin/v1/clients/{id}", of(RUN)),
  row("admin", "clients.usage", "GET", "/admin/v1/clients/{id}/usage", of(RUN)),
  row("admin", "clients.change", "PATCH", "/admin/v1/clients/{id}", of(ADMIN)),
  row("admin", "clients.rotate_secret", "POST", "/admin/v1/clients/{id}/secret", of(ADMIN)),
  row("admin", "clients.revoke", "DELETE", "/admin/v1/clients/{id}", of(RUN)),
  row("admin", "subjects.find", "POST", "/admin/v1/subjects/find", of(RUN)),
  row("admin", "subjects.revoke", "POST", "/admin/v1/subjects/revoke", of(RUN)),
  row("admin", "subjects.restore", "POST", "/admin/v1/subjects/restore", of(ADMIN)),
  row("admin", "usage.show", "GET", "/admin/v1/usage", of(RUN)),
  row("admin", "events.list", "GET", "/admin/v1/events", of(RUN)),
  row("admin", "models.list", "GET", "/admin/v1/models", overAll(RUN)),
  row("admin", "signing_keys.list", "GET", "/admin/v1/signing-keys", overAll(RUN)),
  row("admin", "signing_keys.impact", "GET", "/admin/v1/signing-keys/{kid}/impact", overAll(RUN)),
  row("admin", "signing_keys.rotate", "POST", "/admin/v1/signing-keys/rotate", overAll(ADMIN)),
  row("admin", "signing_keys.withdraw", "POST", "/admin/v1/signing-keys/{kid}/withdraw", overAll(ADMIN)),

  // an administrator does not read the log of what he did: he mints an auditor, and that stands in it
  // a log of one tenant's own concerns that tenant; any other concerns them all, since its tiles show all of it
  row("audit", "log.checkpoint", "GET", "/audit/v1/checkpoint", of(AUDIT)),
  row("audit", "log.tile", "GET", "/audit/v1/tile/{L}/{N}", of(AUDIT)),
  row("audit", "log.entries", "GET", "/audit/v1/tile/entries/{N}", of(AUDIT)),
  row("audit", "log.records", "GET", "/audit/v1/records", of(AUDIT)),
  row("audit", "sinks.list", "GET", "/audit/v1/sinks", overAll(AUDIT)),
] as const satisfies readonly ActionRow[];

/** The name of an action of the matrix, such as `keys.create`. */
export type Action = (typeof ACTIONS)[number]["action"];
/** Those of one API. A table with one handler for each of them has no route without an action. */
export type ActionOf<A extends Api> = Extract<(typeof ACTIONS)[number], { readonly api: A }>["action"];
