// A gateway that was given no verification keys: it lets no one in until control has published some, and says why.
import { describe, expect, it, vi } from "vitest";
import type { PublishedKeys } from "../../../protocol/rpc.ts";
import { newEdge, newSigner, printed } from "./edge.ts";

/** The switchboard as one test sees it: the real one is every test's. */
function board(published: () => PublishedKeys | null) {
  const publishedKeys = async (known: number) => {
    const keys = published();
    return keys === null || keys.generation <= known ? null : keys;
  };
  return { getByName: () => ({ publishedKeys }) };
}

describe("without configured keys", () => {
  it("nothing published: 503 keys_unavailable, not ready for want of keys, and no log of a bad setting", async () => {
    const lines = printed();
    const edge = await newEdge({ VERIFICATION_KEYS: undefined, SWITCHBOARD: board(() => null) });
    for (const answered of [await edge.chat(), await edge.get("/v1/models", { origin: "https://app.example" })]) {
      expect({ status: answered.response.status, code: answered.code }).toEqual({
        status: 503,
        code: "keys_unavailable",
      });
      expect(answered.response.headers.get("retry-after")).toBe("5");
    }
    const { response } = await edge.get("/v1/models", { origin: "https://app.example" });
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
    const ready = await edge.fetch("/readyz");
    expect(ready.response.status).toBe(503);
    expect(JSON.parse(ready.text)).toEqual({
      status: "not_ready",
      checks: { policy: true, keys: false, ledger: true },
    });
    expect(edge.calls).toEqual([]);
    expect(lines.join()).not.toContain("configuration_unusable");
  });

  it("published: it serves by those keys", async () => {
    const signer = await newSigner();
    const keys = [{ ...signer.open, kid: "k1", alg: "EdDSA", bartizan_signs: "api_key" }];
    let published: PublishedKeys | null = null;
    const edge = await newEdge({ VERIFICATION_KEYS: "", SWITCHBOARD: board(() => published) }, {}, signer);
    expect((await edge.get("/v1/models")).code).toBe("keys_unavailable");
    published = { generation: 1, key_set: JSON.stringify({ generation: 1, keys }) };
    const now = Date.now();
    const clock = vi.spyOn(Date, "now").mockImplementation(() => now + 2500);
    try {
      expect((await edge.get("/v1/models")).response.status).toBe(200);
      const { text } = await edge.fetch("/readyz");
      expect(JSON.parse(text)).toMatchObject({ status: "ready", checks: { keys: true } });
    } finally {
      clock.mockRestore();
    }
  });
});
