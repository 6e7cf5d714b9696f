import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { kCurrentWorker } from "miniflare";
import { defineConfig } from "vitest/config";

const itself = (entrypoint: string) => ({ name: kCurrentWorker, entrypoint });

async function newKey(kid: string): Promise<{ readonly secret: JsonWebKey; readonly open: JsonWebKey }> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const { d, x } = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as { d: string; x: string };
  const open = { kty: "OKP", crv: "Ed25519", x, kid } as JsonWebKey;
  return { secret: { ...open, d }, open };
}

const here = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [
    cloudflareTest(async () => {
      const [gateway, origin] = [await newKey("gateway-1"), await newKey("origin-1")];
      return {
        main: "./main.ts",
        miniflare: {
          bindings: {
            ORIGINS: JSON.stringify({ edge: { url: "https://origin.example", signing_key: origin.open } }),
            ORIGIN_REQUEST_KEY: JSON.stringify(gateway.secret),
            // the tests' own: the Worker does not know it
            ORIGIN_KEY: JSON.stringify(origin.secret),
          },
          compatibilityDate: "2026-11-01",
          compatibilityFlags: ["enable_request_signal"],
          durableObjects: {
            LEDGER: { className: "AccountLedger", useSQLite: true },
            SWITCHBOARD: { className: "Switchboard", useSQLite: true },
          },
          serviceBindings: { AUDIT: itself("FakeAudit"), AI: itself("EmbeddedAi") },
        },
      };
    }),
  ],
  // the client asks for a template library that it does not bring along, and that calling a binding has no use for
  resolve: { alias: { mustache: here("./no-templates.ts") } },
  test: {
    name: "gateway",
    root: import.meta.dirname,
    include: ["*.test.ts"],
    testTimeout: 20_000,
    isolate: false,
    server: { deps: { inline: ["@cloudflare/ai"] } },
  },
});
