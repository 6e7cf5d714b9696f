import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

async function newKey(): Promise<{ readonly secret: JsonWebKey; readonly open: JsonWebKey }> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const secret = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as JsonWebKey;
  return { secret, open: { kty: "OKP", crv: "Ed25519", x: secret.x ?? "" } };
}

export default defineConfig({
  plugins: [
    cloudflareTest(async ({ inject }) => {
      const [tokens, log] = [await newKey(), await newKey()];
      return {
        main: "./main.ts",
        miniflare: {
          compatibilityDate: "2026-11-01",
          bindings: {
            ISSUER: "https://issuer.example",
            AUDIENCE: "https://gateway.example",
            VERIFICATION_KEYS: JSON.stringify({
              generation: 1,
              keys: [{ ...tokens.open, kid: "k1", alg: "EdDSA", bartizan_signs: "api_key" }],
            }),
            LOG_SIGNING_KEY: JSON.stringify(log.secret),
            LOG_ORIGIN: "log.example/bartizan",
            SINKS: JSON.stringify([{ name: "siem", kind: "ndjson", url: `${inject<string>("collectorUrl")}/c/siem` }]),
            // the tests' own: the Worker does not know them
            TOKEN_KEY: JSON.stringify(tokens.secret),
            COLLECTOR: inject<string>("collectorUrl"),
          },
          durableObjects: {
            AUDIT_LOG: { className: "AuditLog", useSQLite: true },
            SINK: { className: "Sink", useSQLite: true },
          },
          r2Buckets: ["LOGS"],
        },
      };
    }),
  ],
  test: {
    name: "workers-audit",
    include: ["**/*.test.ts"],
    root: import.meta.dirname,
    testTimeout: 30_000,
    globalSetup: ["../../support/collector.ts"],
  },
});
