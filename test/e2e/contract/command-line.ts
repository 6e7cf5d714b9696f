// The verbs of `npx bartizan` that administer, against a platform: what they do, print, and end with.
import { describe, expect, it } from "vitest";
import { type CliResult, callCli } from "../../support/cli.ts";
import { chat, mintKey, type Target } from "./target.ts";

export function commandLineContract(target: () => Target): void {
  const bartizan = (...args: string[]): Promise<CliResult> =>
    callCli([...args, "--url", target().url, "--key", target().adminKey]);
  const json = async (...args: string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await bartizan(...args, "--json");
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  describe("the command line", () => {
    it("rotates a key, shows its last use, and the event of it", async () => {
      const { id, key } = await mintKey(target());
      await (await chat(target(), "ok", {}, { authorization: `Bearer ${key}` })).text();
      const used = await bartizan("keys", "usage", id);
      expect(used.stdout).toMatch(/last used: +\d{4}-\d{2}-\d{2}T/);
      const next = await json("keys", "rotate", id, "--overlap", "0", "--limit", "requests_per_day=7");
      expect(next).toMatchObject({ replaces: id, limits: { requests_per_day: 7 } });
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${String(next.key)}` })).status).toBe(200);
      expect((await chat(target(), "ok", {}, { authorization: `Bearer ${key}` })).status).toBe(401);
      const { events } = await json("events", "--since", "1h", "--tenant", "demo");
      expect(events).toContainEqual(expect.objectContaining({ kind: "key.rotated", target: id }));
      const table = await bartizan("events", "--limit", "1");
      expect(table.stdout.trimEnd().split("\n")).toHaveLength(2);
      const again = await bartizan("keys", "rotate", id);
      expect([again.code, again.stdout]).toEqual([1, ""]);
    });

    it("reports keys that nobody has used", async () => {
      const { id } = await mintKey(target());
      const { keys } = await json("keys", "usage", "--unused-for", "0", "--tenant", "demo");
      expect(keys).toContainEqual(expect.objectContaining({ id, last_used_at: null }));
      expect(await json("keys", "usage", "--unused-for", "1")).toMatchObject({ keys: [] });
    });

    it("exchanges a key for its successor by the key itself, and waits in silence where it is not time", async () => {
      const { key } = await mintKey(target(), { auto_rotate: true });
      const self = ["keys", "rotate", "--self", "--url", target().url, "--key", key];
      const early = await callCli([...self, "--if-due"]);
      expect([early.code, early.stdout, early.stderr]).toEqual([0, "", ""]);
      const refused = await callCli(self);
      expect([refused.code, refused.stdout]).toEqual([1, ""]);
      expect(refused.stderr).toContain("not_due");
    });

    it("makes, shows, changes and deletes clients, and gives them new secrets", async () => {
      const made = await json("clients", "create", "--name", "robot", "--scope", "infer:*", "--scope", "embed:*");
      const id = String(made.client_id);
      const granted = async (secret: unknown): Promise<number> => {
        const basic = Buffer.from(`${id}:${String(secret)}`).toString("base64");
        const response = await fetch(`${target().url}/oauth/token`, {
          method: "POST",
          headers: { authorization: `Basic ${basic}`, "content-type": "application/x-www-form-urlencoded" },
          body: "grant_type=client_credentials",
        });
        await response.arrayBuffer();
        return response.status;
      };
      expect(await granted(made.client_secret)).toBe(200);
      expect((await json("clients", "list")).clients).toContainEqual(expect.objectContaining({ id }));
      const patched = await json(
        "clients",
        "patch",
        id,
        "--name",
        "renamed",
        "--scope",
        "embed:*",
        "--dpop-bound",
        "off",
      );
      expect(patched).toMatchObject({ name: "renamed", scopes: ["embed:*"] });
      const { client_secret } = await json("clients", "rotate-secret", id, "--overlap", "0");
      expect([await granted(made.client_secret), await granted(client_secret)]).toEqual([401, 200]);
      expect((await bartizan("clients", "show", id)).stdout).toContain("renamed");
      expect((await bartizan("clients", "delete", id)).code).toBe(0);
      expect(await granted(client_secret)).toBe(401);
    });

    it("rotates signing keys, and withdraws one only after it said what dies and was told to", async () => {
      const { keys } = (await json("signing-keys", "list")) as {
        keys: { kid: string; purpose: string; state: string }[];
      };
      const current = keys.find(({ purpose, state }) => purpose === "access_token" && state === "current");
      const kid = current?.kid ?? "";
      const next = await json("signing-keys", "rotate", "access_token");
      expect([next.state, next.kid === kid]).toEqual(["current", false]);
      const asked = await bartizan("signing-keys", "withdraw", kid);
      expect(asked.code).toBe(1);
      expect(asked.stdout).toContain("0 keys die with it");
      expect(asked.stderr).toContain("--yes");
      expect((await bartizan("signing-keys", "list")).stdout).toMatch(new RegExp(`${kid} .*retiring`));
      const done = await json("signing-keys", "withdraw", kid, "--yes");
      expect(done).toMatchObject({ kid, state: "gone", keys_revoked: 0, impact: { keys_total: 0 } });
      expect((await bartizan("signing-keys", "withdraw", kid, "--yes")).code).toBe(1);
    });
  });
}
