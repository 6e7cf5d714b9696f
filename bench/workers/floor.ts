// Row B, the floor: the bare proxy plus one call to a Durable Object that writes one durable row, before anything goes
// upstream. Whatever admits durably in this runtime costs at least this much.
import type { FloorLedger } from "./floor-ledger.ts";
import { forward } from "./forward.ts";

export { FloorLedger } from "./floor-ledger.ts";

interface Env {
  readonly UPSTREAM: string;
  readonly LEDGER: DurableObjectNamespace<FloorLedger>;
}

export default {
  async fetch(request, env) {
    // one object a credential, as a gateway with quotas has it
    const account = request.headers.get("authorization") ?? "";
    const ledger = env.LEDGER.get(env.LEDGER.idFromName(account));
    if (new URL(request.url).pathname === "/floor/counts") return Response.json(await ledger.counts());
    await ledger.admit(JSON.stringify({ id: crypto.randomUUID(), time_ms: Date.now(), kind: "admit" }));
    return forward(request, env.UPSTREAM);
  },
} satisfies ExportedHandler<Env>;
