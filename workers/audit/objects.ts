// The object classes that this Worker hosts, each with its part of the configuration.
import { AuditLogObject } from "../../durable-objects/audit-log/object.ts";
import { SinkObject } from "../../durable-objects/sink/object.ts";
import { callLog } from "./call.ts";
import { type AuditEnv, logConfig } from "./config.ts";

export class AuditLog extends AuditLogObject<AuditEnv> {
  constructor(ctx: DurableObjectState, env: AuditEnv) {
    const config = logConfig(env);
    super(ctx, env, {
      signer: config.signer,
      bucket: env.LOGS,
      sinks: [...config.sinks.keys()].map((name) => ({
        name,
        notify: (log, size) => env.SINK.getByName(name).notify(name, log, size),
      })),
    });
  }
}

export class Sink extends SinkObject<AuditEnv> {
  constructor(ctx: DurableObjectState, env: AuditEnv) {
    const config = logConfig(env);
    super(ctx, env, {
      target: (name) => config.sinks.get(name) ?? null,
      entries: (log, from) => callLog(env, log, (stub) => stub.entries(log, from)),
    });
  }
}
