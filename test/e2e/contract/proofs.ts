// Tokens that are bound to a key: a thief of the token alone has nothing (RFC 9449, RFC 9421).
import { randomUUID } from "node:crypto";
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import { describe, expect, it } from "vitest";
import { contentDigestOf, sha256 } from "../../../identity/content-digest.ts";
import type { PublicMembers } from "../../../identity/jwk.ts";
import { signClientRequest } from "../../../identity/sign-request.ts";
import { toBase64Url, utf8 } from "../../../protocol/encoding.ts";
import { envelope, type Target } from "./target.ts";

interface Holder {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly jkt: string;
}

async function newHolder(): Promise<Holder> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  return { privateKey, publicJwk, jkt: await calculateJwkThumbprint(publicJwk) };
}

export function proofsContract(target: () => Target): void {
  const url = (): string => `${target().url}/v1/models`;

  /** The demo key, right in everything, and bound besides. */
  async function boundToken(cnf: Record<string, unknown>): Promise<string> {
    const { apiKey, apiKeySigner } = target();
    const claims = JSON.parse(Buffer.from(apiKey.split(".")[1] ?? "", "base64url").toString()) as JWTPayload;
    return new SignJWT({ ...claims, cnf })
      .setProtectedHeader({ alg: "EdDSA", kid: apiKeySigner.kid, typ: "at+jwt" })
      .sign(await importJWK(apiKeySigner, "EdDSA"));
  }

  async function dpopProof(
    { privateKey, publicJwk }: Holder,
    token: string,
    changes: JWTPayload = {},
  ): Promise<string> {
    const ath = toBase64Url(await sha256(utf8(token)));
    return new SignJWT({
      htm: "GET",
      htu: url(),
      jti: randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      ath,
      ...changes,
    })
      .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: publicJwk })
      .sign(privateKey);
  }

  describe("a DPoP-bound token", () => {
    it("opens with its proof, once, and not as a bearer token or by another's key", async () => {
      const holder = await newHolder();
      const token = await boundToken({ jkt: holder.jkt });
      const ask = (proof: string | null, scheme = "DPoP", path = "/v1/models"): Promise<Response> =>
        fetch(target().url + path, {
          headers: { authorization: `${scheme} ${token}`, ...(proof === null ? {} : { dpop: proof }) },
        });
      const proof = await dpopProof(holder, token);
      expect((await ask(proof)).status).toBe(200);
      const replayed = await ask(proof);
      expect(replayed.status).toBe(401);
      const attacks: Record<string, Promise<Response>> = {
        "without a proof": ask(null),
        "as a bearer token": ask(await dpopProof(holder, token), "Bearer"),
        "a thief's own key": ask(await dpopProof(await newHolder(), token)),
        "for another method": ask(await dpopProof(holder, token, { htm: "POST" })),
        "for another address": ask(await dpopProof(holder, token, { htu: `${target().url}/v1/embeddings` })),
        "for another token": ask(await dpopProof(holder, target().apiKey)),
        "made long ago": ask(await dpopProof(holder, token, { iat: Math.floor(Date.now() / 1000) - 600 })),
      };
      for (const [attack, answer] of Object.entries(attacks)) {
        const response = await answer;
        expect(response.status, attack).toBe(401);
        expect((await envelope(response)).code, attack).toBe("invalid_api_key");
        expect(response.headers.get("www-authenticate"), attack).toMatch(
          /^DPoP realm="bartizan", error="invalid_token"/,
        );
      }
    });

    it("a proof that was used on a refused request cannot be used again", async () => {
      const holder = await newHolder();
      const token = await boundToken({ jkt: holder.jkt });
      const address = `${target().url}/v1/models/no-such-model`;
      const proof = await dpopProof(holder, token, { htu: address });
      const ask = (): Promise<Response> => fetch(address, { headers: { authorization: `DPoP ${token}`, dpop: proof } });
      expect((await ask()).status).toBe(404);
      expect((await ask()).status).toBe(401);
    });
  });

  describe("a token whose holder signs each request", () => {
    it("opens with the signature, binds the body, and cannot be replayed or used without one", async () => {
      const holder = await newHolder();
      const key = holder.publicJwk as unknown as PublicMembers;
      const token = await boundToken({ jwk: holder.publicJwk });
      const address = `${target().url}/v1/chat/completions`;
      const body = JSON.stringify({ model: target().faultModel, messages: [{ role: "user", content: "ok" }] });
      const headers: Record<string, string> = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-digest": contentDigestOf(await sha256(utf8(body))),
      };
      const createdS = Math.floor(Date.now() / 1000);
      const sign = async (nonce: string): Promise<Record<string, string>> => ({
        ...headers,
        ...(await signClientRequest(
          { method: "POST", url: address, headers: new Headers(headers) },
          {
            components: ["@method", "@target-uri", "authorization", "content-digest"],
            nonce,
            createdS,
            expiresS: createdS + 60,
          },
          { privateKey: holder.privateKey, key, jkt: holder.jkt },
        )),
      });
      const ask = (signed: Record<string, string>, sent = body): Promise<Response> =>
        fetch(address, { method: "POST", headers: signed, body: sent });
      const signed = await sign(randomUUID());
      expect((await ask(signed)).status).toBe(200);
      expect((await ask(signed)).status).toBe(401);
      expect((await ask(headers)).status).toBe(401);
      const tampered = await ask(await sign(randomUUID()), body.replace('"ok"', '"no"'));
      expect({ status: tampered.status, code: (await envelope(tampered)).code }).toEqual({
        status: 400,
        code: "digest_mismatch",
      });
    });
  });
}
