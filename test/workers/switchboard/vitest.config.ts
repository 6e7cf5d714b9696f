import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: "./main.ts",
      miniflare: {
        compatibilityDate: "2026-11-01",
        durableObjects: { SWITCHBOARD: { className: "Switchboard", useSQLite: true } },
      },
    }),
  ],
  test: { name: "workers-switchboard", include: ["**/*.test.ts"], root: import.meta.dirname },
});
