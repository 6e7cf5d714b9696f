import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CLASSIFIER_THRESHOLDS } from "../../../guards/prompt/index.ts";
import { type DefaultModel, defaultPolicy, LOCAL_ORIGIN } from "../../../policy/defaults.ts";
import { diffPolicy } from "../../../policy/diff.ts";
import { policyDigest } from "../../../policy/digest.ts";
import { parsePolicy } from "../../../policy/parse.ts";
import { resolveModel } from "../../../policy/resolve.ts";
import { type Policy, type PolicyInput, policySchema } from "../../../policy/schema.ts";

const MODEL: DefaultModel = {
  id: "smollm2",
  version: "1",
  digest: `sha256:${"0".repeat(64)}`,
  contextTokens: 8192,
  capabilities: ["chat", "stream", "system_role"],
  origin: LOCAL_ORIGIN,
  backendModel: "smollm2-135m",
  embeddings: true,
};
const DEFAULTS = defaultPolicy({ models: [MODEL], allowedOrigins: ["http://localhost:3000"] });

function policyWith(change: Partial<PolicyInput>): Policy {
  return policySchema.parse({ ...DEFAULTS, ...change });
}

async function issuesOf(policy: unknown): Promise<readonly string[]> {
  const read = await parsePolicy(typeof policy === "string" ? policy : JSON.stringify(policy));
  return read.ok ? [] : read.issues;
}

test("a guard model that policy names is asked about scores below the threshold, unless it says from where", () => {
  const escalation = { model: "smollm2", format: "yes-no" } as const;
  const { guards } = policyWith({ guards: { prompt: { injection: { escalation } } } });
  const { escalate, block } = CLASSIFIER_THRESHOLDS.user;
  expect(guards.prompt.injection.escalation?.from).toBe(escalate);
  expect(escalate).toBeLessThan(block);
});

describe("the default policy", () => {
  test("is valid, survives being written to a file, and means what was asked for", async () => {
    const read = await parsePolicy(JSON.stringify(DEFAULTS, null, 2));
    if (!read.ok) throw new Error(read.issues.join("; "));
    expect(read.policy.models.smollm2?.capabilities).toEqual(["chat", "stream", "system_role", "embeddings"]);
    expect(read.policy.origins).toEqual({ local: { kind: "bartizan" } });
    expect(read.policy.cors.allowed_origins).toEqual(["http://localhost:3000"]);
    expect(read.policy.guards.prompt.control_tokens).toBe("block");
    expect(read.policy.tenants["*"]?.default_limits.requests_per_minute).toBeGreaterThan(0);
  });

  test("a small context is no contradiction, and a digest may be missing", () => {
    const small = defaultPolicy({ models: [{ ...MODEL, contextTokens: 128, digest: null }], allowedOrigins: [] });
    const model = policySchema.parse(small).models.smollm2;
    expect(model?.default_output_tokens).toBe(128);
    expect(model?.versions["1"]?.digest).toBeUndefined();
  });
});

describe("the digest", () => {
  test("does not depend on the file's layout, key order or spelt-out defaults", async () => {
    const { version, models, ...rest } = DEFAULTS;
    const spelt = [DEFAULTS, { ...rest, models, version }, policySchema.parse(DEFAULTS)];
    const digests = await Promise.all(
      spelt.map(async (policy, at) => {
        const read = await parsePolicy(JSON.stringify(policy, null, at));
        return read.ok && read.digest;
      }),
    );
    expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(new Set(digests).size).toBe(1);
  });

  test("changes with every change of meaning", async () => {
    const before = await policyDigest(policyWith({}));
    expect(await policyDigest(policyWith({ lease_ms: 1000 }))).not.toBe(before);
    expect(await policyDigest(policyWith({ aliases: { a: "smollm2" } }))).not.toBe(before);
  });
});

