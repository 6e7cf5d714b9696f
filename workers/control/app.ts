// Control's one front door: a request gets an id and a configuration, finds one route in one spelling, and leaves with
// the headers that every answer carries. Which routes there are, and who may use each, is the permission matrix's
// (policy/actions.ts): admin.ts and open.ts have a handler for each of its actions.
import { Hono } from "hono";
import { REQUEST_ID } from "../../protocol/headers.ts";
import { newRequestId } from "../../protocol/ids.ts";
import { adminRoutes } from "./admin.ts";
import { type ControlEnv, controlConfig, SettingError } from "./config.ts";
import { type ControlTypes, refuse } from "./http.ts";
import { openRoutes } from "./open.ts";
import { originRoutes } from "./origins.ts";

const METHODS = ["GET", "POST", "PATCH", "DELETE", "PUT"] as const;

/** Exported for the tests, which ask it which routes it has. */
export const app = new Hono<ControlTypes>();

app.use(async (c, next) => {
  c.set("requestId", newRequestId(Date.now(), crypto.getRandomValues(new Uint8Array(10))));
  await next();
  const { headers } = c.res;
  if (!headers.has(REQUEST_ID)) headers.set(REQUEST_ID, c.get("requestId"));
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-store");
  headers.set("x-content-type-options", "nosniff");
});

app.use(async (c, next) => {
  // an escape would be a second spelling of a path; no name here needs one
  if (c.req.path.includes("%") || new URL(c.req.url).pathname.includes("%")) return refuse(c, { code: "not_found" });
  return await next();
});

app.get("/healthz", (c) => c.json({ status: "ok" }));

app.use(async (c, next) => {
  c.set("config", await controlConfig(c.env));
  c.set("directory", c.env.DIRECTORY.get(c.env.DIRECTORY.idFromName("directory")));
  return await next();
});

// first: some of their paths lie where everything else asks for a role
app.route("/", openRoutes);
app.all("/origin/v1/*", originRoutes);
app.route("/", adminRoutes);

app.notFound((c) => {
  const allow = allowedMethods(c.req.path);
  return refuse(c, allow.length === 0 ? { code: "not_found" } : { code: "method_not_allowed", allow });
});

app.onError((error, c) => {
  // the name alone: a message may quote what was sent
  console.error(`control: ${c.get("requestId")} failed (${error.name})`);
  if (!(error instanceof SettingError)) return refuse(c, { code: "internal_error" });
  console.error(`control: ${error.message}`);
  return refuse(c, { code: "not_initialised", command: "npx bartizan doctor" });
});

/** Methods that some route takes at this path; middleware, which takes all, does not count. */
function allowedMethods(path: string): string[] {
  const taken = METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method !== "ALL"),
  );
  return taken.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
}

/** Answers every request to control. Never throws. */
export async function handleControl(request: Request, env: ControlEnv, ctx: ExecutionContext): Promise<Response> {
  return await app.fetch(request, env, ctx);
}
