// What the directory does for OAuth clients: believes them or not, issues their tokens, takes tokens back.
//
//   authenticate   throttle → proof under the client's registration → used-up proofs recorded → client
//   issue          client still there, scopes still its → issuance recorded → signed
//   revoke         recorded → gateway → audit → answered; what a crash leaves, the alarm tells
import { narrows } from "../../../identity/scopes.ts";
import type { TokenClaims } from "../../../identity/tokens.ts";
import { CLOCK_SKEW_MS } from "../core.ts";
import type { Actor, Credential } from "../records.ts";
import type { SignOutcome } from "../signing/records.ts";
import { attempt, type Listeners } from "../tell.ts";
import type { Throttle } from "../throttle.ts";
import { proveClient } from "./authenticate.ts";
import type {
  AuthenticateCommand,
  ClientOutcome,
  OneTime,
  RevokeTokenFault,
  Standing,
  TokenOutcome,
  TokenRequest,
} from "./records.ts";
import type { ClientStore, RevokedToken } from "./store.ts";

export interface ClientDeskDeps {
  readonly store: ClientStore;
  readonly throttle: Throttle;
  readonly to: Listeners;
  readonly now: () => number;
  credential(id: string): Credential | null;
  commit<T>(work: () => T): T;
  journal(action: string, target: string, client: Credential, actor: Actor): void;
  sign(claims: TokenClaims): Promise<SignOutcome>;
}

/** Wrong answers that wait at one time. Bounds what guessing can hold; beyond it they are answered at once. */
const MAX_WAITING = 256;

export class ClientDesk {
  readonly #deps: ClientDeskDeps;
  #waiting = 0;

  constructor(deps: ClientDeskDeps) {
    this.#deps = deps;
  }

  async authenticate(command: AuthenticateCommand): Promise<ClientOutcome> {
    const { store, throttle, now, commit } = this.#deps;
    const { clientId } = command.presented;
    const judgement = throttle.judge(clientId, command.clientAddress, now());
    if (!judgement.allowed) return { done: false, fault: "slow_down", retryAfterMs: judgement.retryAfterMs };

    const client = this.#client(clientId);
    const registration = store.registration(clientId);
    const known = registration === null ? null : { registration, secretHashes: this.#secretHashes(clientId) };
    const proof = await proveClient(command, known, now());
    const fresh = proof.ok && (proof.oneTime === null || commit(() => this.#use(proof.oneTime)));
    if (!fresh || client === null || registration === null) {
      await this.#wait(throttle.wrong(clientId, command.clientAddress, now()));
      return { done: false, fault: "invalid_client" };
    }
    throttle.right(clientId, command.clientAddress, now());
    if (command.oneTime !== null && !commit(() => this.#use(command.oneTime)))
      return { done: false, fault: "replayed" };
    return { done: true, client, registration };
  }

  async issue(request: TokenRequest, actor: Actor): Promise<TokenOutcome> {
    const { now, commit, journal, sign } = this.#deps;
    const client = this.#client(request.clientId);
    if (client === null || !narrows(request.scopes, client.scopes)) return { done: false, fault: "unknown" };
    const signed = await sign(tokenClaims(request, client, Math.floor(now() / 1000)));
    if (!signed.done) return { done: false, fault: "not_ready" };
    // before the token leaves: nothing does before this is durable
    commit(() => journal("token.issue", request.id, client, actor));
    return { done: true, token: signed.token };
  }

  standing(credentialId: string, tokenId: string): Standing {
    const { credential, store } = this.#deps;
    return { credential: credential(credentialId), tokenRevoked: store.isRevoked(tokenId) };
  }

  async revokeToken(
    client: Credential,
    jti: string,
    expiresAtMs: number,
    actor: Actor,
  ): Promise<RevokeTokenFault | null> {
    const { store, commit, now, journal } = this.#deps;
    const revoked = { jti, clientId: client.id, expiresAtMs };
    commit(() => {
      if (!store.isRevoked(jti)) journal("token.revoke", jti, client, actor);
      store.putRevoked(revoked, now());
    });
    return await this.#tell(revoked);
  }

  useOnce(oneTime: OneTime): boolean {
    return this.#deps.commit(() => this.#use(oneTime));
  }

  /** Tells what a crash or a failure left untold. True once nothing is left. */
  async finish(): Promise<boolean> {
    let finished = true;
    for (const revoked of this.#deps.store.untoldRevocations(100))
      finished = (await this.#tell(revoked)) === null && finished;
    return finished;
  }

  /** Inference stops first, as with any revocation. */
  async #tell({ jti, clientId, expiresAtMs }: RevokedToken): Promise<RevokeTokenFault | null> {
    const { to, store, credential } = this.#deps;
    const client = credential(clientId);
    if (client === null) return null;
    const { jurisdiction, account } = client;
    const fault =
      (await attempt("ledger_unavailable", () => to.GATEWAY.revoke({ jurisdiction, account }, jti, expiresAtMs))) ??
      (await attempt("log_unavailable", () =>
        to.AUDIT_KEYS.revoke([{ credential_id: jti, expires_at_ms: expiresAtMs + CLOCK_SKEW_MS }]),
      ));
    if (fault === null) store.toldRevocation(jti);
    return fault;
  }

  #client(id: string): Credential | null {
    const credential = this.#deps.credential(id);
    return credential?.kind === "client" && credential.revoked_at_ms === null ? credential : null;
  }

  #secretHashes(clientId: string): readonly string[] {
    const { store, now } = this.#deps;
    const hashes = [store.secretHash(clientId), store.oldSecret(clientId, now())?.hash ?? null];
    return hashes.filter((hash) => hash !== null);
  }

  #use(oneTime: OneTime | null): boolean {
    return oneTime === null || this.#deps.store.useOnce(oneTime, this.#deps.now());
  }

  async #wait(ms: number): Promise<void> {
    if (ms === 0 || this.#waiting >= MAX_WAITING) return;
    this.#waiting++;
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#waiting--;
  }
}

/** RFC 9068, section 2.2. */
function tokenClaims(request: TokenRequest, client: Credential, iat: number): TokenClaims {
  const { id, tenant, account, jurisdiction } = client;
  const { iss, aud, cnf, scopes, lifetimeS } = request;
  const scope = scopes.join(" ");
  return {
    ...{ iss, aud, sub: id, client_id: id, jti: request.id, tenant, account, jurisdiction, scope },
    ...{ iat, exp: iat + lifetimeS },
    ...(cnf === null ? {} : { cnf }),
  };
}
