// Who is let in. A refused credential reads the same whatever was wrong with it.
import { generateKeyPairSync } from "node:crypto";
import { importJWK, type JWTPayload, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { admin, envelope, mintKey, type Target } from "./target.ts";

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

export function credentialsContract(target: () => Target): void {
  const models = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${target().url}/v1/models`, { headers });
  const bearer = (token: string): Promise<Response> => models({ authorization: `Bearer ${token}` });

  describe("credentials", () => {
    it("a key works as Bearer in any case, and as x-api-key", async () => {
      for (const headers of [
        { authorization: `Bearer ${target().apiKey}` },
        { authorization: `bearer ${target().apiKey}` },
        { authorization: `BEARER  ${target().apiKey}` },
        { "x-api-key": target().apiKey },
      ])
        expect((await models(headers as Record<string, string>)).status).toBe(200);
    });

    it("no token, garbage, `alg: none`, a foreign key, a tampered and a cut token are all the same 401", async () => {
      const [header = "", payload = "", signature = ""] = target().apiKey.split(".");
      const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
      const given = JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string; typ: string };
      const foreign = await new SignJWT(claims)
        .setProtectedHeader({ alg: "EdDSA", kid: given.kid, typ: given.typ })
        .sign(generateKeyPairSync("ed25519").privateKey);
      const tokens = {
        garbage: "abc",
        none: `${part({ ...given, alg: "none" })}.${payload}.`,
        foreign,
        tampered: `${header}.${part({ ...claims, scope: "admin infer:*" })}.${signature}`,
        cut: target().apiKey.slice(0, -4),
        padded: `${target().apiKey}==`,
      };
      const bodies = new Set<string>();
      for (const [name, token] of Object.entries(tokens)) {
        const response = await bearer(token);
        expect(response.status, name).toBe(401);
        expect(response.headers.get("www-authenticate"), name).toContain('error="invalid_token"');
        expect(response.headers.get("x-request-id")).toMatch(/^req_/);
        bodies.add(await response.text());
      }
      const without = await models({});
      expect(without.status).toBe(401);
      expect(without.headers.get("www-authenticate")).toBe('Bearer realm="bartizan"');
      bodies.add(await without.text());
      expect(bodies.size).toBe(1);
    });

    it("a key in the query is refused before anything looks at it", async () => {
      const response = await fetch(`${target().url}/v1/models?api_key=${target().apiKey}`);
      expect(response.status).toBe(400);
      expect(await response.text()).not.toContain(target().apiKey);
    });

    it("a key that has expired, and one that was signed but never minted, are 401", async () => {
      const claims = JSON.parse(Buffer.from(target().apiKey.split(".")[1] ?? "", "base64url").toString()) as JWTPayload;
      const signed = async (changes: JWTPayload): Promise<string> =>
        new SignJWT({ ...claims, ...changes })
          .setProtectedHeader({ alg: "EdDSA", kid: target().apiKeySigner.kid, typ: "at+jwt" })
          .sign(await importJWK(target().apiKeySigner, "EdDSA"));
      const nowS = Math.floor(Date.now() / 1000);
      expect((await bearer(await signed({}))).status).toBe(200);
      expect((await bearer(await signed({ iat: nowS - 100, exp: nowS - 31 }))).status).toBe(401);
      expect((await bearer(await signed({ jti: "key_never_minted" }))).status).toBe(401);
      expect((await bearer(await signed({ account: "acc_never_made" }))).status).toBe(401);
    });

    it("a revoked key is 401 at its next request, GET included, whatever else is wrong with that request", async () => {
      const { id, key } = await mintKey(target());
      expect((await bearer(key)).status).toBe(200);
      expect((await admin(target(), "DELETE", `/keys/${id}`)).status).toBeLessThan(300);
      expect((await bearer(key)).status).toBe(401);
      const bad = await fetch(`${target().url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: "{",
      });
      expect(bad.status).toBe(401);
      expect((await envelope(bad)).code).toBe("invalid_api_key");
    });

    it("roles open no inference route, and an inference key no administration", async () => {
      expect((await bearer(target().auditorKey)).status).toBe(403);
      const asUser = await fetch(`${target().url}/admin/v1/keys`, {
        headers: { authorization: `Bearer ${target().apiKey}` },
      });
      expect(asUser.status).toBe(403);
      const records = await fetch(`${target().url}/audit/v1/records`, {
        headers: { authorization: `Bearer ${target().apiKey}` },
      });
      expect(records.status).toBe(403);
    });

    it("a client gets an access token for its secret, and the token opens what its scopes say", async () => {
      const token = (secret: string): Promise<Response> =>
        fetch(`${target().url}/oauth/token`, {
          method: "POST",
          headers: {
            authorization: `Basic ${Buffer.from(`${target().clientId}:${secret}`).toString("base64")}`,
            "content-type": "application/x-www-form-urlencoded",
          },
          body: "grant_type=client_credentials",
        });
      const granted = (await (await token(target().clientSecret)).json()) as {
        access_token: string;
        token_type: string;
      };
      expect(granted.token_type).toBe("Bearer");
      expect((await bearer(granted.access_token)).status).toBe(200);
      const denied = await token("wrong");
      expect(denied.status).toBe(401);
      expect(await denied.json()).toMatchObject({ error: "invalid_client" });
    });
  });
}
