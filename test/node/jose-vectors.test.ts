// Public vectors, where they lie beside the project: RFC 7520's cookbook, and Wycheproof's for JSON Web Keys, ECDSA
// P-256, Ed25519, RSA and HMAC. Every invalid one must be refused, every valid one of an algorithm of ours accepted.
// The signature vectors sign plain messages, so they are put to `verifySignature`, which is what a token's signature
// comes to, with keys that were read as every key set is.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cryptoKeyOf, LOCAL_JWKS, readJwks } from "../../identity/jwks.ts";
import type { JwsAlgorithm } from "../../identity/jws-algorithms.ts";
import { verifySignature } from "../../identity/jws-algorithms.ts";
import { judgeToken } from "../../identity/verify-jws.ts";
import { fromHex, toBase64Url } from "../../protocol/encoding.ts";

const ARCHIVE = new URL("../../../shared/corpora/jose.tar.gz", import.meta.url).pathname;
const absent = !existsSync(ARCHIVE);
if (absent) console.warn("skipped: the JOSE vectors are not beside this project");

const scratch = absent ? "" : mkdtempSync(join(tmpdir(), "jose-"));
if (!absent) execFileSync("tar", ["xzf", ARCHIVE, "-C", scratch]);
afterAll(() => {
  if (!absent) rmSync(scratch, { recursive: true });
});

const SIGNATURE_ONLY = { signatureOnly: true, nowMs: 0 };

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(scratch, "jose", file), "utf8"));
}

function setOf(...keys: unknown[]) {
  const set = readJwks({ keys }, LOCAL_JWKS);
  if (set === null) throw new Error("no key set");
  return set;
}

async function verdictOf(token: string, keys: unknown[]): Promise<string> {
  const { verdict, reason } = await judgeToken({ id: 1, token }, setOf(...keys), SIGNATURE_ONLY);
  return reason ?? verdict;
}

interface Cookbook {
  readonly title: string;
  readonly input: { readonly alg?: string; readonly key: Record<string, unknown> };
  readonly output: { readonly compact?: string };
}

describe.skipIf(absent)("RFC 7520 and RFC 8037, compact signatures", () => {
  const files = absent
    ? []
    : [...readdirSync(join(scratch, "jose/jws")).map((name) => `jws/${name}`), "curve25519/jws.json"];
  const examples = files.map((file) => read(file) as Cookbook).filter(({ output }) => output.compact !== undefined);
  const asymmetric = examples.filter(({ input }) => !input.alg?.startsWith("HS"));

  test("are there: RS256, PS384, ES512, EdDSA, and two with HMAC", () => {
    expect(asymmetric.map(({ input }) => input.alg).sort()).toEqual(["ES512", "EdDSA", "PS384", "RS256"]);
    expect(examples).toHaveLength(6);
  });
  test.each(asymmetric)("$title: accepted under its key, with or without its algorithm named", async (example) => {
    const { key, alg } = example.input;
    const token = example.output.compact ?? "";
    expect(await verdictOf(token, [key])).toBe("accept");
    expect(await verdictOf(token, [{ ...key, alg }])).toBe("accept");
    expect(await verdictOf(token, [{ ...key, alg: alg === "RS256" ? "PS256" : "RS256" }])).not.toBe("accept");
    expect(await verdictOf(token, [{ ...key, use: "enc" }])).not.toBe("accept");
  });
  test.each(asymmetric)("$title: any character changed is refused", async (example) => {
    const token = example.output.compact ?? "";
    for (const at of [0, 3, token.indexOf(".") + 1, token.lastIndexOf(".") + 1, token.length - 1]) {
      const other = token[at] === "A" ? "B" : "A";
      expect(await verdictOf(token.slice(0, at) + other + token.slice(at + 1), [example.input.key])).not.toBe("accept");
    }
  });
  test("with HMAC: refused, for the algorithm", async () => {
    for (const { input, output } of examples.filter((one) => !asymmetric.includes(one)))
      expect(await verdictOf(output.compact ?? "", [input.key])).toBe("algorithm");
  });
});

