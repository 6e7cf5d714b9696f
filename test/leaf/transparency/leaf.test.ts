import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditEnvelope } from "../../../protocol/audit.ts";
import { canonicalJson } from "../../../protocol/canonical-json.ts";
import type { RequestId } from "../../../protocol/ids.ts";
import { buildLeaf, MAX_LEAF_BYTES, opensCommitment, PERSONAL_NAMES, webSha256 } from "../../../transparency/index.ts";
import { randomSalt } from "./support.ts";

const intent: AuditEnvelope = {
  seq: 3,
  open: {
    kind: "intent",
    request_id: "req_00" as RequestId,
    time_ms: 1_700_000_000_000,
    tenant: "acme",
    account: "acc_1",
    credential_id: "key_1",
    route: "POST /v1/chat/completions",
    policy_digest: "sha256:00",
    model: "m",
    version: "1",
    digest: null,
    backend: "origin:local",
    verdicts: [],
    reserved_prompt_tokens: 10,
    reserved_output_tokens: 20,
    latency_ms: { screen: 0 },
  },
  personal: {},
};
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("a leaf", () => {
  it("holds no personal value, and each opening fits its commitment alone", async () => {
    const value = fc.string({ unit: "grapheme", minLength: 12, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          subject: value,
          client_address: value,
          client_addresses: value,
          prompt_sha256: value,
          result_sha256: value,
        }),
        async (personal) => {
          const leaf = await buildLeaf("none/acc_1", { ...intent, personal }, randomSalt, webSha256);
          const json = text(leaf.bytes);
          const { commitments } = JSON.parse(json) as { commitments: Record<string, string> };
          for (const name of PERSONAL_NAMES) {
            const opening = leaf.openings[name];
            const commitment = commitments[name];
            if (opening === undefined || commitment === undefined) throw new Error("no opening");
            expect(json).not.toContain(JSON.stringify(personal[name]).slice(1, -1));
            expect(json).not.toContain(opening.salt);
            expect(await opensCommitment(commitment, opening, webSha256)).toBe(true);
            expect(await opensCommitment(commitment, { ...opening, value: `${opening.value}x` }, webSha256)).toBe(
              false,
            );
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it("commits to one value differently each time, so that equal addresses cannot be seen to be equal", async () => {
    const envelope = { ...intent, personal: { client_address: "192.0.2.1" } };
    const [one, two] = [
      await buildLeaf("s", envelope, randomSalt, webSha256),
      await buildLeaf("s", envelope, randomSalt, webSha256),
    ];
    expect(one.bytes).not.toEqual(two.bytes);
  });

  it("is canonical JSON of the open fields, the place in the outbox, and commitments even where there are none", async () => {
    const leaf = await buildLeaf("none/acc_1", intent, randomSalt, webSha256);
    expect(text(leaf.bytes)).toBe(canonicalJson({ ...intent.open, commitments: {}, seq: 3, source: "none/acc_1" }));
  });

  it("of a record that is too long is cut, says so, and stays a record that verifies", async () => {
    const verdicts = Array.from({ length: 400 }, (_, at) => ({
      rule: `rule-${at}`,
      action: "report" as const,
      where: "messages[0].content",
    }));
    const leaf = await buildLeaf(
      "s",
      { ...intent, open: { ...intent.open, verdicts } as typeof intent.open },
      randomSalt,
      webSha256,
    );
    const record = JSON.parse(text(leaf.bytes)) as { truncated?: boolean; verdicts: unknown[]; request_id: string };
    expect(leaf.bytes.length).toBeLessThanOrEqual(MAX_LEAF_BYTES);
    expect(record.truncated).toBe(true);
    expect(record.request_id).toBe("req_00");
    expect(record.verdicts.length).toBeGreaterThan(0);
  });

  it("exists for every record, whatever it holds, and is at most 16 KiB: one that cannot be logged stops its outbox", {
    timeout: 30_000,
  }, async () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 5 }),
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.nat(20_000).map((length) => "\u0001\ud800".repeat(length)),
      fc.constant(Number.NaN),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ unit: "binary" }), anything),
        fc.string({ unit: "binary" }),
        async (extra, subject) => {
          const open = { ...extra, ...intent.open, tenant: extra.a ?? "t" } as typeof intent.open;
          const leaf = await buildLeaf("s", { seq: 1, open, personal: { subject } }, randomSalt, webSha256);
          expect(leaf.bytes.length).toBeLessThanOrEqual(MAX_LEAF_BYTES);
          expect(canonicalJson(JSON.parse(text(leaf.bytes)))).toBe(text(leaf.bytes));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("of exactly 16 KiB is kept whole, and of one byte more is cut", async () => {
    const plain = await buildLeaf("s", intent, randomSalt, webSha256);
    const room = MAX_LEAF_BYTES - plain.bytes.length;
    const withRoute = (length: number): AuditEnvelope => ({
      ...intent,
      open: {
        ...intent.open,
        route: intent.open.kind === "intent" ? intent.open.route + "r".repeat(length) : "",
      } as typeof intent.open,
    });
    const whole = await buildLeaf("s", withRoute(room), randomSalt, webSha256);
    expect(whole.bytes.length).toBe(MAX_LEAF_BYTES);
    expect(text(whole.bytes)).not.toContain("truncated");
    expect(text((await buildLeaf("s", withRoute(room + 1), randomSalt, webSha256)).bytes)).toContain(
      '"truncated":true',
    );
  });
});
