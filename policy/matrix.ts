// The permission matrix: the one answer to "may this credential do this, for this tenant?", over the data of actions.ts,
// and the same answers as a table for people (`npx bartizan policy matrix`).
import { grantsAny, isScope, modelVerb, ROLES, roleOf } from "../identity/scopes.ts";
import { ACTIONS, type Action, type ActionRow } from "./actions.ts";

export type { Action, ActionOf } from "./actions.ts";

const byName: ReadonlyMap<string, ActionRow> = new Map(ACTIONS.map((row) => [row.action, row]));

/**
 * Whether these scopes allow the action. An action that the matrix does not have is allowed to nobody.
 * @param tenant whom it concerns; null where it concerns every tenant, and then only a role for all of them counts
 */
export function isAllowed(scopes: readonly string[], action: string, tenant: string | null): boolean {
  const row = byName.get(action);
  if (row === undefined) return false;
  if (row.api === "open") return true;
  if (scopes.some((scope) => row.verbs.some((verb) => modelVerb(scope) === verb))) return true;
  const concerned = row.perTenant ? tenant : null;
  return grantsAny(
    scopes,
    row.roles.map((role) => (concerned === null ? role : `${role}:${concerned}`)),
  );
}

/** Whom an action may concern when its caller asks for it: any tenant, or those named; none is nobody. */
export type Reach = "all" | readonly string[];

/** How far these scopes reach in an action: the matrix, asked for every tenant that they name. */
export function reachOf(scopes: readonly string[], action: Action): Reach {
  if (isAllowed(scopes, action, null)) return "all";
  const named = new Set(scopes.map((scope) => roleOf(scope)?.tenant ?? null));
  return [...named].filter((tenant): tenant is string => tenant !== null && isAllowed(scopes, action, tenant));
}

export function reachesNobody(reach: Reach): boolean {
  return reach !== "all" && reach.length === 0;
}

export function reaches(reach: Reach, tenant: string): boolean {
  return reach === "all" || reach.includes(tenant);
}

/**
 * Whether who holds `scopes` may give a credential of this tenant the scopes that are `wanted`. A tenant's own
 * administrator gives access to models, and roles over his tenant; never a role over another, or over all.
 */
export function mayGrant(scopes: readonly string[], wanted: readonly string[], tenant: string): boolean {
  if (!wanted.every(isScope)) return false;
  if (grantsAny(scopes, ["admin"])) return true;
  if (!grantsAny(scopes, [`admin:${tenant}`])) return false;
  return wanted.map(roleOf).every((role) => role === null || role.tenant === tenant);
}

/** The action of a route as the matrix names it; null for a route that it does not have. @param path with `{id}` */
export function actionOf(method: string, path: string): Action | null {
  return ACTIONS.find((row) => row.method === method && row.path === path)?.action ?? null;
}

/**
 * Whether a pattern of policy means the action: its name, or `API.*` for all of an API. Without an action: whether it
 * means any at all.
 */
export function matchesRoute(pattern: string, action?: string): boolean {
  return ACTIONS.some(
    (row) => (action === undefined || row.action === action) && (row.action === pattern || `${row.api}.*` === pattern),
  );
}

export const MATRIX_COLUMNS = [
  ...ROLES,
  ...ROLES.map((role) => `${role}:TENANT` as const),
  "infer:MODEL",
  "embed:MODEL",
  "call:ORIGIN/PATH",
] as const;
export type MatrixColumn = (typeof MATRIX_COLUMNS)[number];

export interface MatrixRow {
  readonly action: Action;
  readonly method: string;
  readonly path: string;
  readonly cells: Readonly<Record<MatrixColumn, boolean>>;
}

/** Each cell is asked of `isAllowed` itself: what is printed is what holds. `:TENANT` stands for the tenant concerned. */
export function printMatrix(): readonly MatrixRow[] {
  return ACTIONS.map(({ action, method, path }) => ({
    action,
    method,
    path,
    cells: Object.fromEntries(
      MATRIX_COLUMNS.map((column) => [column, isAllowed([column.replace("TENANT", "t")], action, "t")]),
    ) as Record<MatrixColumn, boolean>,
  }));
}
