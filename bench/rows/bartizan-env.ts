// The environment that Bartizan is started with here (docs/environment.md): every key is made for this one run, is held
// in memory alone and ends with it. Everything is on, a sink included, whose collector is the upstream's process.
import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { benchPolicy } from "./bartizan-policy.ts";

const ISSUER = "https://bench.bartizan.example";

export interface BartizanEnvironment {
  readonly vars: Readonly<Record<string, string>>;
  readonly startSecret: string;
  readonly bootstrapSecret: string;
}

export async function benchEnvironment(upstreamUrl: string): Promise<BartizanEnvironment> {
  const [apiKey, accessToken, originRequest, log] = await Promise.all([
    keyPair("bench-api-key"),
    keyPair("bench-access-token"),
    keyPair("bench-origin-request"),
    keyPair("bench-log"),
  ]);
  const startSecret = secret();
  const bootstrapSecret = secret();
  const verification = [
    { ...apiKey.publicJwk, bartizan_signs: "api_key" },
    { ...accessToken.publicJwk, bartizan_signs: "access_token" },
  ];
  const vars = {
    POLICY: JSON.stringify(benchPolicy(upstreamUrl)),
    ISSUER,
    AUDIENCE: ISSUER,
    VERIFICATION_KEYS: JSON.stringify({ generation: 1, keys: verification }),
    ORIGINS: "{}",
    ORIGIN_REQUEST_KEY: JSON.stringify(originRequest.privateJwk),
    ORIGIN_API_KEYS: "{}",
    TOKEN_SIGNING_KEYS: JSON.stringify({ api_key: apiKey.privateJwk, access_token: accessToken.privateJwk }),
    CLIENT_SECRET_PEPPER: secret(),
    DIRECTORY_KEY: secret(),
    KEY_ENCRYPTION_KEYS: JSON.stringify({ current: "bench", keys: { bench: secret() } }),
    PUBLISHER_KEYS: JSON.stringify({ keys: [] }),
    ENROLLED_ORIGINS: "{}",
    BOOTSTRAP_SECRET: bootstrapSecret,
    LOG_SIGNING_KEY: JSON.stringify(log.privateJwk),
    LOG_ORIGIN: "bench.bartizan.example/default",
    SINKS: JSON.stringify([{ name: "collector", kind: "ndjson", url: `${upstreamUrl}/collector` }]),
    START_SECRET: startSecret,
  };
  return { vars, startSecret, bootstrapSecret };
}

/** base64url, 32 bytes */
function secret(): string {
  return randomBytes(32).toString("base64url");
}

async function keyPair(kid: string): Promise<{ publicJwk: JWK; privateJwk: JWK }> {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  const named = { kid, alg: "EdDSA" };
  return {
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
  };
}
