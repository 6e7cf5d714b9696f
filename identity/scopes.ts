// What a token may do, as text in its `scope` claim (RFC 6749, section 3.3: words separated by single spaces), in a
// credential's row and in the needs of a request. One comparison serves all three, so that they cannot disagree.
//
//   infer:MODEL            every version of the model          embed:… likewise
//   infer:MODEL@VERSION    that version
//   infer:MODEL@sha256:HEX the model file with that digest, whatever it is called today
//   call:ORIGIN/PATH       an origin's own endpoint that policy passes through; it has no versions
//   logprobs logit_bias n echo   fields that model extraction feeds on; policy says which of them need their scope
//   admin operator auditor roles, for every tenant
//   admin:TENANT …         the same, for one tenant: what the role means there is policy/matrix.ts's
//
// `*` stands for any run of characters inside its own part. The `@` that ends a model's id is not inside a part, so
// `infer:small-*` never means a version; an `@` that begins an id (`@cf/meta/…`) belongs to it. A `*` in a version
// reaches a digest only if it is the whole version: `@1*` must not grant a file by an accident of its digest.

/** Scopes named after the request fields that they open (`logprobs` opens `top_logprobs` as well, `n` values above 1). */
export const FIELD_SCOPES = ["logprobs", "logit_bias", "n", "echo"] as const;
export type FieldScope = (typeof FIELD_SCOPES)[number];

export const ROLES = ["admin", "operator", "auditor"] as const;
export type Role = (typeof ROLES)[number];

const VERBS = ["infer", "embed", "call"] as const;

/** A tenant's name as policy and administration spell it. No `*`: a role for some tenants is a role for those named. */
const ROLE_SCOPE = /^(admin|operator|auditor)(?::([a-z0-9][a-z0-9_-]{0,62}))?$/;
const MODEL_SCOPE =
  /^(infer|embed|call):(@?[A-Za-z0-9*][A-Za-z0-9._:/*-]{0,127})(?:@(sha256:(?:[0-9a-f]{64}|\*)|[A-Za-z0-9._*-]{1,64}))?$/;

type Parsed =
  | { readonly kind: "capability"; readonly name: string }
  /** `tenant` null: every tenant */
  | { readonly kind: "role"; readonly role: string; readonly tenant: string | null }
  /** `version` null: every version */
  | { readonly kind: "model"; readonly verb: string; readonly model: string; readonly version: string | null };

/** Whether `text` is a scope of this grammar. */
export function isScope(text: string): boolean {
  return parse(text) !== null;
}

/**
 * Whether any one of `needs` is granted. No needs, nothing granted: false; a caller that needs no scope does not ask.
 * Text that is not a scope grants nothing and is never granted.
 */
export function grantsAny(granted: readonly string[], needs: readonly string[]): boolean {
  for (const need of needs) if (granted.some((scope) => covers(scope, need))) return true;
  return false;
}

/** Every scope that would allow this use, the widest first. A model without a digest never asks for an `@sha256:` one. */
export function modelNeeds(verb: "infer" | "embed", model: string, version: string, digest: string | null): string[] {
  const needs = [`${verb}:${model}`, `${verb}:${model}@${version}`];
  if (digest !== null) needs.push(`${verb}:${model}@${digest.startsWith("sha256:") ? digest : `sha256:${digest}`}`);
  return needs;
}

/** Whether every scope of `child` is granted by `parent`: what a rotation or an exchange may keep without widening. */
export function narrows(child: readonly string[], parent: readonly string[]): boolean {
  return child.every((scope) => parent.some((wider) => covers(wider, scope)));
}

/** What both lists allow, the narrower of each pair that overlaps: a token's scopes and those of its credential's row. */
export function common(one: readonly string[], other: readonly string[]): string[] {
  const kept = [...one.filter((scope) => narrows([scope], other)), ...other.filter((scope) => narrows([scope], one))];
  return [...new Set(kept)];
}

/** The role that a scope is, and for which tenant (null: every one); null for any other scope. */
export function roleOf(text: string): { readonly role: Role; readonly tenant: string | null } | null {
  const parsed = parse(text);
  const role = ROLES.find((name) => parsed?.kind === "role" && parsed.role === name);
  return role === undefined || parsed?.kind !== "role" ? null : { role, tenant: parsed.tenant };
}

/** What a scope lets its holder do with a model or an endpoint; null for a role, a field, and what is no scope. */
export function modelVerb(text: string): "infer" | "embed" | "call" | null {
  const parsed = parse(text);
  if (parsed?.kind !== "model") return null;
  return VERBS.find((verb) => verb === parsed.verb) ?? null;
}

/**
 * Whether `wider` allows all that `narrower` allows. A `*` of `narrower` is compared as a character that only a `*` of
 * `wider` can take: sound (nothing is granted that should not be), and where it errs it refuses.
 */
function covers(wider: string, narrower: string): boolean {
  const outer = parse(wider);
  const inner = parse(narrower);
  if (outer === null || inner === null) return false;
  if (outer.kind === "capability") return inner.kind === "capability" && outer.name === inner.name;
  if (outer.kind === "role")
    return (
      inner.kind === "role" && outer.role === inner.role && (outer.tenant === null || outer.tenant === inner.tenant)
    );
  if (inner.kind !== "model" || outer.verb !== inner.verb || !glob(outer.model, inner.model)) return false;
  if (outer.version === null || outer.version === inner.version) return true;
  if (inner.version === null) return false;
  if (outer.version === "*") return true;
  return isDigest(outer.version) === isDigest(inner.version) && glob(outer.version, inner.version);
}

function isDigest(version: string): boolean {
  return version.startsWith("sha256:");
}

function parse(text: string): Parsed | null {
  if ((FIELD_SCOPES as readonly string[]).includes(text)) return { kind: "capability", name: text };
  const [, role, tenant] = ROLE_SCOPE.exec(text) ?? [];
  if (role !== undefined) return { kind: "role", role, tenant: tenant ?? null };
  const [, verb, model, version] = MODEL_SCOPE.exec(text) ?? [];
  if (verb === undefined || model === undefined) return null;
  // an endpoint has no versions: a scope that names one would look narrower than what it opens
  if (verb === "call" && (version !== undefined || model.startsWith("@"))) return null;
  return { kind: "model", verb, model, version: version ?? null };
}

/** Greedy with one point of return: at most pattern × text steps, whatever the pattern (no backtracking to exploit). */
function glob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let p = 0;
  while (at < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = at;
    } else if (pattern[p] === text[at]) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
