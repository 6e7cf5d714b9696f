// Which client calls an OAuth endpoint: what it shows is parsed here, whether it is true the key directory says. One
// method a request (RFC 6749, section 2.3), and the one that the client is registered with.
import type {
  ClientOutcome,
  OneTime,
  PresentedClient,
  Registration,
} from "../../durable-objects/key-directory/clients/records.ts";
import type { Credential } from "../../durable-objects/key-directory/records.ts";
import { assertedClient, CLIENT_ASSERTION_TYPE } from "../../identity/client-assertion.ts";
import { type ClientCertificate, clientCertificate } from "../../identity/mtls.ts";
import { judgeNetwork } from "../../identity/network.ts";
import { networkListsFor } from "../../policy/access.ts";
import { CLIENT_ADDRESS } from "../../protocol/headers.ts";
import { CONTROL_LIMITS, type ControlContext, readBytes } from "./http.ts";
import { fault, NOT_BELIEVED, type OAuthFault, slowDown } from "./oauth-answers.ts";
import { basicCredentials, type Form, readForm } from "./oauth-request.ts";
import { clientSecretHash } from "./secrets.ts";

export type OAuthRead<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly fault: OAuthFault };

export async function readOAuthForm(c: ControlContext): Promise<OAuthRead<{ readonly form: Form }>> {
  const bytes = await readBytes(c.req.raw, CONTROL_LIMITS.maxBodyBytes);
  if (bytes === null) return { ok: false, fault: fault("invalid_request", "The body is too large.") };
  const form = readForm(c.req.header("content-type"), bytes);
  if (form !== null) return { ok: true, form };
  return {
    ok: false,
    fault: fault("invalid_request", "The body must be a form that names each parameter once."),
  };
}

export interface AuthenticatedClient {
  readonly client: Credential;
  readonly registration: Registration;
}

/** @param oneTime something else that the request showed and that counts once, such as a DPoP proof */
export async function authenticateClient(
  c: ControlContext,
  form: Form,
  oneTime: OneTime | null = null,
): Promise<OAuthRead<AuthenticatedClient>> {
  const presented = await presentedClient(c, form);
  if ("error" in presented) return { ok: false, fault: presented };
  const { issuer } = c.get("config");
  const clientAddress = c.req.header(CLIENT_ADDRESS) ?? null;
  const audiences = [issuer, tokenEndpoint(issuer)];
  const outcome = await c.get("directory").authenticateClient({ presented, clientAddress, audiences, oneTime });
  if (!outcome.done) return { ok: false, fault: faultOf(outcome) };
  const { client, registration } = outcome;
  // a client that is bound to addresses, by its own list or its tenant's, is unknown at any other
  const { key, tenant } = networkListsFor(c.get("config").policy, client.tenant, "oauth.token", client);
  if (!judgeNetwork(clientAddress, { key, tenant }).allowed) return { ok: false, fault: NOT_BELIEVED };
  return { ok: true, client, registration };
}

export function tokenEndpoint(issuer: string): string {
  return new URL("/oauth/token", issuer).href;
}

/** What the edge says of the connection, beside the request; no header is read (identity/mtls.ts). */
export function edgeCertificate(c: ControlContext): ClientCertificate | null {
  return clientCertificate(c.req.raw.cf?.tlsClientAuth);
}

function faultOf(outcome: Extract<ClientOutcome, { done: false }>): OAuthFault {
  switch (outcome.fault) {
    case "invalid_client":
      return NOT_BELIEVED;
    case "slow_down":
      return slowDown(outcome.retryAfterMs);
    case "replayed":
      return fault("invalid_dpop_proof", "The proof was used before.");
  }
}

async function presentedClient(c: ControlContext, form: Form): Promise<PresentedClient | OAuthFault> {
  const authorization = c.req.header("authorization");
  const shown = [authorization !== undefined, form.has("client_secret"), form.has("client_assertion")];
  if (shown.filter(Boolean).length > 1)
    return fault("invalid_request", "Use one method of client authentication a request.");
  const presented = await oneMethod(c, form, authorization);
  if (presented === null || !/^[\x21-\x7e]{1,128}$/.test(presented.clientId)) return NOT_BELIEVED;
  const named = form.get("client_id") ?? presented.clientId;
  return named === presented.clientId ? presented : fault("invalid_request", "client_id names another client.");
}

async function oneMethod(
  c: ControlContext,
  form: Form,
  authorization: string | undefined,
): Promise<PresentedClient | null> {
  if (authorization !== undefined) {
    const basic = basicCredentials(authorization);
    return basic === null ? null : await bySecret(c, "client_secret_basic", basic.id, basic.secret);
  }
  const clientId = form.get("client_id");
  const secret = form.get("client_secret");
  if (secret !== undefined)
    return clientId === undefined ? null : await bySecret(c, "client_secret_post", clientId, secret);
  const assertion = form.get("client_assertion");
  if (assertion !== undefined) {
    const asserted = form.get("client_assertion_type") === CLIENT_ASSERTION_TYPE ? assertedClient(assertion) : null;
    return asserted === null ? null : { method: "private_key_jwt", clientId: asserted, assertion };
  }
  const certificate = edgeCertificate(c);
  return clientId === undefined || certificate === null ? null : { method: "tls_client_auth", clientId, certificate };
}

async function bySecret(
  c: ControlContext,
  method: "client_secret_basic" | "client_secret_post",
  clientId: string,
  secret: string,
): Promise<PresentedClient> {
  // the same work for a client that does not exist: hash, one call, one comparison
  return { method, clientId, secretHash: await clientSecretHash(c.get("config").pepper, clientId, secret) };
}
