// The permission matrix, cell by cell, and what no cell may allow.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ROLES } from "../../../identity/scopes.ts";
import { ACTIONS } from "../../../policy/actions.ts";
import {
  actionOf,
  isAllowed,
  MATRIX_COLUMNS,
  matchesRoute,
  mayGrant,
  printMatrix,
  reaches,
  reachesNobody,
  reachOf,
} from "../../../policy/matrix.ts";

// columns: admin, operator, auditor, admin:TENANT, operator:TENANT, auditor:TENANT, infer:MODEL, embed:MODEL, call:ORIGIN/PATH
const EXPECTED = `
health.live               x x x  x x x  x x x
health.ready              x x x  x x x  x x x
metadata.issuer           x x x  x x x  x x x
metadata.jwks             x x x  x x x  x x x
metadata.log              x x x  x x x  x x x
oauth.token               x x x  x x x  x x x
oauth.introspect          x x x  x x x  x x x
oauth.revoke              x x x  x x x  x x x
bootstrap.use             x x x  x x x  x x x
keys.rotate_self          x x x  x x x  x x x
chat.create               . . .  . . .  x . .
embeddings.create         . . .  . . .  . x .
catalogue.list            . . .  . . .  x x .
catalogue.show            . . .  . . .  x x .
origins.call              . . .  . . .  . . x
tenants.create            x . .  . . .  . . .
tenants.list              x x .  . . .  . . .
keys.create               x . .  x . .  . . .
keys.list                 x x .  x x .  . . .
keys.show                 x x .  x x .  . . .
keys.usage                x x .  x x .  . . .
keys.change               x . .  x . .  . . .
keys.rotate               x . .  x . .  . . .
keys.revoke               x x .  x x .  . . .
clients.create            x . .  x . .  . . .
clients.list              x x .  x x .  . . .
clients.show              x x .  x x .  . . .
clients.usage             x x .  x x .  . . .
clients.change            x . .  x . .  . . .
clients.rotate_secret     x . .  x . .  . . .
clients.revoke            x x .  x x .  . . .
subjects.find             x x .  x x .  . . .
subjects.revoke           x x .  x x .  . . .
subjects.restore          x . .  x . .  . . .
usage.show                x x .  x x .  . . .
events.list               x x .  x x .  . . .
models.list               x x .  . . .  . . .
signing_keys.list         x x .  . . .  . . .
signing_keys.impact       x x .  . . .  . . .
signing_keys.rotate       x . .  . . .  . . .
signing_keys.withdraw     x . .  . . .  . . .
log.checkpoint            . . x  . . x  . . .
log.tile                  . . x  . . x  . . .
log.entries               . . x  . . x  . . .
log.records               . . x  . . x  . . .
sinks.list                . . x  . . .  . . .
`;
const cells = EXPECTED.trim()
  .split("\n")
  .flatMap((line) => {
    const [action = "", ...marks] = line.split(/\s+/);
    return MATRIX_COLUMNS.map((column, index) => [action, column, marks[index] === "x"] as const);
  });

describe("the matrix", () => {
  test("has a cell here for each of its own, and no other", () => {
    expect(cells).toHaveLength(ACTIONS.length * MATRIX_COLUMNS.length);
    expect(new Set(cells.map(([action]) => action))).toEqual(new Set(ACTIONS.map(({ action }) => action)));
  });
  test.each(cells)("%s by %s: %s", (action, column, allowed) => {
    expect(isAllowed([column.replace("TENANT", "acme")], action, "acme")).toBe(allowed);
    expect(printMatrix().find((row) => row.action === action)?.cells[column]).toBe(allowed);
  });
  test("names each action and each route once", () => {
    expect(new Set(ACTIONS.map(({ action }) => action)).size).toBe(ACTIONS.length);
    expect(new Set(ACTIONS.map(({ method, path }) => `${method} ${path}`)).size).toBe(ACTIONS.length);
    expect(actionOf("DELETE", "/admin/v1/keys/{id}")).toBe("keys.revoke");
    expect(actionOf("PUT", "/admin/v1/keys/{id}")).toBeNull();
  });
});

