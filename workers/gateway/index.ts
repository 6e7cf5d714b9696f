// The gateway Worker: the data plane. Its main module exports the object class that it hosts and the entrypoint that
// control calls; everything else is the pipeline.
export { AccountLedger } from "../../durable-objects/account-ledger/object.ts";
export { Switchboard } from "../../durable-objects/switchboard/object.ts";
export { Admin } from "./admin.ts";

import type { GatewayEnv } from "./config.ts";
import { handleInference } from "./pipeline.ts";

export default {
  fetch: (request, env, ctx) => handleInference(request, env, ctx),
} satisfies ExportedHandler<GatewayEnv>;
