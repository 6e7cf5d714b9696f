import { describe, expect, it } from "vitest";
import { utf8 } from "../../../protocol/encoding.ts";
import { type Bytes, emptyRoot, signCheckpoint, verifyLog, webSha256 } from "../../../transparency/index.ts";
import { fetcherOf, newSigner, recordEntry, staticLog } from "./support.ts";

const entriesOf = (count: number): Bytes[] =>
  Array.from({ length: count }, (_, at) => recordEntry("admin", `req_${at}`, "control", at + 1));

async function faultsOf(entries: readonly Bytes[]): Promise<string[]> {
  const signer = await newSigner();
  const report = await verifyLog({ vkey: signer.vkey, fetch: fetcherOf(await staticLog(entries, signer)) });
  return report.problems.map(({ fault, where }) => `${fault} ${where}`);
}

describe("a whole log", () => {
  it.each([0, 1, 255, 256, 257, 600])("of %i entries verifies", async (size) => {
    const signer = await newSigner();
    const files = await staticLog(entriesOf(size), signer);
    const report = await verifyLog({ vkey: signer.vkey, fetch: fetcherOf(files) });
    expect(report.problems).toEqual([]);
    expect(report.verified).toBe(size);
    expect(report.checkpoint?.size).toBe(size);
  });

  it("is found out when any one byte of any resource is changed, cut or missing", { timeout: 30_000 }, async () => {
    const signer = await newSigner();
    const files = await staticLog(entriesOf(5), signer);
    const isClean = async (path: string, bytes: Bytes | null): Promise<boolean> => {
      const changed = new Map(files);
      if (bytes === null) changed.delete(path);
      else changed.set(path, bytes);
      const report = await verifyLog({ vkey: signer.vkey, fetch: fetcherOf(changed) });
      return report.problems.length === 0;
    };
    for (const [path, bytes] of files) {
      for (let at = 0; at < bytes.length; at++) {
        const tampered = bytes.slice();
        tampered[at] = (tampered[at] as number) ^ 1;
        expect(await isClean(path, tampered), `${path} byte ${at}`).toBe(false);
      }
      expect(await isClean(path, bytes.slice(0, -1)), `${path} cut`).toBe(false);
      expect(await isClean(path, null), `${path} missing`).toBe(false);
    }
  });

  it("is found out when a full tile above the leaves is changed", async () => {
    const signer = await newSigner();
    const files = await staticLog(entriesOf(257), signer);
    for (const path of ["tile/0/000", "tile/1/000.p/1", "tile/entries/000", "tile/0/001.p/1"]) {
      const tampered = (files.get(path) as Bytes).slice();
      tampered[tampered.length - 1] = (tampered[tampered.length - 1] as number) ^ 1;
      const report = await verifyLog({ vkey: signer.vkey, fetch: fetcherOf(new Map(files).set(path, tampered)) });
      expect(report.problems.length, path).toBeGreaterThan(0);
    }
  });

  it("is found out when it was forked, shrunk or emptied since the last look", { timeout: 30_000 }, async () => {
    const signer = await newSigner();
    const entries = entriesOf(300);
    const look = async (
      count: number,
      previous?: { size: number; root: Bytes },
    ): Promise<Awaited<ReturnType<typeof verifyLog>>> => {
      const fetch = fetcherOf(await staticLog(entries.slice(0, count), signer));
      return verifyLog({ vkey: signer.vkey, fetch, ...(previous === undefined ? {} : { previous }) });
    };
    for (const before of [0, 1, 256, 299, 300]) {
      const { checkpoint } = await look(before);
      if (checkpoint === null) throw new Error("no checkpoint");
      expect((await look(300, checkpoint)).problems).toEqual([]);
      const forked = { size: before, root: new Uint8Array(32) };
      expect(
        (await look(300, forked)).problems.map(({ fault }) => fault),
        `fork at ${before}`,
      ).toEqual(["forked"]);
    }
    const { checkpoint } = await look(300);
    if (checkpoint === null) throw new Error("no checkpoint");
    expect((await look(299, checkpoint)).problems.map(({ fault }) => fault)).toContain("shrunk");
    expect((await look(0, checkpoint)).problems.map(({ fault }) => fault)).toContain("shrunk");
  });

  it("is found out when the checkpoint promises more or fewer entries than it commits to", async () => {
    const signer = await newSigner();
    const files = await staticLog(entriesOf(3), signer);
    const root = await emptyRoot(webSha256);
    files.set("checkpoint", utf8(await signCheckpoint({ size: 3, root }, signer)));
    const report = await verifyLog({ vkey: signer.vkey, fetch: fetcherOf(files) });
    expect(report.problems).toEqual([{ fault: "root_mismatch", where: "checkpoint" }]);
  });

  it("signed by another key is no log at all", async () => {
    const files = await staticLog(entriesOf(3), await newSigner());
    const report = await verifyLog({ vkey: (await newSigner()).vkey, fetch: fetcherOf(files) });
    expect(report).toEqual({
      checkpoint: null,
      verified: 0,
      open: 0,
      problems: [{ fault: "unknown_key", where: "checkpoint" }],
    });
  });
});

