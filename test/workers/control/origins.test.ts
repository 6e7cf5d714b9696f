// Where control mounts the routes of enrolled origins: closed without a signature, and no default page of a framework.

import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newRequestId } from "../../../protocol/ids.ts";
import { logs } from "../key-directory/fakes.ts";
import { close, inhabited, newPlatform, type Platform, randomText, send } from "./platform.ts";

const keks = (): string => JSON.stringify({ current: "k1", keys: { k1: randomText(32) } });
let platform: Platform;

afterEach(async () => await close(platform));

describe("the routes of origins", () => {
  it("refuse whoever does not sign, an administrator too", async () => {
    platform = await newPlatform({ KEY_ENCRYPTION_KEYS: keks() });
    for (const path of ["manifest", "artifact"]) {
      const { status, json, headers } = await send(platform, "GET", `/origin/v1/models/tiny/v1/${path}`);
      expect([path, status, json.error.code]).toEqual([path, 401, "invalid_api_key"]);
      expect(headers.get("cache-control")).toBe("private, no-store");
    }
    expect((await send(platform, "POST", "/origin/v1/models/tiny/v1/data-key", { json: {} })).status).toBe(401);
  });

  it("answer an unknown path and a failure in the envelope", async () => {
    platform = await newPlatform({ KEY_ENCRYPTION_KEYS: keks() });
    const unknown = await send(platform, "GET", "/origin/v1/nothing");
    expect([unknown.status, unknown.json.error.code]).toEqual([404, "not_found"]);
  });

  it("are 503 where no key-encryption key is set", async () => {
    platform = await newPlatform();
    const { status, json } = await send(platform, "GET", "/origin/v1/models/tiny/v1/manifest");
    expect([status, json.error.code]).toEqual([503, "not_initialised"]);
  });

  it("stay closed where an enrolled origin's private key was set by mistake, and the log does not show it", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const d = randomText(32);
    const key = { kty: "OKP", crv: "Ed25519", x: randomText(32), d };
    platform = await newPlatform({
      ENROLLED_ORIGINS: JSON.stringify({ o1: { signing_key: key, encryption_key: key } }),
    });
    const { status, text } = await send(platform, "GET", "/origin/v1/models/tiny/v1/manifest");
    expect(status).toBe(503);
    expect(JSON.stringify(log.mock.calls)).toContain("ENROLLED_ORIGINS");
    expect(JSON.stringify(log.mock.calls) + text).not.toContain(d);
    log.mockRestore();
  });
});

describe("a data key's release", () => {
  it("is durable in the journal before it answers, and reaches the log", async () => {
    ({ platform } = await inhabited());
    const actor = { requestId: newRequestId(1, new Uint8Array(10)), credentialId: "origin-1" };
    await platform.directory.record("data_key.release", "system", "tiny@v1", actor);
    await expect
      .poll(async () => {
        await runDurableObjectAlarm(platform.directory);
        return logs.get("default")?.map(({ open }) => (open.kind === "admin" ? [open.action, open.target] : []));
      })
      .toContainEqual(["data_key.release", "tiny@v1"]);
  });
});
