// An external issuer as a function behind `fetch`: discovery, keys that rotate, an endpoint that fails on demand. It
// counts what is fetched of it. The real provider of the end-to-end tests cannot be told to be wrong in one thing.
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { vi } from "vitest";
import type { PolicyInput } from "../../../policy/schema.ts";
import { type Edge, newEdge, POLICY, upstream } from "./edge.ts";

export interface IdpKey {
  readonly kid: string;
  readonly alg: string;
  readonly secret: CryptoKey;
  readonly open: JWK;
}

export async function newKey(kid: string, alg = "ES256"): Promise<IdpKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { kid, alg, secret: privateKey, open: { ...(await exportJWK(publicKey)), kid, alg } };
}

export type Claims = Record<string, unknown>;

export class Idp {
  readonly issuer: string;
  keys: readonly IdpKey[] = [];
  /** in the place of the key set */
  fault: ((request: Request) => Response | Promise<Response>) | null = null;
  metadata: Claims = {};
  /** every address that was asked for, in order */
  readonly asked: string[] = [];

  /** another for each test, and so other accounts */
  constructor(issuer = `https://idp.test/realms/${crypto.randomUUID()}`) {
    this.issuer = issuer;
  }

  get keysAddress(): string {
    return `${this.issuer}/keys`;
  }

  count(address: string): number {
    return this.asked.filter((one) => one === address).length;
  }

  /** Null for what is none of its addresses. */
  async answer(request: Request): Promise<Response | null> {
    this.asked.push(request.url);
    // others must find the fetch under way
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (request.url === `${this.issuer}/.well-known/openid-configuration`)
      return Response.json({ issuer: this.issuer, jwks_uri: this.keysAddress, ...this.metadata });
    if (request.url !== this.keysAddress) return null;
    if (this.fault !== null) return await this.fault(request);
    return Response.json({ keys: this.keys.map(({ open }) => open) });
  }

  async token(claims: Claims = {}, header: Claims = {}, key = this.keys[0]): Promise<string> {
    if (key === undefined) throw new Error("no key");
    const nowS = Math.floor(Date.now() / 1000);
    const usual = { iss: this.issuer, aud: "https://gateway.example", sub: "alice", iat: nowS, exp: nowS + 3600 };
    return await new SignJWT({ ...usual, jti: crypto.randomUUID(), ...claims })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "at+jwt", ...header })
      .sign(key.secret);
  }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Answers every fetch of this test. Whatever none of them has is 404, and stands in `strays`. */
export function serve(...idps: readonly Idp[]): { readonly strays: string[] } {
  const strays: string[] = [];
  upstream(async (request) => {
    for (const idp of idps) {
      if (new URL(request.url).origin !== new URL(idp.issuer).origin) continue;
      const answer = await idp.answer(request);
      if (answer !== null) return answer;
    }
    strays.push(request.url);
    return new Response("nothing here", { status: 404 });
  });
  return { strays };
}

type Rule = NonNullable<PolicyInput["issuers"]>[number];

export function ruleOf(idp: Idp, over: Partial<Rule> = {}): Rule {
  return {
    issuer: idp.issuer,
    tenants: ["acme"],
    audiences: ["https://gateway.example"],
    grants: [{ scopes: ["infer:*"] }],
    ...over,
  };
}

/** An edge whose policy names these issuers. */
export function edgeWith(
  issuers: readonly Rule[],
  tenants: PolicyInput["tenants"] = {},
  over: Record<string, unknown> = {},
): Promise<Edge> {
  return newEdge({ POLICY: JSON.stringify({ ...POLICY, tenants, issuers }), ...over });
}

/** Stops the calendar for this test; timers go on. Answers what moves it. */
export function stoppedClock(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  return (ms) => void vi.setSystemTime(Date.now() + ms);
}
