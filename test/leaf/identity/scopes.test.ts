import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { common, grantsAny, isScope, modelNeeds, modelVerb, narrows, ROLES, roleOf } from "../../../identity/scopes.ts";

const HEX = "ab".repeat(32);

describe("the grammar", () => {
  test.each([
    "infer:smollm2",
    "infer:*",
    "infer:small-*@1",
    "infer:@cf/meta/llama-3.1-8b-instruct",
    "infer:@cf/*@2024-07",
    "infer:llama:8b",
    `infer:m@sha256:${HEX}`,
    "infer:m@sha256:*",
    "embed:m@*",
    "logprobs",
    "admin",
    "operator",
    "auditor",
    "admin:acme",
    "operator:a-b_c",
    "auditor:0",
  ])("takes %s", (scope) => expect(isScope(scope)).toBe(true));

  test.each([
    "",
    "infer",
    "infer:",
    "infer:@",
    "infer:m@",
    "infer:m@1@2",
    "infer:a b",
    "infer:m@sha256:abc",
    `infer:m@sha256:${HEX.toUpperCase()}`,
    `infer:m@sha256:${HEX}0`,
    "Admin",
    "admin:*",
    "admin:",
    "admin:Acme",
    "admin:a:b",
    "admin:acme@1",
    "admin: acme",
    "root:acme",
    "*",
    "logprobs:m",
    "delete:m",
    "infer:m\n",
    `infer:${"m".repeat(200)}`,
  ])("refuses %j", (scope) => expect(isScope(scope)).toBe(false));
});

describe("what is granted", () => {
  const needs = modelNeeds("infer", "small-1", "2", `sha256:${HEX}`);

  test.each([["infer:small-1"], ["infer:*"], ["infer:small-*"], ["infer:small-1@2"], ["infer:*@2"], ["infer:s*-*@*"]])(
    "%s allows small-1@2",
    (scope) => expect(grantsAny([scope], needs)).toBe(true),
  );
  test("its digest allows it, written with or without the prefix", () => {
    expect(grantsAny([`infer:small-1@sha256:${HEX}`], needs)).toBe(true);
    expect(modelNeeds("infer", "small-1", "2", HEX)).toEqual(needs);
  });
  test.each([
    ["embed:small-1"],
    ["infer:small-1@1"],
    ["infer:small-2"],
    ["infer:small"],
    ["infer:mall*"],
    [`infer:small-1@sha256:${"cd".repeat(32)}`],
    ["admin"],
    ["nonsense"],
    ["*"],
  ])("%s does not", (scope) => expect(grantsAny([scope], needs)).toBe(false));

  test("a model that no one attests matches no digest scope, not even the widest", () => {
    const unattested = modelNeeds("infer", "m", "1", null);
    expect(grantsAny(["infer:m@sha256:*", `infer:m@sha256:${HEX}`], unattested)).toBe(false);
    expect(grantsAny(["infer:m@*"], unattested)).toBe(true);
  });
  test("a star in a version does not reach a digest that happens to fit", () => {
    const attested = modelNeeds("infer", "m", "9", HEX);
    expect(grantsAny(["infer:m@s*"], attested)).toBe(false);
    expect(grantsAny(["infer:m@*b"], attested)).toBe(false);
    expect(grantsAny(["infer:m@sha256:*"], attested)).toBe(true);
  });
  test("a star never crosses the @ before a version, and an id's own leading @ is part of it", () => {
    expect(grantsAny(["infer:m*2"], ["infer:m@2"])).toBe(false);
    expect(grantsAny(["infer:*"], modelNeeds("infer", "@cf/meta/x", "1", null))).toBe(true);
    expect(grantsAny(["infer:@cf/*@1"], modelNeeds("infer", "@cf/meta/x", "1", null))).toBe(true);
    expect(grantsAny(["infer:@cf/*@2"], modelNeeds("infer", "@cf/meta/x", "1", null))).toBe(false);
    expect(grantsAny(["infer:cf/*"], modelNeeds("infer", "@cf/meta/x", "1", null))).toBe(false);
  });
  test("no scope grants nothing, and no need is met by nothing", () => {
    expect(grantsAny([], needs)).toBe(false);
    expect(grantsAny(["infer:*"], [])).toBe(false);
  });
  test("roles are apart: an administrator infers nothing", () => {
    expect(grantsAny(["admin"], ["admin"])).toBe(true);
    expect(grantsAny(["admin"], ["operator"])).toBe(false);
    expect(grantsAny(["admin", "operator", "auditor", "logprobs"], needs)).toBe(false);
  });
});

