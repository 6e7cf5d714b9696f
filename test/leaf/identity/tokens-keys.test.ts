// The document of verification keys: public, unambiguous, each key for one purpose.
import { describe, expect, it } from "vitest";
import { importVerificationKeys, KeySetError } from "../../../identity/keys.ts";
import { keySetText, newSigner } from "./tokens-support.ts";

async function refusedBecause(document: unknown): Promise<string> {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  const error = await importVerificationKeys(text).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KeySetError);
  return error instanceof Error ? error.message : "";
}

describe("a key set", () => {
  it("is read with its generation, and publishes public members alone", async () => {
    const set = await importVerificationKeys(
      keySetText(
        [
          [await newSigner("a"), "api_key"],
          [await newSigner("b", "ES256"), "access_token"],
        ],
        7,
      ),
    );
    expect(set.generation).toBe(7);
    expect(Object.keys(set.byKid.get("a")?.jwk ?? {}).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
    expect(Object.keys(set.byKid.get("b")?.jwk ?? {}).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
    expect(set.byKid.get("b")?.signs).toBe("access_token");
  });

  it("with a private key in it is refused, and the message does not hold the key", async () => {
    const { publicJwk } = await newSigner("a");
    const d = "s".repeat(43);
    expect(
      await refusedBecause({ generation: 1, keys: [{ ...publicJwk, d, bartizan_signs: "api_key" }] }),
    ).not.toContain(d);
  });

  it("with a key for encryption, a secret key, an RSA key or a foreign curve is refused", async () => {
    const { publicJwk } = await newSigner("a");
    for (const over of [
      { use: "enc" },
      { key_ops: ["sign"] },
      { key_ops: ["deriveBits"] },
      { crv: "X25519" },
      { alg: "ECDH-ES" },
      { kty: "oct", k: "AAAA", alg: "HS256" },
      { kty: "RSA", n: "AAAA", e: "AQAB", alg: "RS256" },
      { alg: "ES256" },
      { alg: undefined },
      { kid: undefined },
      { kid: "" },
      { kid: "../x" },
      { x: "AAAA" },
      { bartizan_signs: undefined },
      { bartizan_signs: "anything" },
      { x5c: ["MIIB"] },
    ])
      await refusedBecause({ generation: 1, keys: [{ ...publicJwk, bartizan_signs: "api_key", ...over }] });
  });

  it("with one kid twice is refused: which key judges would be chance", async () => {
    expect(
      await refusedBecause(
        keySetText([
          [await newSigner("a"), "api_key"],
          [await newSigner("a"), "access_token"],
        ]),
      ),
    ).toContain("twice");
  });

  it("with a point that is not on the curve is refused", async () => {
    const { publicJwk } = await newSigner("a", "ES256");
    await refusedBecause({ generation: 1, keys: [{ ...publicJwk, y: publicJwk.x, bartizan_signs: "api_key" }] });
  });

  it("without keys, without generation, or that is no JSON is refused", async () => {
    for (const document of [{ generation: 1, keys: [] }, { keys: [] }, [], null, "", "{", { generation: -1, keys: [] }])
      await refusedBecause(document);
  });
});
