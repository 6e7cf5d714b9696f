import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { type Bytes, verifyLog } from "../../../transparency/index.ts";
import { append, env, get, newName, read, record } from "./support.ts";

interface SinksAnswer {
  readonly sinks: readonly {
    readonly name: string;
    readonly logs: readonly { readonly log: string; readonly lag: number }[];
  }[];
}

const bytesOf = async (response: Response): Promise<Bytes> => new Uint8Array(await response.arrayBuffer());
const fetcherOf =
  (prefix: string) =>
  async (path: string): Promise<Bytes> => {
    const response = await read(`${prefix}/${path}`);
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return bytesOf(response);
  };

async function vkeyOf(query = ""): Promise<string> {
  return (await (await get(`/.well-known/bartizan-log${query}`)).text()).trim();
}

describe("the log over HTTP", () => {
  it("verifies whole from its verifier key, the default one under both of its paths", async () => {
    const records = Array.from({ length: 300 }, (_, at) => record(at + 1, "admin", `req_${at}`));
    await append({ log: "default", source: "control", records });
    const vkey = await vkeyOf();
    for (const prefix of ["/audit/v1", "/audit/v1/logs/default"]) {
      const report = await verifyLog({ vkey, fetch: fetcherOf(prefix) });
      expect(report.problems).toEqual([]);
      expect(report.checkpoint?.origin).toBe("log.example/bartizan");
      expect(report.verified).toBe(300);
    }
  });

  it("keeps a log of its own under its own origin and key, and one log's key opens no other", async () => {
    const name = newName();
    await append({ log: name, source: "control", records: [record(1, "admin", "req_1")] });
    const vkey = await vkeyOf(`?log=${name}`);
    expect(vkey.startsWith(`log.example/bartizan/${name}+`)).toBe(true);
    const report = await verifyLog({ vkey, fetch: fetcherOf(`/audit/v1/logs/${name}`) });
    expect(report.problems).toEqual([]);
    expect(report.checkpoint?.origin).toBe(`log.example/bartizan/${name}`);
    const crossed = await verifyLog({ vkey: await vkeyOf(), fetch: fetcherOf(`/audit/v1/logs/${name}`) });
    expect(crossed.problems).toEqual([{ fault: "unknown_key", where: "checkpoint" }]);
  });

  it("serves what R2 holds, byte for byte, once it is published", async () => {
    const name = newName();
    const records = Array.from({ length: 258 }, (_, at) => record(at + 1, "admin", `req_${at}`));
    await append({ log: name, source: "control", records });
    await runDurableObjectAlarm(env.AUDIT_LOG.getByName(name));
    const { objects } = await vi.waitFor(async () => {
      const listed = await env.LOGS.list({ prefix: `${name}/` });
      if (!listed.objects.some(({ key }) => key.endsWith("checkpoint"))) throw new Error("not yet");
      return listed;
    });
    expect(objects).toHaveLength(6);
    for (const { key } of objects) {
      const stored = await env.LOGS.get(key);
      const served = await read(`/audit/v1/logs/${key}`);
      expect(served.headers.get("content-type")).toBe(stored?.httpMetadata?.contentType);
      expect(served.headers.get("cache-control")).toBe(stored?.httpMetadata?.cacheControl);
      expect(await bytesOf(served)).toEqual(new Uint8Array((await stored?.arrayBuffer()) ?? new ArrayBuffer(0)));
    }
  });

  it("marks what changes and what does not as the specification says", async () => {
    const name = newName();
    await append({ log: name, source: "control", records: [record(1, "admin", "req_1")] });
    const headers = async (path: string): Promise<(string | null)[]> => {
      const response = await read(`/audit/v1/logs/${name}/${path}`);
      expect(response.status, path).toBe(200);
      expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
      return [response.headers.get("content-type"), response.headers.get("cache-control")];
    };
    expect(await headers("checkpoint")).toEqual(["text/plain; charset=utf-8", "private, no-store"]);
    for (const path of ["tile/0/000.p/1", "tile/entries/000.p/1"])
      expect(await headers(path)).toEqual(["application/octet-stream", "private, max-age=31536000, immutable"]);
    expect(await headers("records")).toEqual(["application/json", "private, no-store"]);
  });

  it("answers HEAD with the headers of GET and no body", async () => {
    await append({ log: "default", source: "head", records: [record(1, "admin", "req_head")] });
    for (const path of ["/audit/v1/checkpoint", "/audit/v1/tile/0/000.p/1", "/audit/v1/records?limit=1"]) {
      const [whole, head] = [await read(path), await read(path, "HEAD")];
      expect(head.status).toBe(200);
      expect(head.headers.get("content-length")).toBe(String((await bytesOf(whole)).length));
      expect((await bytesOf(head)).length).toBe(0);
    }
  });
});

