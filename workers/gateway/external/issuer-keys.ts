// The keys of external issuers in this isolate: identity/jwks-cache.ts decides, here its decisions are carried out. What
// passes between requests is plain data: a request never awaits what another one began, it sleeps and asks again.
//
//   use          the keys; a refresh, where one is due, goes on beside the request
//   fetch        discovery (where policy names no key address, once an hour), then the key set; report; ask again
//   wait         sleep; ask again
//   unavailable  no keys: 503
import { discoveryUrls, judgeDiscovery } from "../../../identity/discovery.ts";
import type { IssuerRule } from "../../../identity/issuer-rule.ts";
import type { JwkSet } from "../../../identity/jwks.ts";
import { JWKS_CACHE_LIMITS, JwksCache, type Lease } from "../../../identity/jwks-cache.ts";
import { type Document, fetchDocument } from "./fetch-document.ts";

/** What carrying out needs of the request that does it. */
export interface IssuerMeans {
  /** a fetch goes on when its client leaves: others wait for it */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** whether an issuer may be on this machine, by plain http */
  readonly loopback: boolean;
}

export type IssuerKeySet = {
  readonly kind: "keys";
  readonly keys: JwkSet;
  readonly generation: number;
  readonly fetchedAtMs: number;
};
export type KeysAnswer = IssuerKeySet | { readonly kind: "unavailable"; readonly retryAfterMs: number };

export interface IssuerKeysLimits {
  /** both documents together; less than a lease, so that who holds one reports in time */
  readonly fetchMs: number;
  /** for which a request waits for another's fetch, or for one after it */
  readonly waitMs: number;
  readonly pollMs: number;
  /** for which a discovered key address is believed */
  readonly addressMs: number;
}

export const ISSUER_KEYS_LIMITS: IssuerKeysLimits = {
  fetchMs: 4000,
  waitMs: 6000,
  pollMs: 20,
  addressMs: 3_600_000,
};

export class IssuerKeys {
  readonly #limits: IssuerKeysLimits;
  readonly #cache = new JwksCache();
  /** as discovered; no more entries than policy has rules */
  readonly #addresses = new Map<string, { readonly jwksUri: string; readonly foundAtMs: number }>();

  constructor(limits: IssuerKeysLimits = ISSUER_KEYS_LIMITS) {
    this.#limits = limits;
  }

  async current(rule: IssuerRule, means: IssuerMeans): Promise<KeysAnswer> {
    const name = nameOf(rule);
    const untilMs = Date.now() + this.#limits.waitMs;
    for (let nowMs = Date.now(); nowMs <= untilMs; nowMs = Date.now()) {
      const decision = this.#cache.decide(name, nowMs, rule.max_key_age_s * 1000);
      if (decision.kind === "unavailable")
        return { kind: "unavailable", retryAfterMs: Math.max(0, decision.retryAtMs - nowMs) };
      if (decision.kind === "use") {
        if (decision.refresh !== null) void this.#fetch(rule, decision.refresh, means);
        return { ...decision, kind: "keys" };
      }
      await (decision.kind === "fetch" ? this.#fetch(rule, decision.lease, means) : this.#sleep());
    }
    return { kind: "unavailable", retryAfterMs: this.#limits.waitMs };
  }

  /** For a token that the keys of `seenAtMs` do not explain. Null: there are none newer to be had. */
  async newer(rule: IssuerRule, seenAtMs: number, means: IssuerMeans): Promise<IssuerKeySet | null> {
    const name = nameOf(rule);
    const untilMs = Date.now() + this.#limits.waitMs;
    for (let nowMs = Date.now(); nowMs <= untilMs; nowMs = Date.now()) {
      const decision = this.#cache.decideNewer(name, seenAtMs, nowMs);
      if (decision === null) return null;
      if (decision.kind === "use") return { ...decision, kind: "keys" };
      await (decision.kind === "fetch" ? this.#fetch(rule, decision.lease, means) : this.#sleep());
    }
    return null;
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#limits.pollMs));
  }

  #fetch(rule: IssuerRule, lease: Lease, means: IssuerMeans): Promise<void> {
    const fetching = this.#fetchUnder(rule, lease, means);
    means.waitUntil(fetching);
    return fetching;
  }

  async #fetchUnder(rule: IssuerRule, lease: Lease, { loopback }: IssuerMeans): Promise<void> {
    const signal = AbortSignal.timeout(this.#limits.fetchMs);
    const get = (address: string, maxBytes: number) => fetchDocument(address, { signal, maxBytes, loopback });
    const address = await this.#address(rule, get);
    const document = typeof address === "string" ? await get(address, JWKS_CACHE_LIMITS.maxBytes) : address;
    if (document.ok && this.#cache.received(lease, document.text, Date.now())) return;
    // the key set may have moved: the next try asks where it is
    this.#addresses.delete(nameOf(rule));
    this.#cache.failed(lease, Date.now());
    const why = document.ok ? "no key set, or too late" : document.fault;
    console.error(JSON.stringify({ event: "issuer_keys_not_fetched", issuer: rule.issuer, why }));
  }

  /** Where the keys are, or why that is not known. */
  async #address(
    rule: IssuerRule,
    get: (address: string, maxBytes: number) => Promise<Document>,
  ): Promise<string | { readonly ok: false; readonly fault: string }> {
    if (rule.jwks_uri !== undefined) return rule.jwks_uri;
    const name = nameOf(rule);
    const known = this.#addresses.get(name);
    const age = Date.now() - (known?.foundAtMs ?? Number.NEGATIVE_INFINITY);
    if (known !== undefined && age >= 0 && age < this.#limits.addressMs) return known.jwksUri;
    let document: Document = { ok: false, fault: "missing" };
    for (const url of discoveryUrls(rule.issuer)) {
      document = await get(url, JWKS_CACHE_LIMITS.maxBytes);
      // only what is not there may be somewhere else
      if (document.ok || document.fault !== "missing") break;
    }
    if (!document.ok) return document;
    const verdict = judgeDiscovery(document.text, rule);
    if (!verdict.ok) return { ok: false, fault: `discovery: ${verdict.fault}` };
    this.#addresses.set(name, { jwksUri: verdict.jwksUri, foundAtMs: Date.now() });
    return verdict.jwksUri;
  }
}

/** Rules that differ in none of these share keys, whatever else they say. */
function nameOf({ issuer, jwks_uri, jwks_hosts, max_key_age_s }: IssuerRule): string {
  return JSON.stringify([issuer, jwks_uri ?? null, jwks_hosts, max_key_age_s]);
}
