// What policy says of one external issuer of tokens (an OpenID provider), as data: whom it may speak for, which of its
// tokens count, where its keys are, and what its claims become here.
// Who controls such an issuer can make every subject, account and scope that its rule can map to, in the tenants that
// the rule names, and nothing beyond: see claims-mapping.ts.
import { z } from "zod";
import { JWS_ALGORITHMS } from "./jws-algorithms.ts";
import { isScope, roleOf } from "./scopes.ts";

/** Where plain http is no exposure: the same machine. */
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** https, or http to the machine itself; no user information, no fragment (RFC 8414, section 2). */
export function isIssuerUrl(text: string): boolean {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(text) || text.length > 512 || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.protocol === "http:" && !LOOPBACK.has(url.hostname)) return false;
  return url.username === "" && url.password === "" && url.hash === "" && !text.includes("#") && !text.includes("\\");
}

const text = z.string().min(1).max(256);
const tenant = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);
const issuerUrl = z
  .string()
  .refine(isIssuerUrl, "an https URL without user information or fragment")
  .refine((url) => !url.includes("?"), "an issuer has no query");

/** A claim by its name, or by the names that lead to it in nested objects. Dots in a name are part of the name. */
const claimPath = z.union([text, z.array(text).min(1).max(4)]);

/** `${claim}` stands for a claim's text; every other character for itself. */
export const TEMPLATE = /\$\{([A-Za-z0-9_:/.-]{1,128})\}/g;
const template = text.refine(
  (value) => !value.replace(TEMPLATE, "").includes("${"),
  "a reference to a claim, in braces after a dollar sign",
);

const condition = z.union([
  z.strictObject({ claim: claimPath, equals: text }),
  z.strictObject({ claim: claimPath, contains: text }),
]);

/** A scope, in which a claim may stand for a part of a model's name. A role is never made of what an issuer wrote. */
const scopeTemplate = template.refine((value) => {
  const sample = value.replace(TEMPLATE, "x");
  return isScope(sample) && (sample === value || roleOf(sample) === null);
}, "a scope, or one with a claim in a model's name");

export const issuerRuleSchema = z
  .strictObject({
    /** `iss`, compared exactly */
    issuer: issuerUrl,
    /** the tenants that this issuer may speak for; it never speaks for another */
    tenants: z.array(tenant).min(1).max(256),
    /** one of them must be among the token's `aud` */
    audiences: z.array(text).min(1).max(16),
    /** allowed `azp`, where the token has one (OpenID Connect Core, section 3.1.3.7) */
    authorized_parties: z.array(text).min(1).max(64).optional(),
    /** allowed `typ`; `none` for tokens without one. An ID token has no type of its own: name `none` or `jwt` with care */
    types: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9+.-]{0,63}$/))
      .min(1)
      .max(8)
      .default(["at+jwt"]),
    algorithms: z.array(z.enum(JWS_ALGORITHMS)).min(1).default(["EdDSA", "ES256", "PS256", "RS256"]),
    /** where its keys are, on whatever host; absent: as its discovery document says */
    jwks_uri: z.string().refine(isIssuerUrl, "an https URL without user information or fragment").optional(),
    /** further hosts, with port, that its discovery document may name; its own it always may */
    jwks_hosts: z
      .array(z.string().regex(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/))
      .max(16)
      .default([]),
    /**
     * seconds for which its keys count while its endpoint cannot be reached: the longest time for which a key that it
     * withdrew can go on opening doors
     */
    max_key_age_s: z.int().min(1).max(86_400).default(3600),
    /** the longest life (`exp` − `iat`) of its tokens */
    max_lifetime_s: z.int().min(1).max(86_400).default(3600),
    /** the tenant; needed where there is more than one, and what it becomes must be one of them */
    tenant: template.optional(),
    /** the account whose quotas it uses, within issuer and tenant */
    account: template.default(`\${sub}`),
    /** what each that holds adds; none that holds: no access */
    grants: z
      .array(
        z.strictObject({
          /** all of them must hold; none: always */
          when: z.array(condition).max(16).default([]),
          scopes: z.array(scopeTemplate).min(1).max(32),
        }),
      )
      .min(1)
      .max(256),
  })
  .superRefine((rule, context) => {
    if (rule.tenants.length > 1 && rule.tenant === undefined)
      context.addIssue({ code: "custom", path: ["tenant"], message: "must say which of the tenants" });
    for (const [index, { scopes }] of rule.grants.entries())
      for (const scope of scopes) {
        const role = roleOf(scope);
        if (role !== null && !mayMapRole(role.tenant, rule.tenants))
          context.addIssue({
            code: "custom",
            path: ["grants", index, "scopes"],
            message: "grants a role outside the issuer's tenants",
          });
      }
  });

export type IssuerRule = z.infer<typeof issuerRuleSchema>;
export type ClaimCondition = z.infer<typeof condition>;

/** The tenant of the platform's own people; an issuer that speaks for it may give roles for every tenant. */
export const PLATFORM_TENANT = "system";

function mayMapRole(roleTenant: string | null, tenants: readonly string[]): boolean {
  return roleTenant === null ? tenants.every((name) => name === PLATFORM_TENANT) : tenants.includes(roleTenant);
}
