// OAuth clients as the tests play them: forms, assertions, DPoP proofs, certificates of the edge.
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { type Answer, ISSUER, type Platform, randomText, type Sent, send } from "./platform.ts";

export const GRANT = { grant_type: "client_credentials" };
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly alg: string;
}

export async function keyPair(alg = "ES256", kid?: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, alg, jwk: { ...(await exportJWK(publicKey)), ...(kid === undefined ? {} : { kid }) } };
}

export async function post(
  platform: Platform,
  path: string,
  form: Record<string, string>,
  sent: Sent = {},
): Promise<Answer> {
  return await send(platform, "POST", path, {
    ...sent,
    body: new URLSearchParams(form).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...sent.headers },
  });
}

export const basic = (id: string, secret: string): string => `Basic ${btoa(`${id}:${secret}`)}`;

export async function newClient(
  platform: Platform,
  admin: string,
  over: Record<string, unknown> = {},
): Promise<Answer["json"]> {
  const json = { tenant: "demo", name: "robot", scopes: ["infer:small", "embed:*"], ...over };
  const answer = await send(platform, "POST", "/admin/v1/clients", { key: admin, json });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json;
}

export async function assertion(
  key: KeyPair,
  clientId: string,
  over: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: ISSUER, jti: randomText(16), iat: now, exp: now + 60, ...over };
  return await new SignJWT(claims).setProtectedHeader({ alg: key.alg, ...header }).sign(key.privateKey);
}

export const asserted = (jwt: string, form: Record<string, string> = GRANT): Record<string, string> => ({
  ...form,
  client_assertion_type: ASSERTION_TYPE,
  client_assertion: jwt,
});

export async function dpop(
  key: KeyPair,
  method: string,
  path: string,
  over: Record<string, unknown> = {},
): Promise<string> {
  const claims = {
    jti: randomText(16),
    htm: method,
    htu: `${ISSUER}${path}`,
    iat: Math.floor(Date.now() / 1000),
    ...over,
  };
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg, typ: "dpop+jwt", jwk: key.jwk })
    .sign(key.privateKey);
}

/** The edge's struct for a certificate that it verified. */
export const certificate = (over: Record<string, unknown> = {}): { tlsClientAuth: Record<string, unknown> } => ({
  tlsClientAuth: {
    certPresented: "1",
    certVerified: "SUCCESS",
    certRevoked: "0",
    certFingerprintSHA256: "ab".repeat(32),
    certSubjectDNRFC2253: "CN=robot,O=Example",
    certIssuerDNRFC2253: "CN=ca",
    ...over,
  },
});