describe("what nobody may", () => {
  const closed = ACTIONS.filter(({ api }) => api !== "open");
  test("nothing is allowed without a scope, or with text that is none", () => {
    for (const { action } of closed)
      for (const scopes of [[], ["*"], ["Admin"], ["admin:*"], ["admin:"], ["nonsense"], ["logprobs"]])
        expect(isAllowed(scopes, action, "acme")).toBe(false);
  });
  test("an action that the matrix does not have is nobody's", () => {
    for (const action of ["", "keys", "keys.*", "toString", "__proto__", "policy.change"])
      expect(isAllowed(["admin", "operator", "auditor", "infer:*"], action, null)).toBe(false);
  });
  test("a tenant's role ends at its tenant, and where an act concerns all of them", () => {
    for (const { action } of closed)
      for (const role of ROLES)
        for (const tenant of ["other", "acme2", "acm", "system", null])
          expect(isAllowed([`${role}:acme`], action, tenant)).toBe(false);
  });
  test("with any scopes together no more is allowed than with each alone (property)", () => {
    const scope = fc.constantFrom(...ROLES, "admin:a", "operator:b", "auditor:a", "infer:m", "embed:*", "x");
    const action = fc.constantFrom(...ACTIONS.map((row) => row.action));
    fc.assert(
      fc.property(fc.array(scope), action, fc.constantFrom("a", "b", null), (scopes, name, tenant) => {
        const alone = isAllowed([], name, tenant) || scopes.some((one) => isAllowed([one], name, tenant));
        expect(isAllowed(scopes, name, tenant)).toBe(alone);
      }),
    );
  });
});

describe("how far scopes reach", () => {
  test("is everyone, the tenants that they name a role for, or nobody", () => {
    expect(reachOf(["operator", "admin:acme"], "keys.list")).toBe("all");
    expect(reachOf(["admin:acme", "operator:b", "auditor:c", "infer:*"], "keys.list")).toEqual(["acme", "b"]);
    expect(reachOf(["admin:acme", "operator:b"], "keys.create")).toEqual(["acme"]);
    expect(reachOf(["admin:acme"], "tenants.list")).toEqual([]);
    expect(reachesNobody(reachOf(["auditor", "infer:*"], "keys.list"))).toBe(true);
    expect(reachesNobody("all")).toBe(false);
    expect([reaches("all", "x"), reaches(["a"], "a"), reaches(["a"], "b"), reaches([], "a")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
  test("is what the matrix allows for each tenant, and no more (property)", () => {
    const scope = fc.constantFrom(...ROLES, "admin:a", "operator:b", "auditor:a", "auditor:b", "infer:m", "x");
    const action = fc.constantFrom(...ACTIONS.map((row) => row.action));
    fc.assert(
      fc.property(fc.array(scope), action, fc.constantFrom("a", "b", "c"), (scopes, name, tenant) => {
        expect(reaches(reachOf(scopes, name), tenant)).toBe(isAllowed(scopes, name, tenant));
      }),
    );
  });
});

describe("what may be given away", () => {
  test("a tenant's administrator gives access to models and roles over his tenant, and no more", () => {
    const may = (wanted: string[], tenant = "acme", scopes = ["admin:acme"]) => mayGrant(scopes, wanted, tenant);
    expect(may(["infer:*", "embed:m@1", "logprobs", "admin:acme", "auditor:acme"])).toBe(true);
    for (const role of ["admin", "operator", "auditor", "admin:other", "operator:system"])
      expect(may(["infer:m", role])).toBe(false);
    expect(may(["infer:m"], "other")).toBe(false);
    expect(may(["admin:other"], "other")).toBe(false);
    expect(may(["nonsense"])).toBe(false);
    expect(may(["admin", "admin:other", "infer:m"], "other", ["admin"])).toBe(true);
    for (const scopes of [[], ["operator"], ["auditor"], ["operator:acme"], ["infer:*"]])
      expect(may(["infer:m"], "acme", scopes)).toBe(false);
  });
});

describe("a route in policy", () => {
  test("is an action, or all of an API, and nothing else", () => {
    expect(matchesRoute("keys.create", "keys.create")).toBe(true);
    expect(matchesRoute("admin.*", "keys.create")).toBe(true);
    expect(matchesRoute("admin.*", "chat.create")).toBe(false);
    expect(matchesRoute("keys.create", "keys.change")).toBe(false);
    for (const pattern of ["admin.*", "inference.*", "audit.*", "chat.create"])
      expect(matchesRoute(pattern)).toBe(true);
    for (const pattern of ["*", "", "keys.*", "admin", "chat", "admin.", "toString"])
      expect(matchesRoute(pattern)).toBe(false);
  });
});
