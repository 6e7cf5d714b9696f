// Fresh keys and secrets of one run, as bindings: the directory reads them from its Worker's environment.
import { generateKeyPairSync, randomBytes } from "node:crypto";

export function directoryBindings(): Record<string, string> {
  const api = newKey("api-1");
  const access = newKey("at-1");
  return {
    DIRECTORY_KEY: randomBytes(32).toString("base64url"),
    TOKEN_SIGNING_KEYS: JSON.stringify({ api_key: api.privateJwk, access_token: access.privateJwk }),
    VERIFICATION_KEYS: JSON.stringify({
      generation: 1,
      keys: [
        { ...api.publicJwk, bartizan_signs: "api_key" },
        { ...access.publicJwk, bartizan_signs: "access_token" },
      ],
    }),
  };
}

function newKey(kid: string) {
  const { kty, crv, x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const publicJwk = { kty, crv, x, kid, alg: "EdDSA" };
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}
