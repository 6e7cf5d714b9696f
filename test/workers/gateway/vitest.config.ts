import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig } from "vitest/config";

const itself = (entrypoint: string) => ({ name: kCurrentWorker, entrypoint });
const here = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: "./main.ts",
      miniflare: {
        compatibilityDate: "2026-11-01",
        compatibilityFlags: ["enable_request_signal"],
        durableObjects: {
          LEDGER: { className: "AccountLedger", useSQLite: true },
          SWITCHBOARD: { className: "Switchboard", useSQLite: true },
        },
        serviceBindings: { AUDIT: itself("FakeAudit"), AI: itself("EmbeddedAi") },
      },
    }),
  ],
  // the client asks for a template library that it does not bring along, and that calling a binding has no use for
  resolve: { alias: { mustache: here("./no-templates.ts") } },
  test: {
    name: "gateway",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    testTimeout: 20_000,
    server: { deps: { inline: ["@cloudflare/ai"] } },
  },
});
