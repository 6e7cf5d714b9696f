// The first administrator: whoever knows BOOTSTRAP_SECRET gets one admin key for it, once. A wrong secret, a spent one
// and none configured are answered alike.
//
// A crash between the commit and the answer spends the secret without a key: set another BOOTSTRAP_SECRET.
import { PLATFORM_TENANT } from "../../identity/issuer-rule.ts";
import { MAX_LIFETIME_S } from "../../identity/tokens.ts";
import { equalBytes, utf8 } from "../../protocol/encoding.ts";
import { describe, refusalOf } from "./credentials.ts";
import { type ControlContext, readBody, refuse } from "./http.ts";
import { bootstrapInput } from "./input.ts";
import { issuanceOf, newApiKey } from "./mint.ts";
import { bootstrapSecretHash } from "./secrets.ts";

export async function bootstrap(c: ControlContext): Promise<Response> {
  const read = await readBody(c, bootstrapInput);
  if (!read.ok) return refuse(c, read.refusal);
  const config = c.get("config");
  const presented = await bootstrapSecretHash(config.pepper, read.value.secret);
  const real = await bootstrapSecretHash(config.pepper, config.bootstrapSecret ?? "");
  const right = equalBytes(utf8(presented), utf8(real));
  if (config.bootstrapSecret === null || !right) return refuse(c, refusalOf("burnt"));

  const wanted = {
    tenant: PLATFORM_TENANT,
    name: "first administrator",
    scopes: ["admin"],
    limits: {},
    allow_cidrs: [],
  };
  const fresh = newApiKey(wanted, MAX_LIFETIME_S.api_key, config.policy);
  const actor = { requestId: c.get("requestId"), credentialId: "bootstrap" };
  const outcome = await c.get("directory").bootstrap(presented, fresh, issuanceOf(config), actor);
  if (!outcome.done) return refuse(c, refusalOf(outcome.fault));
  return c.json({ ...describe(outcome.credential), key: outcome.key }, 201);
}