describe("records", () => {
  it("join intent and outcome, with openings; the outcome is null until it is known", async () => {
    const name = newName();
    const personal = { subject: "alice@example.com", client_address: "192.0.2.1", prompt_sha256: "p" };
    const path = `/audit/v1/logs/${name}/records`;
    await append({
      log: name,
      source: "s",
      records: [record(1, "intent", "req_1", { model: "m", version: "2" }, personal)],
    });
    const before = (await (await read(path)).json()) as { records: Record<string, unknown>[] };
    expect(before.records[0]?.outcome).toBeNull();
    await append({
      log: name,
      source: "s",
      records: [
        record(2, "refusal", "req_2", { code: "content_policy" }),
        record(3, "outcome", "req_1", { outcome: "completed" }, { result_sha256: "r" }),
      ],
    });
    const page = (await (await read(path)).json()) as {
      records: Record<string, unknown>[];
      next_cursor: string | null;
    };
    expect(page.next_cursor).toBeNull();
    expect(page.records).toMatchObject([
      { request_id: "req_2", kind: "refusal", code: "content_policy", index: 1, openings: {}, log: name },
      {
        request_id: "req_1",
        kind: "intent",
        model: "m",
        version: "2",
        index: 0,
        tenant: "acme",
        openings: { subject: { value: "alice@example.com" }, client_address: { value: "192.0.2.1" } },
        outcome: { kind: "outcome", outcome: "completed", index: 2, openings: { result_sha256: { value: "r" } } },
      },
    ]);
    expect(page.records[0]).not.toHaveProperty("outcome");
  });

  it("are read page by page to the beginning, each once", async () => {
    const name = newName();
    const records = Array.from({ length: 25 }, (_, at) => record(at + 1, "admin", `req_${at}`));
    await append({ log: name, source: "s", records });
    const seen: unknown[] = [];
    let cursor = "";
    do {
      const page = (await (await read(`/audit/v1/logs/${name}/records?limit=10${cursor}`)).json()) as {
        records: { request_id: string }[];
        next_cursor: string | null;
      };
      seen.push(...page.records.map(({ request_id }) => request_id));
      cursor = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(records.map(({ open }) => open.request_id).reverse());
  });
});

describe("a sink", () => {
  it("is given every leaf without asking, and shows how far it is", async () => {
    const name = newName();
    await append({
      log: name,
      source: "s",
      records: [record(1, "admin", "req_sink", {}, { subject: "alice@example.com" })],
    });
    const body = await vi.waitFor(
      async () => {
        const { requests } = (await (await fetch(`${env.COLLECTOR}/c/siem`)).json()) as {
          requests: { body: string }[];
        };
        const lines = requests
          .flatMap((request) => request.body.split("\n"))
          .filter((line) => line.includes(`"log":"${name}"`));
        if (lines.length === 0) throw new Error("not yet");
        return lines.join("\n");
      },
      { timeout: 20_000, interval: 20 },
    );
    expect(body).toContain('"request_id":"req_sink"');
    expect(body).not.toContain("alice");
    // the cursor moves when the collector's answer is in
    const sinks = await vi.waitFor(
      async () => {
        const state = (await (await read("/audit/v1/sinks")).json()) as SinksAnswer;
        if (state.sinks[0]?.logs.find(({ log }) => log === name)?.lag !== 0) throw new Error("not yet");
        return state.sinks;
      },
      { timeout: 20_000, interval: 20 },
    );
    expect(sinks.map((sink) => sink.name)).toEqual(["siem"]);
    expect(JSON.stringify(sinks)).not.toContain("127.0.0.1");
  });
});