describe("a policy file that is wrong", () => {
  test.each<[string, unknown, RegExp]>([
    ["no JSON", "{", /not valid JSON/],
    ["a key named twice", `{"version":1,"models":{},"models":{}}`, /^models: .*same key twice/],
    ["an unknown name", { ...DEFAULTS, modles: {} }, /modles/],
    [
      "a version that is not there",
      { ...DEFAULTS, models: { m: { ...DEFAULTS.models.smollm2, current: "9" } } },
      /^models\.m\.current: names no version/,
    ],
    ["an alias to nothing", { ...DEFAULTS, aliases: { a: "b" } }, /^aliases\.a: points at no model/],
    ["an alias to an alias", { ...DEFAULTS, aliases: { a: "smollm2", b: "a" } }, /^aliases\.b: points at no model/],
    ["an alias to a missing version", { ...DEFAULTS, aliases: { a: "smollm2@9" } }, /^aliases\.a/],
    ["an alias that hides a model", { ...DEFAULTS, aliases: { smollm2: "smollm2@1" } }, /^aliases\.smollm2/],
    ["an origin that is not there", { ...DEFAULTS, origins: {} }, /unknown origin/],
    ["an alias to __proto__", { ...DEFAULTS, aliases: { a: "__proto__" } }, /^aliases\.a/],
    [
      "a capability that does not exist",
      { ...DEFAULTS, models: { m: { ...DEFAULTS.models.smollm2, capabilities: ["fly"] } } },
      /^models\.m\.capabilities\[0\]/,
    ],
  ])("%s is explained", async (_, policy, expected) => {
    expect(await issuesOf(policy)).toContainEqual(expect.stringMatching(expected));
  });
});

describe("resolving a model's name", () => {
  const base = DEFAULTS.models.smollm2;
  const version = base?.versions["1"];
  if (base === undefined || version === undefined) throw new Error("no model");
  const policy = policyWith({
    models: {
      smollm2: { ...base, current: "2", versions: { "1": version, "2": version } },
      "@cf/meta/llama": base,
    },
    aliases: { small: "smollm2", pinned: "smollm2@1", cf: "@cf/meta/llama" },
  });
  const resolve = (name: string) => {
    const found = resolveModel(policy, name);
    return found === null ? null : `${found.id}@${found.version}`;
  };

  test.each([
    ["smollm2", "smollm2@2"],
    ["smollm2@1", "smollm2@1"],
    ["small", "smollm2@2"],
    ["pinned", "smollm2@1"],
    ["@cf/meta/llama", "@cf/meta/llama@1"],
    ["@cf/meta/llama@1", "@cf/meta/llama@1"],
    ["cf", "@cf/meta/llama@1"],
    ["smollm2@9", null],
    ["smollm2@", null],
    ["small@1", null],
    ["", null],
    ["@", null],
    ["nothing", null],
    ["__proto__", null],
    ["constructor", null],
    ["smollm2@__proto__", null],
    ["smollm2@constructor", null],
    ["toString@1", null],
  ])("%s → %s", (name, expected) => {
    expect(resolve(name)).toBe(expected);
  });

  test("no name whatever throws or finds what is not in the policy (property)", () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom("smollm2", "small", "@cf/meta/llama").chain((id) => fc.string().map((v) => `${id}@${v}`)),
    );
    fc.assert(
      fc.property(name, (text) => {
        const found = resolveModel(policy, text);
        if (found !== null) expect(Object.hasOwn(policy.models[found.id]?.versions ?? {}, found.version)).toBe(true);
      }),
    );
  });
});

describe("the diff", () => {
  test("names each change with its place", () => {
    const before = policyWith({ aliases: { a: "smollm2" } });
    const after = policyWith({ aliases: { b: "smollm2" }, lease_ms: 1000 });
    expect(diffPolicy(before, after)).toEqual([
      { path: "aliases.a", before: "smollm2", after: undefined },
      { path: "aliases.b", before: undefined, after: "smollm2" },
      { path: "lease_ms", before: 300_000, after: 1000 },
    ]);
  });

  test("is empty between a policy and itself", () => {
    expect(diffPolicy(policyWith({}), policyWith({}))).toEqual([]);
  });
});