describe("roles of a tenant", () => {
  test("are part of the role for all, and nothing of another's", () => {
    for (const role of ROLES) {
      expect(grantsAny([role], [`${role}:acme`])).toBe(true);
      expect(grantsAny([`${role}:acme`], [`${role}:acme`])).toBe(true);
      expect(grantsAny([`${role}:acme`], [role])).toBe(false);
      expect(grantsAny([`${role}:acme`], [`${role}:acme2`])).toBe(false);
      expect(narrows([`${role}:acme`], [role])).toBe(true);
      expect(narrows([role], [`${role}:acme`])).toBe(false);
      expect(roleOf(`${role}:acme`)).toEqual({ role, tenant: "acme" });
      expect(roleOf(role)).toEqual({ role, tenant: null });
    }
    expect(grantsAny(["admin:acme"], ["operator:acme"])).toBe(false);
    for (const text of ["infer:admin", "logprobs", "", "admin:*"]) expect(roleOf(text)).toBeNull();
  });
  test("a scope for a model says its verb, and nothing else does", () => {
    expect(modelVerb("infer:m@1")).toBe("infer");
    expect(modelVerb("embed:*")).toBe("embed");
    for (const text of ["admin", "logprobs", "infer:", "infer", "delete:m"]) expect(modelVerb(text)).toBeNull();
  });
});

describe("narrowing", () => {
  test("keeps or cuts, never widens", () => {
    expect(narrows(["infer:m@1"], ["infer:m"])).toBe(true);
    expect(narrows([`infer:m@sha256:${HEX}`], ["infer:m"])).toBe(true);
    expect(narrows([`infer:m@sha256:${HEX}`], ["infer:m@*"])).toBe(true);
    expect(narrows(["infer:a*"], ["infer:*"])).toBe(true);
    expect(narrows([], ["infer:m"])).toBe(true);
    expect(narrows(["infer:m"], ["infer:m@1"])).toBe(false);
    expect(narrows(["infer:m"], ["infer:m@*"])).toBe(false);
    expect(narrows(["infer:*"], ["infer:a*"])).toBe(false);
    expect(narrows(["infer:a", "admin"], ["infer:*"])).toBe(false);
    expect(narrows(["nonsense"], ["nonsense"])).toBe(false);
  });

  // few letters, so that patterns and names meet often
  const part = fc.string({ unit: fc.constantFrom("a", "b", "*"), minLength: 1, maxLength: 4 });
  const scope = fc.oneof(
    part.map((model) => `infer:${model}`),
    fc.tuple(part, part).map(([model, version]) => `infer:${model}@${version}`),
    part.map((model) => `infer:${model}@sha256:*`),
  );
  const name = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 6 });
  const needs = fc
    .tuple(name, name, fc.option(fc.constant(HEX)))
    .map(([model, version, digest]) => modelNeeds("infer", model, version, digest));

  test("what a narrowed list allows, the wider one allowed", () => {
    fc.assert(
      fc.property(fc.array(scope), fc.array(scope), needs, (child, parent, need) => {
        fc.pre(narrows(child, parent) && grantsAny(child, need));
        expect(grantsAny(parent, need)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  test("two lists have in common what both allow, the narrower of each pair", () => {
    expect(common(["admin", "infer:m"], ["admin:acme", "infer:*"])).toEqual(["infer:m", "admin:acme"]);
    expect(common(["infer:a", "infer:b"], ["infer:b", "embed:*"])).toEqual(["infer:b"]);
    expect(common(["admin:a"], ["admin:b"])).toEqual([]);
    expect(common(["nonsense"], ["nonsense"])).toEqual([]);
    fc.assert(
      fc.property(fc.array(scope), fc.array(scope), needs, (one, other, need) => {
        const both = common(one, other);
        expect(narrows(both, one) && narrows(both, other)).toBe(true);
        // one need at a time: a list may meet a use by one of its needs and the other list by another
        for (const single of need) if (grantsAny(both, [single])) expect(grantsAny(one, [single])).toBe(true);
      }),
    );
  });
  test("every list narrows itself, and narrowing is transitive", () => {
    fc.assert(
      fc.property(scope, scope, scope, (a, b, c) => {
        expect(narrows([a], [a])).toBe(true);
        if (narrows([a], [b]) && narrows([b], [c])) expect(narrows([a], [c])).toBe(true);
      }),
    );
  });
  test("a glob agrees with the regular expression that says the same", () => {
    fc.assert(
      fc.property(part, name, (pattern, text) => {
        const says = new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text);
        expect(grantsAny([`infer:${pattern}`], [`infer:${text}`])).toBe(says);
      }),
      { numRuns: 500 },
    );
  });
});

describe("endpoints and fields", () => {
  test("an endpoint's scope covers its path or a glob of it, and no model", () => {
    expect(grantsAny(["call:gpu/*"], ["call:gpu/classify"])).toBe(true);
    expect(grantsAny(["call:gpu/classify"], ["call:gpu/classify/v2"])).toBe(false);
    expect(grantsAny(["infer:*", "embed:*"], ["call:gpu/classify"])).toBe(false);
    expect(grantsAny(["call:*"], ["infer:small"])).toBe(false);
    expect(modelVerb("call:gpu/classify")).toBe("call");
  });
  test("an endpoint has no versions", () => {
    for (const text of ["call:gpu/x@1", "call:@gpu/x", "call:gpu/x@sha256:*"]) expect(isScope(text)).toBe(false);
  });
  test.each(["logprobs", "logit_bias", "n", "echo"])("%s is granted by its own name alone", (field) => {
    expect(grantsAny([field], [field])).toBe(true);
    expect(grantsAny(["infer:*", "admin", "call:*"], [field])).toBe(false);
  });
});
