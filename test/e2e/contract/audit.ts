// The log: every admitted request twice, every refusal after authentication once, within two seconds, with a proof.
import { describe, expect, it } from "vitest";
import { chat, type Target } from "./target.ts";

interface JoinedRecord {
  readonly request_id: string;
  readonly outcome: unknown;
}

export function auditContract(target: () => Target): void {
  const auditor = (path: string): Promise<Response> =>
    fetch(target().url + path, { headers: { authorization: `Bearer ${target().auditorKey}` } });
  const records = async (): Promise<readonly JoinedRecord[]> =>
    ((await (await auditor("/audit/v1/records?limit=100")).json()) as { records: JoinedRecord[] }).records;

  describe("audit", () => {
    it("holds an admitted request's two leaves, joined, within two seconds, and a refusal's one", async () => {
      const good = (await chat(target(), "ok")).headers.get("x-request-id");
      const refused = (await chat(target(), "ok", { top_k: 1 })).headers.get("x-request-id");
      await expect
        .poll(
          async () =>
            (await records()).filter((record) => record.request_id === good && record.outcome !== null).length,
          { timeout: 2500, interval: 100 },
        )
        .toBe(1);
      await expect
        .poll(async () => (await records()).filter((record) => record.request_id === refused).length, { timeout: 2500 })
        .toBe(1);
    });

    it("holds no credential, prompt or answer in any leaf", async () => {
      const marker = `marker-${Math.random().toString(36).slice(2)}`;
      await (
        await chat(target(), "ok", {
          messages: [
            { role: "user", content: marker },
            { role: "user", content: "ok" },
          ],
          metadata: { note: marker },
        })
      ).text();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const text = await (await auditor("/audit/v1/records?limit=200")).text();
      expect(text).not.toContain(marker);
      expect(text).not.toContain("One two three");
      for (const secret of [target().apiKey, target().adminKey, target().clientSecret])
        expect(text).not.toContain(secret);
    });

    it("is not shown without the auditor's key", async () => {
      for (const path of ["/audit/v1/records", "/audit/v1/checkpoint", "/audit/v1/tile/0/000"])
        expect((await fetch(target().url + path)).status).toBe(401);
    });

    it("publishes a checkpoint that its verifier key signs", async () => {
      const vkey = await (await fetch(`${target().url}/.well-known/bartizan-log`)).text();
      const note = await (await auditor("/audit/v1/checkpoint")).text();
      const [name = ""] = vkey.split("+");
      expect(note.startsWith(`${name}\n`)).toBe(true);
      expect(note).toContain(`— ${name} `);
    });
  });
}
