// What a client may do and how it proves who it is, as options that `create` and `patch` share.
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { parseJson } from "../../../protocol/json.ts";
import type { QuotaLimits } from "../../../protocol/limits.ts";
import { UsageError } from "../../exit.ts";
import { given, onOff } from "../../options.ts";
import { collect, collectLimit } from "../keys/limits.ts";

export interface RegistrationOptions {
  readonly scope?: readonly string[];
  readonly limit?: QuotaLimits;
  readonly allowCidr?: readonly string[];
  readonly authMethod?: string;
  readonly jwks?: string;
  readonly subjectDn?: string;
  readonly x5t?: readonly string[];
  readonly dpopBound?: boolean;
  readonly mtlsBound?: boolean;
}

const METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"];

export function withRegistration(command: Command): Command {
  return command
    .option("--scope <scope>", "what its tokens may do at most; repeat", collect)
    .option("--limit <name=n>", "requests_per_day=1000, concurrency=none, …; repeat", collectLimit)
    .option("--allow-cidr <cidr>", "addresses it may be used from; repeat", collect)
    .addOption(new Option("--auth-method <method>", "how it proves who it is").choices(METHODS))
    .option("--jwks <file>", "its public keys, for private_key_jwt")
    .option("--subject-dn <dn>", "its certificate's subject, for tls_client_auth")
    .option("--x5t <thumbprint>", "or exactly this certificate (SHA-256, base64url); repeat", collect)
    .option("--dpop-bound <on|off>", "give it tokens that are bound to a DPoP key alone", onOff)
    .option("--mtls-bound <on|off>", "give it tokens that are bound to its certificate alone", onOff);
}

/** What was asked for, in the API's names. */
export async function registrationOf(options: RegistrationOptions): Promise<Record<string, unknown>> {
  return given({
    scopes: options.scope,
    limits: options.limit,
    allow_cidrs: options.allowCidr,
    token_endpoint_auth_method: options.authMethod,
    jwks: options.jwks === undefined ? undefined : await readJwks(options.jwks),
    tls_client_auth_subject_dn: options.subjectDn,
    "x5t#S256": options.x5t,
    dpop_bound_access_tokens: options.dpopBound,
    tls_client_certificate_bound_access_tokens: options.mtlsBound,
  });
}

/** A key set, or one key. */
async function readJwks(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new UsageError(`Cannot read ${path}: ${error.message}`);
  });
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) throw new UsageError(`${path} holds no key set.`);
  return "keys" in value ? value : { keys: [value] };
}
