// The paths of the log's read side. One spelling each: a doubled or trailing slash, an escape, another case name nothing.
import { DEFAULT_LOG, isLogName } from "../../durable-objects/audit-log/commands.ts";
import type { ActionOf } from "../../policy/matrix.ts";
import { parseTilePath, type TilePath } from "../../transparency/path.ts";
import { type Cursor, readCursor } from "./cursors.ts";

export type Route =
  /** the verifier key: open to all */
  | { readonly kind: "vkey"; readonly log: string }
  | { readonly kind: "checkpoint"; readonly log: string }
  | { readonly kind: "resource"; readonly log: string; readonly path: TilePath }
  | { readonly kind: "records"; readonly log: string; readonly cursor: Cursor | null; readonly limit: number }
  | { readonly kind: "sinks" };

export type Routing =
  | { readonly ok: true; readonly route: Route }
  | { readonly ok: false; readonly fault: "not_found" }
  | { readonly ok: false; readonly fault: "invalid_query"; readonly param: string };

/** A route that asks who reads. */
export type ReadRoute = Exclude<Route, { readonly kind: "vkey" }>;

/** The route's name in the permission matrix: one that has none does not compile. */
export function actionOfRoute(route: ReadRoute): ActionOf<"audit"> {
  switch (route.kind) {
    case "checkpoint":
      return "log.checkpoint";
    case "resource":
      return route.path.level === "entries" ? "log.entries" : "log.tile";
    case "records":
      return "log.records";
    case "sinks":
      return "sinks.list";
  }
}

export const DEFAULT_PAGE = 50;
export const MAX_PAGE = 500;

export function routeOf(url: URL): Routing {
  const { pathname, searchParams } = url;
  if (pathname === "/.well-known/bartizan-log") return vkeyRoute(searchParams);
  const [, rest] = /^\/audit\/v1\/(.+)$/.exec(pathname) ?? [];
  if (rest === undefined) return { ok: false, fault: "not_found" };
  if (rest === "sinks") return withoutQuery(searchParams, { kind: "sinks" });
  const [, named, below] = /^logs\/([^/]+)\/(.+)$/.exec(rest) ?? [];
  const [log, resource] = named === undefined || below === undefined ? [DEFAULT_LOG, rest] : [named, below];
  if (!isLogName(log)) return { ok: false, fault: "not_found" };
  if (resource === "checkpoint") return withoutQuery(searchParams, { kind: "checkpoint", log });
  if (resource === "records") return recordsRoute(searchParams, log);
  const path = parseTilePath(resource);
  if (path === null) return { ok: false, fault: "not_found" };
  return withoutQuery(searchParams, { kind: "resource", log, path });
}

/** `?log=NAME` for a log of its own. Any name has a key, so that no answer tells which logs there are. */
function vkeyRoute(query: URLSearchParams): Routing {
  const values = readQuery(query, ["log"]);
  if ("param" in values) return values;
  const log = values.given.get("log") ?? DEFAULT_LOG;
  return isLogName(log) ? { ok: true, route: { kind: "vkey", log } } : invalid("log");
}

function recordsRoute(query: URLSearchParams, log: string): Routing {
  const values = readQuery(query, ["limit", "cursor"]);
  if ("param" in values) return values;
  const limitText = values.given.get("limit") ?? String(DEFAULT_PAGE);
  const limit = /^[1-9]\d{0,2}$/.test(limitText) ? Number(limitText) : Number.POSITIVE_INFINITY;
  if (limit > MAX_PAGE) return invalid("limit");
  const text = values.given.get("cursor");
  const cursor = text === undefined ? null : readCursor(text);
  if (text !== undefined && cursor === null) return invalid("cursor");
  return { ok: true, route: { kind: "records", log, cursor, limit } };
}

function withoutQuery(query: URLSearchParams, route: Route): Routing {
  const values = readQuery(query, []);
  return "param" in values ? values : { ok: true, route };
}

/** Each known name at most once, and no other: two values for one name would be read differently by whoever logs them. */
function readQuery(query: URLSearchParams, names: readonly string[]): { given: Map<string, string> } | Invalid {
  const given = new Map<string, string>();
  for (const [name, value] of query) {
    if (!names.includes(name) || given.has(name)) return invalid(name);
    given.set(name, value);
  }
  return { given };
}

type Invalid = Extract<Routing, { readonly fault: "invalid_query" }>;
function invalid(param: string): Invalid {
  return { ok: false, fault: "invalid_query", param };
}