describe("records of a log", () => {
  it("pair an outcome with its intent, and count those that are still open", async () => {
    const signer = await newSigner();
    const entries = [
      recordEntry("intent", "req_1", "a", 1),
      recordEntry("intent", "req_2", "a", 2),
      recordEntry("refusal", "req_3", "b", 1),
      recordEntry("outcome", "req_1", "a", 3),
    ];
    const report = await verifyLog({ vkey: signer.vkey, fetch: fetcherOf(await staticLog(entries, signer)) });
    expect(report.problems).toEqual([]);
    expect(report.open).toBe(1);
  });

  it.each<[string, Bytes[], string[]]>([
    ["an outcome without its intent", [recordEntry("outcome", "r", "a", 1)], ["outcome_without_intent 0"]],
    [
      "an outcome before its intent",
      [recordEntry("outcome", "r", "a", 1), recordEntry("intent", "r", "a", 2)],
      ["outcome_without_intent 0"],
    ],
    [
      "a record twice",
      [recordEntry("refusal", "r", "a", 1), recordEntry("refusal", "r", "a", 2)],
      ["duplicate_record 1"],
    ],
    [
      "a request both admitted and refused",
      [recordEntry("intent", "r", "a", 1), recordEntry("refusal", "r", "a", 2)],
      ["refused_and_admitted 1"],
    ],
    [
      "a source's record that was left out",
      [recordEntry("refusal", "r", "a", 1), recordEntry("refusal", "s", "a", 3)],
      ["sequence_gap 1"],
    ],
    ["a source that does not begin at 1", [recordEntry("refusal", "r", "a", 2)], ["sequence_gap 0"]],
    [
      "personal data in the open",
      [recordEntry("refusal", "r", "a", 1, '"client_address":"192.0.2.1",')],
      ["personal_data 0"],
    ],
    ["an entry that is no JSON", [utf8("{")], ["not_json 0"]],
    [
      "a duplicate key",
      [utf8('{"commitments":{},"kind":"admin","kind":"admin","request_id":"r","seq":1,"source":"a"}')],
      ["not_canonical 0"],
    ],
    [
      "another order of keys",
      [utf8('{"kind":"admin","commitments":{},"request_id":"r","seq":1,"source":"a"}')],
      ["not_canonical 0"],
    ],
    ["a list", [utf8("[1]")], ["not_a_record 0"]],
    ["an unknown kind", [recordEntry("note", "r", "a", 1)], ["not_a_record 0"]],
    [
      "a commitment of another length",
      [utf8('{"commitments":{"subject":"AA"},"kind":"admin","request_id":"r","seq":1,"source":"a"}')],
      ["bad_commitment 0"],
    ],
    ["an entry of more than 16 KiB", [utf8(`"${"x".repeat(16_384)}"`)], ["entry_too_long 0"]],
  ])("%s is a fault", async (_, entries, faults) => {
    expect(await faultsOf(entries)).toEqual(faults);
  });
});
