// The AuditLog object alone, with a bucket, a signer and a sink that a test can break.

import { AuditLogObject } from "../../../durable-objects/audit-log/object.ts";
import type { LogBucket } from "../../../durable-objects/audit-log/publish.ts";
import { importNoteSigner } from "../../../transparency/index.ts";

export interface TestEnv {
  readonly AUDIT_LOG: DurableObjectNamespace<TestLog>;
  readonly LOGS: R2Bucket;
  readonly KEY_ONE: string;
  readonly KEY_TWO: string;
}

/** What a test does to one object, and what it sees of it; it outlives the object. */
export class Controls {
  /** signatures made */
  signed = 0;
  /** keys put into the bucket, in order */
  readonly puts: string[] = [];
  /** puts that still succeed */
  putsLeft = Number.POSITIVE_INFINITY;
  /** sizes that the sink was told */
  readonly told: number[] = [];
  sinkFails = false;
  /** the object dies when it tells its sink: after the commit, before the answer */
  dieOnTell = false;
  key: "KEY_ONE" | "KEY_TWO" = "KEY_ONE";
  maxTilesPerRound = 128;
}

const all = new Map<string, Controls>();
/** By the object's id as text. */
export function controlsOf(id: string): Controls {
  const controls = all.get(id) ?? new Controls();
  all.set(id, controls);
  return controls;
}

export class TestLog extends AuditLogObject<TestEnv> {
  constructor(ctx: DurableObjectState, env: TestEnv) {
    const controls = controlsOf(ctx.id.toString());
    super(ctx, env, {
      // no alarm goes off by itself: the tests run them
      limits: { publishIntervalMs: 2e12, maxTilesPerRound: controls.maxTilesPerRound },
      bucket: brittle(env.LOGS, controls),
      async signer(log) {
        const signer = await importNoteSigner(env[controls.key], `log.example/${log}`);
        return {
          ...signer,
          sign: (text) => {
            controls.signed++;
            return signer.sign(text);
          },
        };
      },
      sinks: [
        {
          name: "test",
          async notify(_log, size) {
            if (controls.dieOnTell) ctx.abort("died after the commit");
            if (controls.sinkFails) throw new Error("sink failed");
            controls.told.push(size);
          },
        },
      ],
    });
  }
}

function brittle(bucket: R2Bucket, controls: Controls): LogBucket {
  const put = async (key: string, value: string | Uint8Array<ArrayBuffer>, options: R2PutOptions): Promise<unknown> => {
    if (controls.putsLeft-- <= 0) throw new Error("bucket failed");
    controls.puts.push(key);
    return bucket.put(key, value, options);
  };
  return { get: (key: string) => bucket.get(key), put } as LogBucket;
}

export default {} satisfies ExportedHandler;
