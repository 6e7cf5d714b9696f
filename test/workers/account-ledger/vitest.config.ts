import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: "./main.ts",
      miniflare: {
        compatibilityDate: "2026-11-01",
        durableObjects: { LEDGER: { className: "TestLedger", useSQLite: true } },
        serviceBindings: { AUDIT: { name: kCurrentWorker, entrypoint: "FakeLog" } },
      },
    }),
  ],
  test: { name: "account-ledger", include: ["*.test.ts"], testTimeout: 30_000 },
});
