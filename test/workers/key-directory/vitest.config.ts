import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig } from "vitest/config";
import { directoryBindings } from "./bindings.ts";

const itself = (entrypoint: string) => ({ name: kCurrentWorker, entrypoint });

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: "./main.ts",
      miniflare: {
        compatibilityDate: "2026-11-01",
        bindings: directoryBindings(),
        durableObjects: { DIRECTORY: { className: "KeyDirectory", useSQLite: true } },
        serviceBindings: {
          GATEWAY: itself("FakeGateway"),
          AUDIT: itself("FakeAppend"),
          AUDIT_KEYS: itself("FakeVerificationKeys"),
        },
      },
    }),
  ],
  test: { name: "key-directory", include: ["*.test.ts"] },
});
