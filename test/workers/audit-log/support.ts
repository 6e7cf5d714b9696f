import { env as workerEnv } from "cloudflare:workers";
import type { AppendBatch, AuditEnvelope, PersonalFields } from "../../../protocol/audit.ts";
import type { RequestId } from "../../../protocol/ids.ts";
import { importNoteSigner, parseTilePath, type VerifyReport, verifyLog } from "../../../transparency/index.ts";
import { type Controls, controlsOf, type TestEnv, type TestLog } from "./main.ts";

export const env = workerEnv as unknown as TestEnv;
let next = 0;

export interface Fixture {
  readonly name: string;
  readonly stub: DurableObjectStub<TestLog>;
  readonly controls: Controls;
}

/** A log that no other test knows. */
export function newLog(): Fixture {
  const name = `log-${next++}-${crypto.randomUUID().slice(0, 8)}`;
  const stub = env.AUDIT_LOG.getByName(name);
  return { name, stub, controls: controlsOf(stub.id.toString()) };
}

export function record(
  seq: number,
  kind: "intent" | "outcome" | "refusal" | "admin",
  requestId: string,
  personal: PersonalFields = {},
): AuditEnvelope {
  const open = { kind, request_id: requestId as RequestId, time_ms: 1000 + seq, tenant: "t", account: "a" };
  return { seq, open: open as AuditEnvelope["open"], personal };
}

/** Refusals `from` to `to` of a source, each with a client address. */
export function batch(log: string, source: string, from: number, to: number): AppendBatch {
  const records = Array.from({ length: to - from + 1 }, (_, at) =>
    record(from + at, "refusal", `req_${source}_${from + at}`, { client_address: `192.0.2.${at % 256}` }),
  );
  return { log, source, records };
}

/** The whole log verified through its RPC, as an auditor does over HTTP. */
export async function verify({ name, stub }: Fixture, key: "KEY_ONE" | "KEY_TWO" = "KEY_ONE"): Promise<VerifyReport> {
  const { vkey } = await importNoteSigner(env[key], `log.example/${name}`);
  return verifyLog({
    vkey,
    async fetch(path) {
      if (path === "checkpoint")
        return new TextEncoder().encode((await stub.checkpoint(name)) ?? "") as Uint8Array<ArrayBuffer>;
      const tile = parseTilePath(path);
      const bytes = tile === null ? null : await stub.resource(name, tile);
      if (bytes === null) throw new Error("not found");
      return bytes;
    },
  });
}

export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail");
}
