import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

async function newSigningKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  return JSON.stringify(await crypto.subtle.exportKey("jwk", (pair as CryptoKeyPair).privateKey));
}

export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      main: "./main.ts",
      miniflare: {
        compatibilityDate: "2026-11-01",
        bindings: { KEY_ONE: await newSigningKey(), KEY_TWO: await newSigningKey() },
        durableObjects: { AUDIT_LOG: { className: "TestLog", useSQLite: true } },
        r2Buckets: ["LOGS"],
      },
    })),
  ],
  test: { name: "workers-audit-log", include: ["**/*.test.ts"], root: import.meta.dirname, testTimeout: 30_000 },
});
