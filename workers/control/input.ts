// What administrators may send, field by field. An unknown field is refused by its name: a limit that was misspelt
// would otherwise be no limit.
import { z } from "zod";
import { isCidr } from "../../identity/cidr.ts";
import { type ConfirmationClaim, confirmationClaim, readConfirmation } from "../../identity/confirmation.ts";
import { isScope } from "../../identity/scopes.ts";
import { MAX_LIFETIME_S } from "../../identity/tokens.ts";
import { quotaLimitsSchema } from "../../protocol/limits.ts";

/** As policy spells tenants. */
const tenantName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "a lower-case name of up to 63 characters");
const label = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, "text without control characters");
const scope = z.string().max(256).refine(isScope, "a scope such as infer:MODEL, embed:MODEL@VERSION or admin");
const scopes = z
  .array(scope)
  .max(32)
  .refine((list) => new Set(list).size === list.length, "each scope once")
  // they all stand in the token, which a verifier reads up to 8 KiB
  .refine((list) => list.join(" ").length <= 2048, "at most 2048 characters together");
const cidrs = z.array(z.string().max(64).refine(isCidr, "an address range such as 192.0.2.0/24")).max(64);

export const tenantInput = z.strictObject({
  name: tenantName,
  /** absent: as policy says of this tenant */
  jurisdiction: z.enum(["none", "eu", "us", "fedramp"]).optional(),
  log: tenantName.optional(),
});

export const credentialInput = {
  tenant: tenantName,
  name: label,
  scopes: scopes.min(1),
  limits: quotaLimitsSchema.default({}),
  allow_cidrs: cidrs.default([]),
};

const keyLife = z.int().min(1).max(MAX_LIFETIME_S.api_key).default(MAX_LIFETIME_S.api_key);
/** How long before its end a key's holder is told to rotate it; `null`: not at all. */
const rotateBefore = z.int().min(1).max(MAX_LIFETIME_S.api_key).nullable();

/** `{"jkt"}`, `{"x5t#S256"}` or `{"jwk"}`: what the holder must prove with each request (RFC 7800). */
const cnf = z.unknown().transform(async (claim, context): Promise<ConfirmationClaim> => {
  const confirmation = await readConfirmation(claim);
  if (confirmation !== null) return confirmationClaim(confirmation);
  context.addIssue({ code: "custom", message: "one thumbprint or public key" });
  return z.NEVER;
});

export const keyInput = z.strictObject({
  ...credentialInput,
  cnf: cnf.optional(),
  expires_in_s: keyLife,
  rotate_before_s: rotateBefore.default(null),
  auto_rotate: z.boolean().default(false),
});

const DAY_S = 24 * 3600;
export const overlapS = z
  .int()
  .min(0)
  .max(30 * DAY_S)
  .default(DAY_S);

/** By the key's own holder: all else is as the record has it. */
export const exchangeInput = z.strictObject({ overlap_s: overlapS });

/** What is left out stays as the old key has it. */
export const rotateInput = z.strictObject({
  /** for which both keys work; 0: the old one ends with the answer */
  overlap_s: overlapS,
  name: label.optional(),
  scopes: scopes.min(1).optional(),
  limits: quotaLimitsSchema.optional(),
  allow_cidrs: cidrs.optional(),
  expires_in_s: keyLife,
  rotate_before_s: rotateBefore.optional(),
  auto_rotate: z.boolean().optional(),
  cnf: cnf.optional(),
});

/** Who an external subject is: its account, as the audit log has it, or its issuer and the claims that name its account. */
export const subjectInput = z
  .strictObject({
    tenant: tenantName,
    account: z
      .string()
      .regex(/^ext_[0-9a-f]{32}$/, "an account such as ext_… of the audit log")
      .optional(),
    issuer: z.string().max(512).optional(),
    claims: z.record(z.string().max(128), z.unknown()).optional(),
  })
  .refine(
    ({ account, issuer, claims }) => (account === undefined) === (issuer !== undefined && claims !== undefined),
    "an account, or an issuer and claims",
  );
export type SubjectInput = z.infer<typeof subjectInput>;

/** A field that is left out stays as it is; in `limits`, `null` means no limit. */
export const changeInput = z.strictObject({
  name: label.optional(),
  scopes: scopes.optional(),
  limits: quotaLimitsSchema.optional(),
  allow_cidrs: cidrs.optional(),
});
export const keyChangeInput = changeInput.extend({
  rotate_before_s: rotateBefore.optional(),
  auto_rotate: z.boolean().optional(),
});

export const rotateSigningKeyInput = z.strictObject({
  purpose: z.enum(["api_key", "access_token"]),
  algorithm: z.enum(["EdDSA", "ES256"]).nullable().default(null),
});
export const withdrawInput = z.strictObject({ confirm: z.boolean().default(false) });

export const bootstrapInput = z.strictObject({ secret: z.string().max(1024) });

const cursor = z
  .string()
  .regex(/^[a-z0-9_-]{1,64}$/)
  .nullable()
  .default(null);
const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,2}$/)
  .transform(Number)
  .refine((count) => count <= 200)
  .default(50);

export const pageInput = z.strictObject({ cursor, limit });
export const unusedInput = z.strictObject({
  cursor,
  limit,
  tenant: tenantName.nullable().default(null),
  unused_for_days: z
    .string()
    .regex(/^[0-9]{1,4}$/)
    .transform(Number),
});
export const listInput = z.strictObject({ cursor, limit, tenant: tenantName.nullable().default(null) });
export const eventsInput = z.strictObject({
  cursor: z
    .string()
    .regex(/^evt_[0-9a-f]{32}$/)
    .nullable()
    .default(null),
  limit,
  tenant: tenantName.nullable().default(null),
  /** RFC 3339; Unix milliseconds once read */
  since: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .nullable()
    .default(null),
});
export const usageInput = z.strictObject({ key: z.string().regex(/^[a-z0-9_]{1,64}$/) });
export const noInput = z.strictObject({});
