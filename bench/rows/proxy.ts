// Row A: the bare proxy.
import { bundleWorker } from "../bundle.ts";
import type { Row } from "../row.ts";
import { plainAuthorizations } from "./floor.ts";
import { startWorker } from "./miniflare-row.ts";

export const proxyRow: Row = {
  name: "proxy",
  what: "a Worker that forwards and does nothing else",
  async start(setting) {
    const { code, sourceMap } = await bundleWorker("bench/workers/proxy.ts");
    const worker = { modules: true, script: code, bindings: { UPSTREAM: setting.upstreamUrl } };
    const running = await startWorker("bench-proxy", worker, setting);
    return { ...running, sourceMap, headers: {}, authorizations: plainAuthorizations(setting.keys) };
  },
};
