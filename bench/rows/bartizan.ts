// Row C: Bartizan with everything on, as wrangler.toml's top level has it: all Workers in one, the embedded server's way.
import { readSources } from "../../embedded/workers/runtime.ts";
import { CLIENT_ADDRESS, START_SECRET } from "../../protocol/headers.ts";
import type { Row } from "../row.ts";
import { benchEnvironment } from "./bartizan-env.ts";
import { mintKeys } from "./bartizan-keys.ts";
import { verifyLog } from "./bartizan-log.ts";
import { startWorker } from "./miniflare-row.ts";

const NAME = "bartizan";

export const bartizanRow: Row = {
  name: NAME,
  what: "everything on: key, validation, guards, ledger, audit log, sink",
  async start(setting) {
    const { config, script } = await readSources(null);
    const environment = await benchEnvironment(setting.upstreamUrl);
    const worker = { ...config, bindings: environment.vars };
    const running = await startWorker(NAME, script, worker, setting);
    // what the embedded server's front adds to a request
    const headers = { [START_SECRET]: environment.startSecret, [CLIENT_ADDRESS]: "127.0.0.1" };
    try {
      const keys = await mintKeys(running.url, headers, environment.bootstrapSecret, setting);
      const reader = { ...headers, authorization: `Bearer ${keys.auditor}` };
      const authorizations = keys.inference.map((key) => `Bearer ${key}`);
      const verify = (answered: number) => verifyLog(running.url, reader, answered);
      return { ...running, headers, authorizations, verify };
    } catch (error) {
      await running.dispose();
      throw error;
    }
  },
};
