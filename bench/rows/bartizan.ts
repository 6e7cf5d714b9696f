// Row C: Bartizan with everything on, as wrangler.toml's top level has it: all Workers in one, the embedded server's way.
import { fileURLToPath } from "node:url";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { CLIENT_ADDRESS, START_SECRET } from "../../protocol/headers.ts";
import { bundleWorker } from "../bundle.ts";
import type { Row } from "../row.ts";
import { benchEnvironment } from "./bartizan-env.ts";
import { mintKeys } from "./bartizan-keys.ts";
import { startWorker } from "./miniflare-row.ts";

const CONFIG = fileURLToPath(new URL("../../wrangler.toml", import.meta.url));
const NAME = "bartizan";

export const bartizanRow: Row = {
  name: NAME,
  what: "everything on: key, validation, guards, ledger, audit log, sink",
  async start(setting) {
    const { code, sourceMap } = await bundleWorker("workers/local.ts");
    const environment = await benchEnvironment(setting.upstreamUrl);
    const { durableObjects, r2Buckets, serviceBindings, compatibilityDate, compatibilityFlags } =
      workerOptionsOf(CONFIG).workerOptions;
    const bindings = { durableObjects, r2Buckets, serviceBindings, bindings: environment.vars };
    const worker = { modules: true, script: code, compatibilityDate, compatibilityFlags, ...bindings };
    const running = await startWorker(NAME, worker, setting);
    // what the embedded server's front adds to a request
    const headers = { [START_SECRET]: environment.startSecret, [CLIENT_ADDRESS]: "127.0.0.1" };
    try {
      const keys = await mintKeys(running.url, headers, environment.bootstrapSecret, setting);
      return { ...running, sourceMap, headers, authorizations: keys.map((key) => `Bearer ${key}`) };
    } catch (error) {
      await running.dispose();
      throw error;
    }
  },
};
