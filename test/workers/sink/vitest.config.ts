import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    cloudflareTest(({ inject }) => ({
      main: "./main.ts",
      miniflare: {
        compatibilityDate: "2026-11-01",
        bindings: { COLLECTOR: inject<string>("collectorUrl") },
        durableObjects: { SINK: { className: "TestSink", useSQLite: true } },
      },
    })),
  ],
  test: {
    name: "workers-sink",
    include: ["**/*.test.ts"],
    root: import.meta.dirname,
    testTimeout: 30_000,
    globalSetup: ["../../support/collector.ts"],
  },
});
