// Row A: the bare proxy.
import { fileURLToPath } from "node:url";
import { bundleWorker } from "../../embedded/workers/bundle.ts";
import type { Row } from "../row.ts";
import { plainAuthorizations } from "./floor.ts";
import { startWorker } from "./miniflare-row.ts";

export const proxyRow: Row = {
  name: "proxy",
  what: "a Worker that forwards and does nothing else",
  async start(setting) {
    const { text: code } = await bundleWorker(fileURLToPath(new URL("../workers/proxy.ts", import.meta.url)));
    const worker = { bindings: { UPSTREAM: setting.upstreamUrl } };
    const running = await startWorker("bench-proxy", code, worker, setting);
    return { ...running, verify: async () => {}, headers: {}, authorizations: plainAuthorizations(setting.keys) };
  },
};