interface JwkGroup {
  readonly comment: string;
  readonly private: { readonly keys: readonly Record<string, unknown>[] };
  readonly public?: { readonly keys: readonly Record<string, unknown>[] };
  readonly tests: readonly { readonly tcId: number; readonly comment: string; readonly jws: string; result: string }[];
}

describe.skipIf(absent)("Wycheproof, JSON Web Keys", () => {
  const groups = absent
    ? []
    : (read("wycheproof-json_web_key_test.json") as { readonly testGroups: readonly JwkGroup[] }).testGroups;
  const cases = groups.flatMap((group) =>
    group.tests.map((one) => ({
      ...one,
      keys: [...(group.public ?? group.private).keys],
      own: [...group.private.keys],
      // who verifies with a symmetric key can sign with it: valid there, refused here
      accepted: one.result === "valid" && group.private.keys.every(({ kty }) => kty !== "oct"),
    })),
  );

  test("are there, an asymmetric valid one among them", () => {
    expect(cases).toHaveLength(26);
    expect(cases.filter(({ accepted }) => accepted)).toHaveLength(1);
  });
  test.each(cases)("$tcId $comment: $result", async ({ jws, keys, own, accepted }) => {
    expect((await verdictOf(jws, keys)) === "accept").toBe(accepted);
    expect((await verdictOf(jws, own)) === "accept").toBe(accepted);
  });
});

interface SignatureGroup {
  readonly publicKey?: { readonly uncompressed?: string };
  readonly publicKeyJwk?: Record<string, unknown>;
  readonly keyJwk?: Record<string, unknown>;
  readonly tests: readonly { readonly tcId: number; readonly msg: string; readonly sig: string; result: string }[];
}

/** Some groups give their P-256 key as a point alone: 04, x, y. */
function pointOf({ publicKey }: SignatureGroup): Record<string, unknown> {
  const point = fromHex(publicKey?.uncompressed ?? "");
  return { kty: "EC", crv: "P-256", x: toBase64Url(point.subarray(1, 33)), y: toBase64Url(point.subarray(33)) };
}

describe.skipIf(absent)("Wycheproof, signatures", () => {
  test.each<[string, JwsAlgorithm, number]>([
    ["wycheproof-ecdsa_secp256r1_sha256_p1363_test.json", "ES256", 262],
    ["wycheproof-ed25519_test.json", "EdDSA", 151],
    ["wycheproof-rsa_signature_2048_sha256_test.json", "RS256", 259],
    ["wycheproof-rsa_pss_2048_sha256_mgf1_32_test.json", "PS256", 108],
  ])("%s: each as it says", async (file, alg, count) => {
    const { testGroups } = read(file) as { readonly testGroups: readonly SignatureGroup[] };
    const wrong: number[] = [];
    let judged = 0;
    for (const group of testGroups) {
      const [key] = setOf({ ...(group.publicKeyJwk ?? group.keyJwk ?? pointOf(group)), alg }).keys;
      const imported = key === undefined ? null : await cryptoKeyOf(key, alg);
      for (const { tcId, msg, sig, result } of group.tests) {
        const accepted = imported !== null && (await verifySignature(alg, imported, fromHex(msg), fromHex(sig)));
        judged++;
        // `acceptable` is a signature without the NULL that some old signers left out: either answer is right
        if (result !== "acceptable" && accepted !== (result === "valid")) wrong.push(tcId);
      }
    }
    expect(wrong).toEqual([]);
    expect(judged).toBe(count);
  });
  test("HMAC: no key of it is ever read, so none of its vectors can be accepted", () => {
    const { testGroups } = read("wycheproof-hmac_sha256_test.json") as {
      readonly testGroups: readonly { readonly tests: readonly { readonly key: string }[] }[];
    };
    const keys = testGroups.flatMap(({ tests }) => tests.map(({ key }) => ({ kty: "oct", k: key, alg: "HS256" })));
    const set = setOf(...keys);
    expect(set.keys).toEqual([]);
    expect(set.skipped.every(({ fault }) => fault === "symmetric")).toBe(true);
    expect(keys.length).toBeGreaterThan(150);
  });
});
