// From an external issuer's claims to a tenant, an account and scopes of ours, as its rule in policy says. Two walls
// stand here, whatever the claims hold: the tenant is one that the rule names, and a role is for that tenant alone
// (for all tenants only in the platform's own).
import { canonicalJson } from "../protocol/canonical-json.ts";
import { toHex, utf8 } from "../protocol/encoding.ts";
import { isJsonObject } from "../protocol/json.ts";
import { type ClaimCondition, type IssuerRule, PLATFORM_TENANT, TEMPLATE } from "./issuer-rule.ts";
import { isScope, roleOf } from "./scopes.ts";

export type Claims = Readonly<Record<string, unknown>>;

export type MappingFault =
  /** the rule's template gives none of its tenants */
  | "tenant"
  /** a claim that names the account is missing or is no usable text */
  | "account"
  /** no grant holds */
  | "no_grant";

export type Mapping =
  | { readonly ok: true; readonly tenant: string; readonly account: string; readonly scopes: readonly string[] }
  | { readonly ok: false; readonly fault: MappingFault };

/** What a claim may hold to stand in a scope: no `*`, `@`, `:` or `/`, which would make it another scope. */
const SCOPE_PART = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,256}$/u;
/** They all stand in the principal that every request carries. */
const MAX_SCOPES = 64;

/** @param claims of a token whose signature, issuer, audience and times were judged */
export async function mapClaims(claims: Claims, rule: IssuerRule): Promise<Mapping> {
  const tenant = tenantOf(claims, rule);
  if (tenant === null) return { ok: false, fault: "tenant" };
  const account = await subjectAccount(claims, tenant, rule);
  if (account === null) return { ok: false, fault: "account" };
  const scopes = scopesOf(claims, rule).filter((scope) => isWithin(scope, tenant));
  if (scopes.length === 0) return { ok: false, fault: "no_grant" };
  return { ok: true, tenant, account, scopes: [...new Set(scopes)].slice(0, MAX_SCOPES) };
}

function tenantOf(claims: Claims, rule: IssuerRule): string | null {
  const [only] = rule.tenants;
  const named = rule.tenant === undefined ? only : filled(rule.tenant, claims, PLAIN)?.join("");
  return named !== undefined && rule.tenants.includes(named) ? named : null;
}

/** The account of a subject of this tenant; null where a claim that names it is missing or is no usable text. */
export async function subjectAccount(claims: Claims, tenant: string, rule: IssuerRule): Promise<string | null> {
  const lineage = filled(rule.account, claims, PLAIN);
  return lineage === null ? null : await accountOf(tenant, rule.issuer, lineage);
}

/**
 * `ext_` and 32 hex digits. A digest over the parts, not over their text: with `${a}-${b}` the claims `x-y`, `z` and
 * `x`, `y-z` are two accounts, and no issuer can reach an account of another, or one of our own.
 */
async function accountOf(tenant: string, issuer: string, lineage: readonly string[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", utf8(canonicalJson([tenant, issuer, ...lineage])));
  return `ext_${toHex(new Uint8Array(digest)).slice(0, 32)}`;
}

function scopesOf(claims: Claims, rule: IssuerRule): readonly string[] {
  return rule.grants
    .filter(({ when }) => when.every((condition) => holds(condition, claims)))
    .flatMap(({ scopes }) => scopes)
    .map((template) => filled(template, claims, SCOPE_PART)?.join("") ?? "")
    .filter(isScope);
}

/** A role for the mapped tenant; one for every tenant only among the platform's own people; any scope that is no role. */
function isWithin(scope: string, tenant: string): boolean {
  const role = roleOf(scope);
  if (role === null) return true;
  return role.tenant === null ? tenant === PLATFORM_TENANT : role.tenant === tenant;
}

function holds(condition: ClaimCondition, claims: Claims): boolean {
  const path = typeof condition.claim === "string" ? [condition.claim] : condition.claim;
  if (!isTrusted(path[0] ?? "", claims)) return false;
  const value = path.reduce<unknown>((node, name) => (isJsonObject(node) ? own(node, name) : undefined), claims);
  if ("equals" in condition) return value === condition.equals;
  return Array.isArray(value) && value.includes(condition.contains);
}

/** The template's parts, claims filled in, in order; null where a claim is missing, is no text, or does not fit. */
function filled(template: string, claims: Claims, allowed: RegExp): readonly string[] | null {
  // split keeps the captured names at the odd places
  const parts = template
    .split(TEMPLATE)
    .map((part, index) => (index % 2 === 0 ? part : claimText(part, claims, allowed)));
  const known = parts.filter((part) => part !== null);
  return known.length === parts.length ? known : null;
}

function claimText(name: string, claims: Claims, allowed: RegExp): string | null {
  const value = own(claims, name);
  return typeof value === "string" && allowed.test(value) && isTrusted(name, claims) ? value : null;
}

/** An address that the issuer did not verify is whatever the user typed (OpenID Connect Core, section 5.7). */
function isTrusted(name: string, claims: Claims): boolean {
  return name !== "email" || own(claims, "email_verified") === true;
}

function own(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}
