// Four suites. The leaf rooms' tests run twice, in Node and inside workerd, since those rooms promise to know neither.
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      // the leaf rooms keep no state, so their files may share one worker, which saves a start for each
      { test: { name: "leaf-node", include: ["test/leaf/**/*.test.ts"], environment: "node", isolate: false } },
      {
        plugins: [cloudflareTest({ miniflare: { compatibilityDate: "2026-11-01" } })],
        test: { name: "leaf-workerd", include: ["test/leaf/**/*.test.ts"], isolate: false },
      },
      // one folder an object or Worker, each with a main of its own, so that a room is tested without its neighbours
      "test/workers/*/vitest.config.ts",
      { test: { name: "node", include: ["test/node/**/*.test.ts"], environment: "node", testTimeout: 60_000 } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          // alone, after all others: it starts whole platforms
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
