// External subjects, as an administrator sees them. Nobody mints them: their issuer's tokens name them, and a ledger is made
// with the first request, or here, so that someone can be shut out who never came.
//
//   POST /admin/v1/subjects/find      the account, what it has used, whether it is revoked
//   POST /admin/v1/subjects/revoke    recorded → ledger made where there is none → each of its rows revoked
//   POST /admin/v1/subjects/restore   recorded → a new row; quotas and history go on
//
// They are named in a body: a `sub` is personal data, and an address stands in everybody's logs.
import { subjectRow } from "../../durable-objects/account-ledger/credentials.ts";
import { subjectAccount } from "../../identity/claims-mapping.ts";
import { reaches } from "../../policy/matrix.ts";
import type { Policy } from "../../policy/schema.ts";
import { subjectTerms } from "../../policy/subjects.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { SubjectTerms, UsageReport } from "../../protocol/rpc.ts";
import { rfc3339 } from "./credentials.ts";
import { actorOf, type ControlContext, readBody, refuse } from "./http.ts";
import { type SubjectInput, subjectInput } from "./input.ts";

export async function findSubject(c: ControlContext): Promise<Response> {
  return await withSubject(c, async (subject) => describe(subject, await usageOf(c, subject)));
}

export async function revokeSubject(c: ControlContext): Promise<Response> {
  return await withSubject(c, async (subject) => await revoke(c, subject));
}

export async function restoreSubject(c: ControlContext): Promise<Response> {
  return await withSubject(c, async (subject) => await restore(c, subject));
}

interface Subject {
  readonly tenant: string;
  readonly account: string;
  readonly terms: SubjectTerms;
}

/** Finds the subject that the body names, and answers what `act` says of it. */
async function withSubject(c: ControlContext, act: (subject: Subject) => Promise<object>): Promise<Response> {
  const read = await readBody(c, subjectInput);
  if (!read.ok) return refuse(c, read.refusal);
  if (!reaches(c.get("reach"), read.value.tenant)) return refuse(c, { code: "permission_denied", need: "role" });
  const { policy } = c.get("config");
  const account = await accountOf(read.value, policy);
  if (typeof account !== "string") return refuse(c, account);
  const { tenant } = read.value;
  const subject = { tenant, account, terms: subjectTerms(policy, tenant) };
  try {
    const usage = await usageOf(c, subject);
    // an account that was only named, not derived from this tenant's claims, may be another tenant's, or nobody's
    const known = usage === null ? read.value.account === undefined : usage.tenant === tenant;
    return known ? c.json(await act(subject)) : refuse(c, { code: "not_found" });
  } catch (error) {
    console.error(`control: ${c.get("requestId")} ledger_unavailable (${error instanceof Error ? error.name : "?"})`);
    return refuse(c, { code: "ledger_unavailable" });
  }
}

/** By the rules of policy: what gateway makes of these claims. */
async function accountOf({ tenant, account, issuer, claims }: SubjectInput, policy: Policy): Promise<string | Refusal> {
  if (account !== undefined) return account;
  const rules = policy.issuers.filter((rule) => rule.issuer === issuer && rule.tenants.includes(tenant));
  if (rules.length === 0)
    return { code: "invalid_request", param: "issuer", expected: "an issuer that policy names for this tenant" };
  const found = await Promise.all(rules.map((rule) => subjectAccount(claims ?? {}, tenant, rule)));
  const [only, ...others] = new Set(found);
  return typeof only === "string" && others.length === 0
    ? only
    : { code: "invalid_request", param: "claims", expected: "the claims that make one account by the issuer's rules" };
}

/** Idempotent: a repeat revokes what a failure left. */
async function revoke(c: ControlContext, subject: Subject): Promise<object> {
  await record(c, "subject.revoke", subject);
  await provision(c, subject, subject.account);
  const ref = { jurisdiction: subject.terms.jurisdiction, account: subject.account };
  for (const { id, revoked } of (await usageOf(c, subject))?.credentials ?? [])
    if (!revoked) await c.env.GATEWAY.revoke(ref, id);
  return describe(subject, await usageOf(c, subject));
}

async function restore(c: ControlContext, subject: Subject): Promise<object> {
  const before = await usageOf(c, subject);
  // who was never seen is not shut out: nothing to take back, and no ledger to make
  if (before === null || !isRevoked(before)) return describe(subject, before);
  await record(c, "subject.restore", subject);
  await provision(c, subject, `${subject.account}.${c.get("requestId")}`);
  return describe(subject, await usageOf(c, subject));
}

async function record(c: ControlContext, action: string, { tenant, account }: Subject): Promise<void> {
  await c.get("directory").record(action, tenant, account, actorOf(c));
}

async function provision(c: ControlContext, { tenant, account, terms }: Subject, rowId: string): Promise<void> {
  await c.env.GATEWAY.provision({ tenant, account, ...terms, credential: subjectRow(account, rowId) });
}

async function usageOf(c: ControlContext, { account, terms }: Subject): Promise<UsageReport | null> {
  return await c.env.GATEWAY.usage({ jurisdiction: terms.jurisdiction, account });
}

function isRevoked({ credentials = [] }: UsageReport): boolean {
  return credentials.every(({ revoked }) => revoked);
}

function describe({ tenant, account, terms }: Subject, usage: UsageReport | null) {
  const uses = usage?.credentials?.map(({ last_used_at_ms }) => last_used_at_ms ?? 0) ?? [];
  const lastMs = Math.max(0, ...uses);
  return {
    tenant,
    account,
    jurisdiction: terms.jurisdiction,
    revoked: usage !== null && isRevoked(usage),
    last_used_at: lastMs === 0 ? null : rfc3339(lastMs),
    limits: usage?.limits ?? terms.limits,
    used: usage?.used ?? {},
  };
}
